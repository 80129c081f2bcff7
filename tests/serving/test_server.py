"""Starting, refusing to start, ending, and failing: the server as a process."""

import http.client
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import grpc
import pytest
from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb
from kserve.protocol.grpc.grpc_predict_v2_pb2_grpc import GRPCInferenceServiceStub

from tests.serving.live import JSON, PATIENCE, V1, V2, Live, answer_of, refused_to_start, serving
from tests.serving.refused import refused
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle
from tollgate.bundle.files import with_manifest
from tollgate.storage.atomic import place_folder

WITHOUT_MUCH = """
import sys
from serving.__main__ import main
status = main()
needless = {"sklearn", "skl2onnx", "pandas", "kubernetes", "kfp"}
sys.exit(status or "; ".join(needless & sys.modules.keys()) or 0)
"""
Breaking = Callable[[SmallBundle, Path], tuple[str, str]]
FAILING = """
import sys
from tollgate.bundle.bundle import Bundle
def fail(*_):
    raise ZeroDivisionError("a secret of the house")
Bundle.score = fail
from tollgate.bundle.scorer import Scorer
Scorer.score_row = fail
from serving.__main__ import main
sys.exit(main())
"""


NOT_FINITE = """
import sys
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.bundle.single import Score
usual = Bundle.score
def infinite(bundle, rows):
    scores = usual(bundle, rows)
    scores.margin[-1] = float("inf")
    return scores
Bundle.score = infinite
Scorer.score_row = lambda *_: Score(float("nan"), 0.0, True)
from serving.__main__ import main
sys.exit(main())
"""


def test_the_first_line_says_what_is_served_and_where(live: Live) -> None:
    assert live.greeting == f"serving m (bundle {live.digest[:12]}) on http://127.0.0.1:{live.port}"


def wrong_digest(bundle: SmallBundle, folder: Path) -> tuple[str, str]:
    shutil.copytree(bundle.folder, folder)
    return "0" * 64, f"the bundle's digest is {bundle.digest}, expected is {'0' * 64}"


