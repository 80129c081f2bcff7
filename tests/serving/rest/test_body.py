"""Bodies that are no JSON object, or that two readers would read differently."""

import json

import pytest

from serving.rest.body import FLOOD
from tests.serving.live import V1, V2, Live
from tests.serving.refused import refused
from tests.serving.rest.test_metrics import samples, value
from tests.small import SmallBundle

DEEP = 100_000


@pytest.mark.parametrize("path", [V1, V2])
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the body is empty"),
        (b" \n", "the body is empty"),
        (b"{", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"{'instances': []}", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"[]", "no JSON object"),
        (b"null", "no JSON object"),
        (b"7", "no JSON object"),
        (b'"instances"', "no JSON object"),
        (b'{"instances": "\xff"}', "not UTF-8 (byte 15)"),
        ('{"instances": "é"}'.encode("utf-16"), "not UTF-8"),
        (b'{"instances": [[NaN]]}', "NaN is no JSON number"),
        (b'{"instances": [[Infinity]]}', "Infinity is no JSON number"),
        (b'{"instances": [[-Infinity]]}', "-Infinity is no JSON number"),
        (b'{"instances": [], "instances": []}', "'instances' stands twice"),
        (b'{"instances": [{"a": {"b": 1, "b": 1}}]}', "'b' stands twice"),
        (b'{"instances": [[' + b"9" * 5000 + b"]]}", "too many digits"),
        (b"[" * DEEP, "nested too deeply"),
        (b'{"instances": ' + b"[" * DEEP + b"]" * DEEP + b"}", "nested too deeply"),
        (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "100000 keys in the body"),
    ],
)
def test_a_body_that_is_not_one_plain_json_object_is_refused(
    server: Live, path: str, body: bytes, says: str
) -> None:
    error = refused(server, server.post(path, body))["error"]
    assert says in error


@pytest.mark.parametrize("path", [V1, V2])
def test_objects_in_objects_are_refused_however_deep_a_python_reads_them(server: Live, path: str) -> None:
    error = refused(server, server.post(path, b'{"a":' * 2000 + b"1" + b"}" * 2000))["error"]
    assert "nested too deeply" in error or "unknown key 'a'" in error
    assert len(error) < 300


@pytest.mark.parametrize(
    ("body", "column", "rule"),
    [
        (b'{"instances": [{"income": 1, "income": 2}]}', "income", "duplicate_key"),
        (b'{"instances": [[NaN]]}', None, "not_finite"),
        (b'{"instances": [[-Infinity]]}', None, "not_finite"),
    ],
)
def test_what_json_itself_forbids_is_named_as_a_broken_rule_and_counted(
    server: Live, body: bytes, column: str | None, rule: str
) -> None:
    counted = {"column": column or "", "rule": rule}
    before = value(samples(server), "tollgate_refusals_total", **counted)
    found = refused(server, server.post(V1, body))
    assert [(one["row"], one["column"], one["rule"]) for one in found["details"]] == [(None, column, rule)]
    assert found["total"] == 1
    assert value(samples(server), "tollgate_refusals_total", **counted) == before + 1


@pytest.mark.parametrize("depth", range(900, 1000, 7))
def test_nesting_near_the_limit_is_refused_too(server: Live, depth: int) -> None:
    """What can just be read must not fail later, when it is shown."""
    cell = b"[" * depth + b"]" * depth
    refused(server, server.post(V1, b'{"instances": [[' + cell + b",1,1,1,1,1,1,1]]}"))


def test_a_key_that_stands_twice_among_very_many_is_found(server: Live) -> None:
    keys = ",".join(f'"{number}":0' for number in range(2400))
    body = f'{{"instances":[{{{keys},"2399":0}}]}}'.encode()
    assert len(body) > FLOOD
    assert "'2399' stands twice" in refused(server, server.post(V1, body))["error"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "text/plain", "application/octet-stream", "", "nonsense"]
)
def test_the_content_type_does_not_matter(server: Live, bundle: SmallBundle, kind: str) -> None:
    body = json.dumps({"instances": bundle.rows[:1]}).encode()
    assert server.ask("POST", V1, body, {"content-type": kind}).status == 200
