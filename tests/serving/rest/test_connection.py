"""Connections: who is too slow, sends too much or is one too many is refused, and nobody else notices."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving.live import PATIENCE, V1, Live, serving
from tests.serving.raw import dialogue, head
from tests.small import SmallBundle

# The limits that nobody would wait for in a test, shorter; all else as it is.
SHORT = """
import sys
from dataclasses import replace
import serving.__main__ as main
usual = main.Limits
main.Limits = lambda **given: replace(usual(**given), read_seconds=1.0, idle_seconds=1.0, connections=5)
main.Limits.max_rows = usual.max_rows
sys.exit(main.main())
"""


@pytest.fixture(scope="module")
def short(bundle: SmallBundle) -> Iterator[Live]:
    with serving(bundle.folder, bundle.digest, SHORT) as started:
        yield started


@contextlib.contextmanager
def connection(server: Live) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as opened:
        yield opened


def everything(opened: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := opened.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_a_head_that_does_not_become_whole_is_refused(short: Live) -> None:
    with connection(short) as opened:
        opened.sendall(b"POST /v1/models/m:predict HTTP/1.1\r\nHost: x\r\n")
        answer = everything(opened)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert short.digest.encode() in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["details"] == []


def test_a_body_that_does_not_become_whole_is_refused_however_often_a_byte_comes(short: Live) -> None:
    with connection(short) as opened:
        opened.sendall(b"POST /v1/models/m:predict HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        opened.settimeout(0.1)
        answer, until = b"", time.monotonic() + PATIENCE
        while not answer and time.monotonic() < until:
            opened.sendall(b" ")
            with contextlib.suppress(TimeoutError):
                answer = opened.recv(65536)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_connection_that_never_asks_is_closed(short: Live) -> None:
    with connection(short) as opened:
        assert everything(opened) == b""


def test_a_connection_that_asks_no_more_is_closed(short: Live) -> None:
    with connection(short) as opened:
        opened.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = everything(opened)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close" not in answer


def test_a_connection_too_many_is_refused_and_the_next_one_is_not(short: Live) -> None:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(connection(short)) for _ in range(5)]
        for opened in taken:
            opened.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            assert opened.recv(65536).startswith(b"HTTP/1.1 200 ")
        with connection(short) as sixth:
            assert everything(sixth).startswith(b"HTTP/1.1 503 ")
    until = time.monotonic() + PATIENCE
    while short.get("/v2/health/live").status != 200:
        assert time.monotonic() < until


def test_a_head_without_end_is_refused(short: Live) -> None:
    with connection(short) as opened:
        answer = b""
        with contextlib.suppress(ConnectionError):
            opened.sendall(b"GET / HTTP/1.1\r\n")
            for number in range(10_000):
                opened.sendall(b"x-%d: %s\r\n" % (number, b"a" * 1000))
        answer = everything(opened)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert short.get("/v2/health/live").status == 200


def test_an_answer_that_nobody_takes_holds_no_connection(short: Live, bundle: SmallBundle) -> None:
    body = json.dumps({"instances": bundle.rows[:1] * 1000}).encode()
    request = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (V1.encode(), len(body)) + body
    with socket.socket() as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.settimeout(1)
        opened.connect(("127.0.0.1", short.port))
        with pytest.raises((ConnectionError, TimeoutError)):
            send_on(opened, request, 0.0)
        opened.settimeout(PATIENCE)
        with pytest.raises(ConnectionError):
            send_on(opened, request, 0.1)
    assert short.get("/v2/health/live").status == 200


def send_on(opened: socket.socket, request: bytes, pause: float) -> None:
    """Send until that cannot be done."""
    for _ in range(1000):
        time.sleep(pause)
        opened.sendall(request)


GET = head(method="GET", path="/v2/models")


def count(server: Live, route: str, status: str) -> float:
    """How many requests were counted."""
    line = f'tollgate_requests_total{{protocol="rest",route="{route}",status="{status}"}} '
    found = [text for text in server.get("/metrics").content.decode().splitlines() if text.startswith(line)]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


@pytest.mark.parametrize("good", [1, 3])
def test_a_good_request_is_answered_before_what_follows_is_refused(server: Live, good: int) -> None:
    before = count(server, "/v2/models", "200"), count(server, "other", "400")
    with dialogue(server) as said:
        said.send(GET * good + b"\x00\r\n\r\n")
        answers = [said.answer() for _ in range(good + 1)]
        assert said.ended()
    assert [answer.status for answer in answers] == [200] * good + [400]
    assert [answer.closes for answer in answers] == [False] * good + [True]
    assert (count(server, "/v2/models", "200"), count(server, "other", "400")) == (
        before[0] + good,
        before[1] + 1,
    )


def test_a_good_request_is_answered_before_a_body_that_is_none_is_refused(server: Live) -> None:
    with dialogue(server) as said:
        said.send(
            GET * 2 + head("Transfer-Encoding: chunked", path=V1 + "?long=way") + b"5\r\nab\r\nno chunk"
        )
        assert [said.answer().status for _ in range(3)] == [200, 200, 400]
        assert said.ended()


def test_a_body_without_a_length_is_told_to_be_empty(server: Live) -> None:
    with dialogue(server) as said:
        said.send(head() + b'{"instances": []}')
        first, second = said.answer(), said.answer()
        assert said.ended()
    assert "the body is empty" in first.json["error"]
    assert (first.status, second.status) == (400, 400)


def test_a_client_that_leaves_its_answers_there_is_no_failure_of_the_server(
    bundle: SmallBundle, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("w") as errors, serving(bundle.folder, bundle.digest, SHORT, errors=errors) as started:
        with socket.socket() as opened:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            opened.settimeout(PATIENCE)
            opened.connect(("127.0.0.1", started.port))
            opened.sendall(head(method="GET", path="/openapi.json") * 300)
            with pytest.raises(ConnectionError):
                send_on(opened, head(method="GET", path="/openapi.json"), 0.1)
        assert count(started, "/openapi.json", "200") > 0
    assert "ERROR" not in log.read_text()