def flipped_bit(bundle: SmallBundle, folder: Path) -> tuple[str, str]:
    shutil.copytree(bundle.folder, folder)
    graph = bytearray((folder / "model.onnx").read_bytes())
    graph[len(graph) // 2] ^= 1
    (folder / "model.onnx").write_bytes(graph)
    return bundle.digest, "model.onnx is not the file that manifest.json names"


def missing_folder(bundle: SmallBundle, folder: Path) -> tuple[str, str]:
    return bundle.digest, "no bundle can be read there"


def other_scores(bundle: SmallBundle, folder: Path) -> tuple[str, str]:
    """A bundle that is whole, but whose graph does not give the scores that it promises."""
    files = {path.name: path.read_bytes() for path in bundle.folder.iterdir() if path.stem != "manifest"}
    golden = json.loads(files["golden.json"])
    golden["cases"][3]["graph"] += 1e-6
    digest, files = with_manifest(files | {"golden.json": json.dumps(golden).encode()})
    place_folder(folder, files)
    return digest, "golden request 3 scores"


@pytest.mark.parametrize("broken", [wrong_digest, flipped_bit, missing_folder, other_scores])
def test_a_bundle_that_is_not_the_expected_one_is_never_served(
    bundle: SmallBundle, tmp_path: Path, broken: Breaking
) -> None:
    digest, says = broken(bundle, tmp_path / "bundle")
    status, said = refused_to_start(tmp_path / "bundle", digest)
    assert status == 1
    assert says in said
    assert said.startswith("tollgate: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("digest", [None, ""])
def test_without_an_expected_digest_nothing_is_served(bundle: SmallBundle, digest: str | None) -> None:
    status, said = refused_to_start(bundle.folder, digest)
    assert status == 2
    assert "TOLLGATE_BUNDLE must name the bundle's digest" in said
    assert "Traceback" not in said


def test_a_port_in_use_is_named_with_the_way_out(bundle: SmallBundle) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = refused_to_start(bundle.folder, bundle.digest, "--port", str(port))
    assert status == 2
    assert said == (
        f"tollgate: port {port} on 127.0.0.1 cannot be used (Address already in use); --port 0 picks a free one\n"
    )


def test_a_port_of_grpc_in_use_is_named_with_the_way_out(bundle: SmallBundle) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = refused_to_start(bundle.folder, bundle.digest, "--grpc-port", str(port))
    assert status == 2
    assert said == (
        f"tollgate: port {port} on 127.0.0.1 cannot be used (Address already in use); "
        "--grpc-port 0 picks a free one\n"
    )


@pytest.mark.parametrize("port", ["65536", "-1"])
def test_a_port_that_cannot_be_is_refused(bundle: SmallBundle, port: str) -> None:
    status, said = refused_to_start(bundle.folder, bundle.digest, f"--port={port}")
    assert status == 2
    assert f"port {port} on 127.0.0.1 cannot be used" in said
    assert len(said.splitlines()) == 1


def test_an_address_of_another_machine_is_refused(bundle: SmallBundle) -> None:
    status, said = refused_to_start(bundle.folder, bundle.digest, "--host", "192.0.2.1")
    assert status == 2
    assert "port 0 on 192.0.2.1 cannot be used" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("name", ["", "a/b c{model}e", "..", "a:predict", "a?b", "-a", "ä", "a" * 129, "a\n"])
def test_a_name_that_cannot_stand_in_a_path_is_refused(bundle: SmallBundle, name: str) -> None:
    status, said = refused_to_start(bundle.folder, bundle.digest, f"--name={name}")
    assert status == 2
    assert "argument --name: " in said
    assert "cannot stand in a URL" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("seconds", ["nan", "inf", "-1", "1e9", "soon"])
def test_a_wait_that_does_not_end_is_refused(bundle: SmallBundle, seconds: str) -> None:
    status, said = refused_to_start(bundle.folder, bundle.digest, f"--drain={seconds}")
    assert status == 2
    assert f"argument --drain: '{seconds}' must be 0 to 3600 seconds" in said


@pytest.mark.parametrize("rows", ["9" * 5000, "0", "-1", "1_000", "many", "\u0661"])
def test_a_number_of_rows_that_is_none_is_refused(
    bundle: SmallBundle, monkeypatch: pytest.MonkeyPatch, rows: str
) -> None:
    monkeypatch.setenv("TOLLGATE_MAX_ROWS", rows)
    status, said = refused_to_start(bundle.folder, bundle.digest)
    assert status == 2
    assert "TOLLGATE_MAX_ROWS must be a number of rows" in said
    assert "Traceback" not in said


def half_sent(connection: http.client.HTTPConnection, body: bytes) -> None:
    connection.putrequest("POST", V1)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    connection.send(body[: len(body) // 2])


def ask_for_ever(connection: http.client.HTTPConnection) -> None:
    while True:
        connection.request("GET", "/v2/health/ready")
        answer_of(connection)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_request_under_way_finish_and_ends_with_status_0(
    bundle: SmallBundle, number: signal.Signals
) -> None:
    body = json.dumps({"instances": bundle.rows}).encode()
    with serving(bundle.folder, bundle.digest, WITHOUT_MUCH) as started:
        with started.connected() as idle, started.connected() as busy:
            idle.request("GET", "/v2/health/ready")
            assert answer_of(idle).status == 200
            half_sent(busy, body)
            assert started.get("/v2/health/live").status == 200  # by now the first half was read
            os.kill(started.process.pid, number)
            with pytest.raises((ConnectionError, http.client.HTTPException)):
                ask_for_ever(idle)  # until no more is taken
            busy.send(body[len(body) // 2 :])
            answer = answer_of(busy)
        assert (answer.status, len(answer.json["predictions"])) == (200, len(bundle.rows))
        assert started.process.wait(PATIENCE) == 0, "a module that no server needs was imported"


def test_a_failure_inside_is_answered_in_the_one_shape_and_tells_nothing(bundle: SmallBundle) -> None:
    with serving(bundle.folder, bundle.digest, FAILING) as started:
        for path, body in [(V1, {"instances": bundle.rows}), (V2, {"inputs": tensors(bundle.rows)})]:
            answer = started.ask("POST", path, json.dumps(body).encode(), JSON)
            assert refused(started, answer, 500)["details"] == []
            assert b"secret" not in answer.content
        assert started.get("/v2/health/live").status == 200


def test_a_score_that_is_not_finite_is_the_servers_failure_and_counted(bundle: SmallBundle) -> None:
    with serving(bundle.folder, bundle.digest, NOT_FINITE) as started:
        alone = {"instances": bundle.rows[:1]}
        for path, body in [
            (V1, alone),
            (V1, {"instances": bundle.rows[:2]}),
            (f"{V1}?partial=true", alone),
            (V2, {"inputs": tensors(bundle.rows[:1])}),
        ]:
            assert "no finite score" in refused(started, started.post(path, body), 500)["error"]
        assert b"tollgate_not_finite_total 4.0" in started.get("/metrics").content


def test_sigterm_first_makes_the_server_not_ready_while_it_still_answers(bundle: SmallBundle) -> None:
    body = {"instances": bundle.rows[:1]}
    with serving(bundle.folder, bundle.digest, extra=("--drain", "2")) as started:
        assert started.post(V1, body).headers.get("connection") is None
        os.kill(started.process.pid, signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while (ready := started.get("/v2/health/ready")).status == 200:
            assert time.monotonic() < until
        assert (ready.status, ready.json) == (503, {"ready": False})
        version = started.digest[:12]
        for path in (model := "/v2/models/m", f"{model}/versions/{version}"):
            found = started.get(f"{path}/ready")
            assert (found.status, found.json) == (503, {"name": "m", "ready": False})
        for path in (model := "/v1/models/m", f"{model}/versions/{version}"):
            found = started.get(path)
            assert (found.status, found.json["ready"]) == (503, False)
            assert [state["state"] for state in found.json["model_version_status"]] == ["UNLOADING"]
        with grpc.insecure_channel(f"127.0.0.1:{started.grpc_port}") as channel:
            asked = GRPCInferenceServiceStub(channel).ModelReady(pb.ModelReadyRequest(name="m"))
            assert not asked.ready
        answer = started.post(V1, body)
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert started.get("/v2/health/live").status == 200
        assert started.process.wait(PATIENCE) == 0


def test_logs_are_json_and_tell_a_failure_without_its_message(bundle: SmallBundle, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as errors, serving(bundle.folder, bundle.digest, FAILING, errors=errors) as started:
        headers = JSON | {"x-request-id": "the-call"}
        started.ask("POST", V1, json.dumps({"instances": bundle.rows}).encode(), headers)
        started.post(V1, {"instances": [bundle.rows[0] | {"income": "private matters"}]})
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    failure = next(line for line in lines if line["level"] == "ERROR")
    assert failure["request_id"] == "the-call"
    assert failure["exc_info"].endswith("ZeroDivisionError")
    assert lines[-1]["message"] == "ended"
    assert all(datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0) for line in lines)
    for secret in ("secret", "private", *(str(row["income"]) for row in bundle.rows)):
        assert secret not in log.read_text()
