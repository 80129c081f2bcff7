"""The two ways in: what is answered in the call that brings the last byte is what the door answers by ASGI."""

import gzip
import json
import socket
from typing import Any

import pytest

from tests.serving.live import JSON, PATIENCE, V1, V2, Answer, Live
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle

EXPLAIN = "/v1/models/m:explain"
LONG_WAY = "?by=asgi"  # only an address without a query is answered inline


def told(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """An answer but for its date, and its id where it is ours."""
    kept = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    return answer.status, kept, answer.content


def bodies(rows: list[dict[str, Any]]) -> list[tuple[str, bytes]]:
    values = [
        (V1, {"instances": rows[:1]}),
        (V1, {"instances": rows}),
        (V1, {"instances": rows[:2], "parameters": {"outputs": ["probability", "reasons", "outlier"]}}),
        (V1, {"inputs": {name: [row[name] for row in rows] for name in rows[0]}}),
        (V1, {"instances": [rows[0] | {"income": "much"}]}),
        (V1, {"instances": rows[:1] * 1001}),
        (EXPLAIN, {"instances": rows[:2]}),
        (V2, {"id": "same", "inputs": tensors(rows)}),
        (V2, {"inputs": []}),
    ]
    spoiled = [b"", b"{", b"\xff", b'{"instances": [], "instances": []}', b"[" * 50_000]
    return [(path, json.dumps(value).encode()) for path, value in values] + [(V1, body) for body in spoiled]


@pytest.mark.parametrize("at", range(14))
@pytest.mark.parametrize(
    "extra",
    [{}, {"x-request-id": "mine"}, {"connection": "close"}, {"content-encoding": "gzip"}],
    ids=lambda extra: next(iter(extra), "plain"),
)
def test_both_ways_give_the_same_answer(
    server: Live, bundle: SmallBundle, at: int, extra: dict[str, str]
) -> None:
    path, body = bodies(bundle.rows)[at]
    if "content-encoding" in extra:
        body = gzip.compress(body)
    headers = JSON | extra
    inline, by_asgi = (server.ask("POST", path + query, body, headers) for query in ("", LONG_WAY))
    assert told(inline) == told(by_asgi)
    if "x-request-id" in extra and path != V2:
        assert inline.headers["x-request-id"] == by_asgi.headers["x-request-id"] == "mine"


def request(body: bytes, query: str = "", more: str = "") -> bytes:
    return (
        f"POST {V1}{query} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
    )


def answered(opened: socket.socket, count: int) -> list[bytes]:
    """The bodies of so many answers, in the order in which they came."""
    found, stream = [], opened.makefile("rb")
    for _ in range(count):
        length = 0
        while (line := stream.readline().strip()) != b"":
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        found.append(stream.read(length))
    return found


def test_answers_come_in_the_order_of_their_requests_whichever_way_each_goes(
    server: Live, bundle: SmallBundle
) -> None:
    one = [json.dumps({"instances": [row]}).encode() for row in bundle.rows[:12]]
    expected = [server.post(V1, body).content for body in one]
    queries = ["", "", LONG_WAY, "", LONG_WAY, LONG_WAY, "", "", LONG_WAY, "", "", ""]
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as opened:
        opened.sendall(b"".join(request(body, query) for body, query in zip(one, queries, strict=True)))
        assert answered(opened, len(one)) == expected


@pytest.mark.parametrize("query", ["", LONG_WAY])
def test_a_request_may_come_byte_by_byte(server: Live, bundle: SmallBundle, query: str) -> None:
    body = json.dumps({"instances": bundle.rows[:1]}).encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request(body, query):
            opened.sendall(bytes([byte]))
        assert answered(opened, 1) == [server.post(V1, body).content]


@pytest.mark.parametrize("query", ["", LONG_WAY])
def test_nothing_behind_the_last_request_of_a_connection_is_answered(
    server: Live, bundle: SmallBundle, query: str
) -> None:
    body = json.dumps({"instances": bundle.rows[:1]}).encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as opened:
        opened.sendall(request(body, query, "Connection: close\r\n") + request(body) * 3)
        whole = b""
        while part := opened.recv(65536):
            whole += part
    assert whole.count(b"HTTP/1.1 200 OK") == 1
    assert whole.endswith(server.post(V1, body).content)


def test_a_client_that_waits_for_leave_to_send_gets_it(server: Live, bundle: SmallBundle) -> None:
    body = json.dumps({"instances": bundle.rows[:1]}).encode()
    head, _, _ = request(body, more="Expect: 100-continue\r\n").partition(b"{")
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as opened:
        opened.sendall(head)
        assert opened.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        opened.sendall(body)
        assert answered(opened, 1) == [server.post(V1, body).content]
