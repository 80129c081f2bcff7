"""The end of a run: its outcome is written, a webhook hears of it, and no secret is told."""

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from components.notified import WEBHOOK, settle_outcome, tell_webhook
from components.notify import notify
from tests.components.certificate import certificate
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage

OUTCOME = Outcome(
    run="one", outcome="held", reasons=("metric roc_auc: FAIL",), at="2026-01-02T03:04:05+00:00"
)
SECRET = "very-secret"  # noqa: S105 - a made-up one


@dataclass
class Hook:
    """A webhook that listens with TLS."""

    url: str
    status: int = 200
    bodies: list[bytes] = field(default_factory=list)


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    heard = Hook("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(heard.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    own, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        heard.url = f"https://localhost:{server.server_port}/hook?token={SECRET}"
        monkeypatch.setenv(WEBHOOK, heard.url)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield heard
        server.shutdown()
        thread.join()


def test_an_outcome_that_a_step_wrote_is_left_as_it_is(storage: FolderStorage) -> None:
    storage.write(outcome_key("one"), OUTCOME.content())
    assert settle_outcome(storage, "one") == OUTCOME
    assert storage.read(outcome_key("one")) == OUTCOME.content()


def test_without_an_outcome_the_run_failed_and_that_is_written(storage: FolderStorage) -> None:
    outcome = settle_outcome(storage, "one")
    assert (outcome.outcome, outcome.reasons) == ("failed", ("a step ended without an outcome",))
    assert Outcome.model_validate_json(storage.read(outcome_key("one"))) == outcome


@pytest.mark.parametrize("content", [b"", b"rubbish", b"{}", b'{"outcome": "deployed"}'])
def test_an_outcome_that_cannot_be_read_is_a_failure(storage: FolderStorage, content: bytes) -> None:
    storage.write(outcome_key("one"), content)
    outcome = settle_outcome(storage, "one")
    assert (outcome.outcome, outcome.reasons) == ("failed", ("a step wrote an outcome that cannot be read",))
    assert Outcome.model_validate_json(storage.read(outcome_key("one"))) == outcome


def test_without_a_webhook_nobody_is_told() -> None:
    assert tell_webhook(OUTCOME) == "none"


def test_a_webhook_hears_the_outcome(hook: Hook) -> None:
    assert tell_webhook(OUTCOME) == "answered 200"
    (body,) = hook.bodies
    said = json.loads(body)
    assert said["text"] == "Tollgate run one: held"
    assert said["outcome"]["reasons"] == ["metric roc_auc: FAIL"]


def test_a_webhook_that_answers_an_error_changes_nothing(hook: Hook) -> None:
    hook.status = 500
    assert tell_webhook(OUTCOME) == "failed: HTTPError"


def test_a_certificate_that_nobody_vouches_for_is_refused(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "none.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert tell_webhook(OUTCOME).startswith("failed: ")
    assert hook.bodies == []


@pytest.mark.parametrize(
    "url", ["http://localhost/hook", "ftp://localhost/", "file:///etc/passwd", "hook", "//x"]
)
def test_a_webhook_that_is_not_https_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(WEBHOOK, url)
    assert tell_webhook(OUTCOME) == "refused: the webhook must be https"


@pytest.mark.parametrize(
    "url",
    [
        f"https://127.0.0.1:1/hook?token={SECRET}",
        f"https://[{SECRET}",
        f"https://{SECRET} with spaces/",
        f"https://localhost:port/{SECRET}",
        f"https://{SECRET * 30}/",
        f"https:///{SECRET}",
    ],
)
def test_no_webhook_breaks_the_step_or_has_its_url_told(
    monkeypatch: pytest.MonkeyPatch, storage: FolderStorage, capfd: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv(WEBHOOK, url)
    notify.python_func(storage=str(storage.root), run="one", status=None)
    told = capfd.readouterr()
    assert '"webhook": "failed: ' in told.out
    assert SECRET not in told.out + told.err
    assert SECRET.encode() not in storage.read(outcome_key("one"))
