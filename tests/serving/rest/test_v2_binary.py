"""Tensors as bytes behind the JSON: what is right is scored, everything else is refused by name."""

import json
import struct
from typing import Any

import pytest

from serving.tensors import to_bytes
from tests.serving.live import JSON, V1, V2, Answer, Live
from tests.serving.refused import refused
from tests.small import DATATYPES, SmallBundle

LENGTH = "inference-header-content-length"
Tensor = dict[str, Any]


def binary(rows: list[dict[str, Any]]) -> tuple[list[Tensor], list[bytes]]:
    """Every column as bytes."""
    tensors, parts = [], []
    for name, kind in DATATYPES.items():
        parts.append(to_bytes(kind, [row[name] for row in rows]))
        size = {"binary_data_size": len(parts[-1])}
        tensors.append({"name": name, "shape": [len(rows)], "datatype": kind, "parameters": size})
    return tensors, parts


def send(server: Live, request: dict[str, Any], parts: list[bytes], length: str | None = None) -> Answer:
    head = json.dumps(request).encode()
    headers = JSON | {LENGTH: str(len(head)) if length is None else length}
    return server.ask("POST", V2, head + b"".join(parts), headers)


def changed(
    rows: list[dict[str, Any]], name: str, content: bytes, **changes: Any
) -> tuple[list[Tensor], list[bytes]]:
    tensors, parts = binary(rows)
    place = list(DATATYPES).index(name)
    tensors[place] |= {"parameters": {"binary_data_size": len(content)}} | changes
    parts[place] = content
    return tensors, parts


def test_nan_and_an_empty_text_are_missing_values(server: Live, bundle: SmallBundle) -> None:
    row = bundle.rows[0] | {"utilization": None, "channel": None}
    tensors, parts = binary([row])
    answer = send(server, {"inputs": tensors}, parts)
    assert answer.json["outputs"][0]["data"] == server.post(V1, {"instances": [row]}).json["predictions"]
    assert answer.headers["content-type"] == "application/json"


def test_bytes_and_json_may_stand_side_by_side(server: Live, bundle: SmallBundle) -> None:
    tensors, parts = binary(bundle.rows[:3])
    tensors[1] = {"name": "months", "shape": [3], "datatype": "INT64"} | {
        "data": [row["months"] for row in bundle.rows[:3]]
    }
    del parts[1]
    answer = send(server, {"inputs": tensors}, parts)
    assert (
        answer.json["outputs"][0]["data"]
        == server.post(V1, {"instances": bundle.rows[:3]}).json["predictions"]
    )


@pytest.mark.parametrize(
    ("usual", "asked", "expected"),
    [
        (True, [], {"probability"}),
        (False, [], set()),
        (True, [("margin", False), ("probability", None)], {"probability"}),
        (False, [("margin", True), ("decision", True), ("probability", None)], {"margin", "decision"}),
        (False, [("outlier", True), ("reasons", True)], {"outlier", "reasons"}),
    ],
)
def test_outputs_are_bytes_where_that_is_asked_for(
    server: Live, bundle: SmallBundle, usual: bool, asked: list[tuple[str, bool | None]], expected: set[str]
) -> None:
    outputs = [
        {"name": name} | ({} if binary is None else {"parameters": {"binary_data": binary}})
        for name, binary in asked
    ]
    tensors, parts = binary(bundle.rows[:2])
    request = {"inputs": tensors, "outputs": outputs, "parameters": {"binary_data_output": usual}}
    answer = send(server, request, parts)
    length = int(answer.headers.get(LENGTH, len(answer.content)))
    found = json.loads(answer.content[:length])["outputs"]
    sizes = {one["name"]: one["parameters"]["binary_data_size"] for one in found if "parameters" in one}
    assert set(sizes) == expected
    assert length + sum(sizes.values()) == len(answer.content)
    assert (answer.headers["content-type"] == "application/octet-stream") == bool(expected)
    assert all(("data" in one) != (one["name"] in expected) for one in found)


def test_floats_of_any_width_and_integers_are_numbers(server: Live, bundle: SmallBundle) -> None:
    row = bundle.rows[0] | {"income": 20000.0, "months": 12}
    expected = server.post(V1, {"instances": [row]}).json["predictions"]
    for kind, code in (("FP32", "f"), ("FP16", "e"), ("INT32", "i"), ("UINT64", "Q")):
        tensors, parts = changed([row], "income", struct.pack(f"<{code}", 20000), datatype=kind)
        assert send(server, {"inputs": tensors}, parts).json["outputs"][0]["data"] == expected


@pytest.mark.parametrize(
    ("name", "content", "changes", "says"),
    [
        ("income", b"1234567", {}, "'income' has 7 bytes; 1 values of FP64 have 8"),
        ("income", b"", {}, "'income' has 0 bytes"),
        ("income", b"12345678", {"data": [1.0]}, "both data and a binary_data_size"),
        ("income", b"12345678", {"shape": [2]}, "'income' has 8 bytes; 2 values"),
        ("income", b"12345678", {"shape": [1, 2]}, "needs the shape"),
        ("income", b"12345678", {"shape": [-1]}, "needs the shape"),
        ("income", b"12345678", {"shape": [2**63]}, "at most 1000"),
        ("income", b"12345678", {"shape": "1"}, "needs the shape"),
        ("income", b"12345678", {"datatype": "FP128"}, "no known datatype"),
        ("income", struct.pack("<d", float("inf")), {}, "row 0, column income"),
        ("income", struct.pack("<d", float("nan")), {}, "the value is missing"),
        ("owner", b"\x02", {}, "neither 0 nor 1"),
        ("purpose", b"\x09\0\0\0car", {}, "too few bytes"),
        ("purpose", b"\x03\0\0\0carx", {}, "1 bytes behind"),
        ("purpose", b"\xff\xff\xff\xffcar", {}, "too few bytes"),
        ("purpose", b"\x01\0\0\0\xff", {}, "not UTF-8"),
        ("purpose", b"\x03\0", {}, "too few bytes"),
    ],
)
def test_bytes_that_are_no_column_are_refused_by_name(
    server: Live, bundle: SmallBundle, name: str, content: bytes, changes: dict[str, Any], says: str
) -> None:
    tensors, parts = changed(bundle.rows[:1], name, content, **changes)
    assert says in refused(server, send(server, {"inputs": tensors}, parts))["error"]


@pytest.mark.parametrize("size", [-1, 9, 10**30, 8.0, "8", None, True, [8]])
def test_a_size_that_is_none_is_refused(server: Live, bundle: SmallBundle, size: Any) -> None:
    tensors, parts = binary(bundle.rows[:1])
    tensors[-1]["parameters"]["binary_data_size"] = size
    refused(server, send(server, {"inputs": tensors}, parts))


@pytest.mark.parametrize("length", ["-1", "abc", "", "999999", "1" * 30, "1e3", " 5"])
def test_a_length_of_the_json_that_is_none_is_refused(server: Live, bundle: SmallBundle, length: str) -> None:
    tensors, parts = binary(bundle.rows[:1])
    refused(server, send(server, {"inputs": tensors}, parts, length))


def test_bytes_that_belong_to_no_tensor_are_refused(server: Live, bundle: SmallBundle) -> None:
    tensors, parts = binary(bundle.rows[:1])
    answer = send(server, {"inputs": tensors}, [*parts, b"more"])
    assert "4 bytes behind the JSON" in refused(server, answer)["error"]
