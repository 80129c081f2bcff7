"""Each answer carries the bundle's digest and the request's id."""

import json
import re

import pytest

from tests.serving.live import JSON, V1, V2, Live
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle

SOUND = re.compile(r"[\w.-]{1,64}", re.ASCII)


@pytest.mark.parametrize("path", [V1, V2, "/v2/health/ready", "/v1/models/m", "/metrics", "/nowhere"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_a_sound_id_comes_back_with_every_answer(server: Live, method: str, path: str) -> None:
    answer = server.ask(method, path, b"{}", JSON | {"x-request-id": "call_1.a-Z"})
    assert answer.headers["x-request-id"] == "call_1.a-Z"
    assert answer.headers["x-tollgate-bundle"] == server.digest


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é", "<script>", "a/b", None])
def test_another_one_is_replaced(server: Live, given: str | None) -> None:
    headers = JSON | ({} if given is None else {"x-request-id": given})
    found = [server.ask("POST", V1, b"{}", headers).headers["x-request-id"] for _ in range(2)]
    assert all(SOUND.fullmatch(one) for one in found)
    assert given not in found
    assert found[0] != found[1]


def test_the_id_of_a_v2_body_goes_before_that_of_the_headers(server: Live, bundle: SmallBundle) -> None:
    body = {"id": "of-the-body", "inputs": tensors(bundle.rows[:1])}
    sound = server.ask("POST", V2, json.dumps(body).encode(), JSON | {"x-request-id": "of-the-head"})
    assert sound.json["id"] == sound.headers["x-request-id"] == "of-the-body"
    unsound = server.post(V2, body | {"id": "not sound"})
    assert unsound.json["id"] == unsound.headers["x-request-id"] != "not sound"
