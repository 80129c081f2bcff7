"""Reading requests: heads and trailers are small and sound, an offer of another protocol is not taken."""

import gzip
import json
import socket
import subprocess
from pathlib import Path

import pytest

from tests.serving.live import V1, V2, Live
from tests.serving.raw import chunks, dialogue, head, request
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle

CHUNKED = "Transfer-Encoding: chunked"
UPGRADE = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA")
WEBSOCKET = ("Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
LONG_WAY = V1 + "?by=asgi"  # only an address without a query is answered inline


@pytest.fixture
def one(bundle: SmallBundle) -> bytes:
    return json.dumps({"instances": bundle.rows[:1]}).encode()


def memory(server: Live) -> int:
    """The resident memory of a server in bytes."""
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * 4096


def test_trailers_without_end_are_refused_and_not_kept(server: Live, one: bytes) -> None:
    with dialogue(server) as said:
        said.send(head(CHUNKED) + chunks(one)[:-2])
        before = memory(server)
        taken = said.send_while_taken(b"a: b\r\n" * 10_000, 500)
        assert taken < 200
    assert memory(server) - before < 10_000_000


@pytest.mark.parametrize("trailers", [b"a: b\r\n" * 101, b"a: " + b"b" * 40_000 + b"\r\n"])
def test_trailers_too_many_or_too_large_are_refused(server: Live, one: bytes, trailers: bytes) -> None:
    with dialogue(server) as said:
        said.send(head(CHUNKED) + chunks(one, trailers=trailers))
        answer = said.answer()
    assert (answer.status, answer.closes) == (431, True)


@pytest.mark.parametrize("before", [b"", b"1\r\n{\r\n"])
def test_the_line_before_a_chunk_has_an_end(server: Live, before: bytes) -> None:
    with dialogue(server) as said:
        said.send(head(CHUNKED) + before + b"1;")
        assert said.send_while_taken(b"a" * 10_000, 3000) < 3000
        assert said.answer().status == 431


def test_chunks_may_be_many_and_small_or_large(server: Live, bundle: SmallBundle, one: bytes) -> None:
    rows = json.dumps({"instances": bundle.rows[:1] * 1000}).encode()
    with dialogue(server) as said:
        said.send(head(CHUNKED) + chunks(*[bytes([byte]) for byte in one.ljust(20_000)]))
        said.send(head(CHUNKED) + chunks(rows[:100_000], rows[100_000:]))
        assert [said.answer().status for _ in range(2)] == [200, 200]


def test_trailers_are_read_and_dropped(server: Live, bundle: SmallBundle, one: bytes) -> None:
    expected = server.post(V1, one).content
    trailers = b"Content-Encoding: gzip\r\nX-Request-Id: of-the-trailers\r\n"
    binary = json.dumps({"inputs": tensors(bundle.rows[:1])}).encode()
    length = b"Inference-Header-Content-Length: 3\r\n"
    with dialogue(server) as said:
        said.send(head(CHUNKED, "X-Request-Id: of-the-head") + chunks(one, trailers=trailers))
        said.send(head(CHUNKED) + chunks(gzip.compress(one), trailers=trailers))
        said.send(head(CHUNKED, path=V2) + chunks(binary, trailers=length))
        plain, packed, inferred = (said.answer() for _ in range(3))
    assert (plain.status, plain.id, plain.content) == (200, "of-the-head", expected)
    assert (packed.status, "of-the-trailers" in str(packed.id)) == (400, False)
    assert inferred.status == 200


@pytest.mark.parametrize("offer", [UPGRADE, WEBSOCKET], ids=["h2c", "websocket"])
@pytest.mark.parametrize("path", [V1, LONG_WAY])
@pytest.mark.parametrize("apart", [True, False])
def test_an_offer_of_another_protocol_is_not_taken_and_the_body_is_read(
    server: Live, one: bytes, offer: tuple[str, ...], path: str, apart: bool
) -> None:
    asked = request(one, *offer, "X-Request-Id: first", path=path)
    following = request(one, *offer, path=path) + head(method="GET", path="/v2/models")
    with dialogue(server) as said:
        said.send(asked[: -len(one)])
        if apart:
            assert server.get("/v2/health/live").status == 200  # by now the head was read
        said.send(one)
        said.send(following)
        answers = [said.answer() for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert answers[0].content == answers[1].content == server.post(V1, one).content
    assert answers[0].id == "first"
    assert answers[2].json == {"models": ["m"]}


def test_an_offer_may_come_with_a_body_in_chunks_and_on_the_last_request(server: Live, one: bytes) -> None:
    with dialogue(server) as said:
        said.send(head(CHUNKED, *UPGRADE) + chunks(one[:9], one[9:]))
        said.send(request(one, "Connection: close, Upgrade", "Upgrade: h2c") + request(one))
        first, second = said.answer(), said.answer()
        assert said.ended()
    assert first.content == second.content == server.post(V1, one).content
    assert (first.closes, second.closes) == (False, True)


def test_curl_may_offer_http2(server: Live, one: bytes) -> None:
    asked = ["curl", "-s", "--http2", f"http://127.0.0.1:{server.port}{V1}", "-d", one.decode()]
    ran = subprocess.run(asked, capture_output=True, check=True)
    assert ran.stdout == server.post(V1, one).content


@pytest.mark.parametrize("path", [V1, LONG_WAY])
def test_a_body_behind_an_offer_is_never_a_request(server: Live, path: str) -> None:
    inner = head("X-Request-Id: smuggled", method="GET", path="/v2/models")
    with dialogue(server) as said:
        said.send(head(f"Content-Length: {len(inner)}", *UPGRADE, path=path))
        said.send(inner)
        said.send(head("X-Request-Id: mine", "Connection: close", method="GET", path="/v2/models"))
        first, second = said.answer(), said.answer()
        assert said.ended()
    assert (first.status, second.id) == (400, "mine")
    assert "not JSON" in first.json["error"]


def test_many_offers_in_one_packet_are_all_answered(server: Live) -> None:
    with dialogue(server) as said:
        said.send(head(*UPGRADE, method="GET", path="/v2/models") * 300)
        assert {said.answer().status for _ in range(300)} == {200}


def test_a_tunnel_is_refused(server: Live) -> None:
    with dialogue(server) as said:
        said.send(head(method="CONNECT", path="example.org:443") + head(method="GET", path="/v2/models"))
        answer = said.answer()
        assert said.ended()
    assert (answer.status, answer.closes) == (400, True)
    assert "proxy" in answer.json["error"]


@pytest.mark.parametrize("path", [V1, LONG_WAY])
@pytest.mark.parametrize("end", ["", "\r\n"])
def test_more_header_fields_than_anybody_needs_are_refused(
    server: Live, one: bytes, path: str, end: str
) -> None:
    with dialogue(server) as said:
        said.send(request(one, *["a:"] * 98, path=path))
        assert said.answer().status == 200
        said.send(head(*["a:"] * 110, path=path)[:-2] + end.encode())
        answer = said.answer()
        assert said.ended()
    assert (answer.status, answer.closes) == (431, True)
    assert "100 header fields" in answer.json["error"]


@pytest.mark.parametrize("path", [V1, LONG_WAY])
@pytest.mark.parametrize("size", [20_000, 66_000, 150_000])
def test_a_large_head_is_refused_however_it_comes(server: Live, one: bytes, path: str, size: int) -> None:
    large = request(one, "X-A: " + "a" * size, path=path)
    for parts in ([large], [large[at : at + 5000] for at in range(0, len(large), 5000)]):
        with dialogue(server) as said:
            for part in parts:
                said.send_while_taken(part, 1)
            answer = said.answer()
        assert (answer.status, answer.closes) == (431, True)


@pytest.mark.parametrize("size", [17_000, 100_000])
def test_a_large_address_is_refused_as_a_large_head(server: Live, size: int) -> None:
    with dialogue(server) as said:
        said.send(head(method="GET", path="/" + "a" * size))
        assert said.answer().status == 431


def test_a_large_body_or_many_requests_at_once_make_no_large_head(server: Live, one: bytes) -> None:
    rows = json.loads(one)["instances"] * 300
    with dialogue(server) as said:
        said.send(request(json.dumps({"instances": rows}).encode()) * 2)
        said.send(request(one, "X-A: " + "a" * 15_000) * 20)
        assert {said.answer().status for _ in range(22)} == {200}


UNSOUND = {
    "two hosts": (head("Host: y", "Content-Length: 2"), 400, "2 Host headers"),
    "no host": (head("Content-Length: 2", host=""), 400, "0 Host headers"),
    "a version to come": (head("Content-Length: 2", version="2.0"), 400, "HTTP/2.0"),
    "the first version": (b"GET /v2/models\r\n\r\n", 400, "HTTP"),
    "chunked in 1.0": (head(CHUNKED, version="1.0"), 400, "HTTP/1.0"),
    "packed chunks": (head("Transfer-Encoding: gzip, chunked"), 400, "Transfer-Encoding"),
    "chunks of chunks": (head("Transfer-Encoding: chunked, chunked"), 400, "HTTP"),
    "no chunks": (head("Transfer-Encoding: gzip"), 400, "Transfer-Encoding"),
}


@pytest.mark.parametrize("kind", UNSOUND)
def test_a_head_that_http_does_not_allow_is_refused(server: Live, kind: str) -> None:
    sent, status, says = UNSOUND[kind]
    with dialogue(server) as said:
        said.send(sent)
        answer = said.answer()
        assert said.ended()
    assert (answer.status, answer.closes) == (status, True)
    assert says in answer.json["error"]


def test_the_version_before_needs_no_host(server: Live, one: bytes) -> None:
    with dialogue(server) as said:
        said.send(head(f"Content-Length: {len(one)}", version="1.0", host="") + one)
        assert said.answer().status == 200
        assert said.ended()


@pytest.mark.parametrize("path", [V1, LONG_WAY])
def test_blanks_around_a_header_are_not_of_its_value(server: Live, one: bytes, path: str) -> None:
    with dialogue(server) as said:
        said.send(request(one, "X-Request-Id: \t mine \t ", path=path))
        assert said.answer().id == "mine"


def test_a_body_too_large_is_not_asked_for(server: Live) -> None:
    with dialogue(server) as said:
        said.send(head("Expect: 100-continue", "Content-Length: 50000000"))
        assert said.socket.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 413"
        answer = said.answer()
        assert said.ended()
    assert (answer.status, answer.closes) == (413, True)
