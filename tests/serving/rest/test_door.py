"""Routes and methods: what is let through, what is refused, and that it is always said in the same way."""

import contextlib
import gzip
import http.client
import json
import zlib
from collections.abc import Callable

import pytest

from tests.serving.live import JSON, V1, V2, Answer, Live, answer_of
from tests.serving.refused import refused
from tests.small import DATATYPES, SmallBundle

METADATA = {
    "/": {"status": "alive"},
    "/v1/models": {"models": ["m"]},
    "/v2/health/live": {"live": True},
    "/v2/health/ready": {"ready": True},
    "/v2/models": {"models": ["m"]},
    "/v2/models/m/ready": {"name": "m", "ready": True},
}
LARGEST = 1024 * 1024


@pytest.mark.parametrize(("path", "says"), METADATA.items())
def test_the_routes_that_tell_about_the_model_answer(
    server: Live, path: str, says: dict[str, object]
) -> None:
    answer = server.get(path)
    assert (answer.status, answer.json) == (200, says)
    assert answer.headers["x-tollgate-bundle"] == server.digest


def test_the_v2_metadata_name_every_input_and_output(server: Live, bundle: SmallBundle) -> None:
    found = server.get("/v2/models/m").json
    assert found["name"] == "m"
    assert [item["name"] for item in found["inputs"]] == list(bundle.contract.features)
    assert {item["name"]: item["datatype"] for item in found["inputs"]} == DATATYPES
    assert [item["name"] for item in found["outputs"]] == [
        "probability",
        "decision",
        "margin",
        "reasons",
        "outlier",
    ]


def test_the_server_tells_its_metrics_and_its_metadata(server: Live) -> None:
    metrics, metadata = server.get("/metrics"), server.get("/v2")
    assert metrics.status == metadata.status == 200
    assert b"# TYPE" in metrics.content
    assert metadata.json["name"] == "kserve"
    assert metrics.headers["x-tollgate-bundle"] == metadata.headers["x-tollgate-bundle"] == server.digest


@pytest.mark.parametrize("path", ["/v2/models/m", "/v2/health/ready", "/metrics"])
def test_head_is_answered_as_get_without_a_body(server: Live, path: str) -> None:
    answer = server.ask("HEAD", path)
    assert (answer.status, answer.content) == (200, b"")
    assert answer.headers["content-type"] == server.get(path).headers["content-type"]


def test_a_query_string_changes_nothing(server: Live, bundle: SmallBundle) -> None:
    assert server.get("/v2/health/ready?x=%ff&y").json == {"ready": True}
    assert server.post(V1 + "?a=b", {"instances": bundle.rows[:1]}).status == 200


def test_a_percent_encoded_path_is_the_path_that_it_spells(server: Live, bundle: SmallBundle) -> None:
    assert server.post("/v1/models/m%3Apredict", {"instances": bundle.rows[:1]}).status == 200
    assert server.get("/v2/models/%6d/ready").status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", [V1, V2])
def test_scoring_takes_post_alone(server: Live, path: str, method: str) -> None:
    answer = server.ask(method, path)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    if method != "HEAD":
        assert method in refused(server, answer, 405)["error"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/v2/models/m", "/v2/health/ready", "/metrics", "/"])
def test_the_other_routes_take_get_alone(server: Live, path: str, method: str) -> None:
    answer = server.ask(method, path)
    refused(server, answer, 405)
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/other:predict",
        "/v1/models/other:explain",
        "/v1/models/m:classify",
        "/v1/models/M:predict",
        "/v2/models/other",
        "/v2/models/other/infer",
        "/v2/models/m/versions/1/infer",
        "/v2/models/m/versions/1",
        "/v2/models/m/versions/1/ready",
        "/v2/models/m/infer/",
        "//v2/models/m/infer",
        "/v2/../v2/models/m/infer",
        "/v2/repository/index",
        "/v2/repository/models/m/load",
        "/v2/repository/models/m/unload",
        "/openai/v1/models",
        "/favicon.ico",
        "/v2/%ff%00",
        "/" + "a" * 12_000,
    ],
)
def test_whatever_is_not_listed_is_refused(server: Live, path: str, method: str) -> None:
    error = refused(server, server.ask(method, path), 404)["error"]
    assert V1 in error
    assert len(error) < 600


def test_a_body_announced_too_large_is_refused_before_it_comes(server: Live) -> None:
    with server.connected() as connection:
        connection.putrequest("POST", V1)
        connection.putheader("Content-Length", "5000000000")
        connection.endheaders()
        answer = answer_of(connection)
    assert f"{LARGEST} bytes" in refused(server, answer, 413)["error"]
    assert answer.headers["connection"] == "close"


def test_a_body_in_chunks_is_refused_once_it_is_too_large(server: Live) -> None:
    with server.connected() as connection:
        connection.putrequest("POST", V1)
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        with contextlib.suppress(OSError):  # the server may hang up before all is sent
            for _ in range(40):
                connection.send(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        answer = answer_of(connection)
    refused(server, answer, 413)


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 200), (LARGEST + 1, 413)])
def test_the_largest_body_allowed_is_read_and_one_byte_more_is_not(
    server: Live, bundle: SmallBundle, size: int, status: int
) -> None:
    body = json.dumps({"instances": bundle.rows[:1]}).encode().ljust(size)
    assert server.post(V1, body).status == status


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
}


def packed(server: Live, encoding: str, body: bytes, path: str = V1) -> Answer:
    return server.ask("POST", path, body, JSON | {"content-encoding": encoding})


@pytest.mark.parametrize("encoding", PACKED)
def test_a_packed_body_is_unpacked(server: Live, bundle: SmallBundle, encoding: str) -> None:
    body = json.dumps({"instances": bundle.rows[:2]}).encode()
    assert packed(server, encoding, PACKED[encoding](body)).json == server.post(V1, body).json


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("spoil", [lambda body: body[:-9], lambda body: body + b"more", lambda body: b"{}"])
def test_a_body_that_is_not_packed_as_it_says_is_refused(
    server: Live, encoding: str, spoil: Callable[[bytes], bytes]
) -> None:
    answer = packed(server, encoding, spoil(PACKED[encoding](b'{"instances": [{"income": 1}]}')))
    assert "packed" in refused(server, answer)["error"]


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("path", [V1, V2])
def test_a_body_that_unpacks_to_very_much_is_not_unpacked(server: Live, path: str, encoding: str) -> None:
    bomb = PACKED[encoding](b" " * 200 * LARGEST)
    assert len(bomb) < LARGEST
    assert "unpacks to more" in refused(server, packed(server, encoding, bomb, path), 413)["error"]


@pytest.mark.parametrize("encoding", ["br", "identity, gzip", "zstd"])
def test_a_body_packed_in_another_way_is_refused(server: Live, encoding: str) -> None:
    assert "Content-Encoding" in refused(server, packed(server, encoding, b"{}"), 415)["error"]


def test_a_body_that_says_it_is_not_compressed_is_read(server: Live, bundle: SmallBundle) -> None:
    body = json.dumps({"instances": bundle.rows[:1]}).encode()
    assert server.ask("POST", V1, body, JSON | {"content-encoding": "identity"}).status == 200


@pytest.mark.parametrize("path", ["/v2/models/m", V1, "/ws"])
def test_an_upgrade_to_websockets_is_not_a_failure_of_the_server(server: Live, path: str) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    answer = server.ask("GET", path, None, upgrade)
    assert answer.status == {"/v2/models/m": 200, V1: 405, "/ws": 404}[path]
    assert answer.headers["x-tollgate-bundle"] == server.digest


def test_one_connection_carries_many_requests_good_and_bad(server: Live, bundle: SmallBundle) -> None:
    good = json.dumps({"instances": bundle.rows[:1]}).encode()
    with server.connected() as connection:
        found = []
        for path, body in [(V1, good), (V1, b"{"), ("/nowhere", good), (V1, good)]:
            connection.request("POST", path, body, JSON)
            found.append(answer_of(connection).status)
    assert found == [200, 400, 404, 200]


@pytest.mark.parametrize("request_line", [b"GET /v2/\xff HTTP/1.1", b"HELLO"])
def test_what_is_no_http_at_all_is_refused_by_the_protocol(server: Live, request_line: bytes) -> None:
    with server.connected() as connection:
        connection.connect()
        with contextlib.suppress(OSError):
            connection.send(request_line + b"\r\nHost: x\r\n\r\n")
        response = http.client.HTTPResponse(connection.sock, method="GET")
        response.begin()
        assert (response.status, response.getheader("x-tollgate-bundle")) == (400, server.digest)
        assert json.loads(response.read()) == {
            "error": "Invalid HTTP request received.",
            "details": [],
            "total": 0,
        }
