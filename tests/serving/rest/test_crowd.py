"""Very many keys, objects and columns: counted and refused before each of them costs time."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.serving.live import V1, V2, Live, serving
from tests.serving.refused import refused
from tests.serving.rest.test_columns import columns
from tests.serving.rest.test_v2 import tensors
from tests.serving.small_model import numbers
from tests.small import SmallBundle

MIB = 1024 * 1024
KNOWN = 8 + 3  # features, and the columns that may come along


def keys(count: int, value: str) -> bytes:
    return ",".join(f'"{number:05x}":{value}' for number in range(count)).encode()


TENSOR = b'{"name":"a","shape":[1],"datatype":"BOOL","data":[true]}'


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (V1, b'{"inputs":{%b}}' % keys(80_000, "[1]"), "80001 keys in the body; at most 2500 are taken"),
        (V1, b'{"instances":[{%b}]}' % keys(90_000, "1"), f"90001 keys in the body; at most {KNOWN + 2500} "),
        (V1, b'{"instances":[%b]}' % b",".join([b"{%b}" % keys(80, "1")] * 1000), "80001 keys in the body"),
        (
            V1,
            b'{"instances":[[%b]]}' % b",".join([b"{}"] * 300_000),
            "300001 objects in the body; at most 2501 ",
        ),
        (V1, b'{"inputs":{"a":[%b]}}' % b",".join([b"{}"] * 300_000), "300002 objects in the body"),
        (
            V2,
            b'{"inputs":[%b]}' % b",".join([b"{}"] * 300_000),
            "300001 objects in the body; at most 5100 are ",
        ),
        (V2, b'{"inputs":[%b]}' % b",".join([TENSOR] * 18_000), "72001 keys in the body; at most 15100 are "),
        (V2, b'{"inputs":[%b]}' % b",".join([TENSOR] * 2501), "2501 inputs; at most 2500 are taken at once"),
    ],
    ids=["columns", "row", "rows", "cells", "values", "objects", "many tensors", "tensors"],
)
def test_a_crowd_is_refused_by_its_number(server: Live, path: str, body: bytes, says: str) -> None:
    assert len(body) < MIB
    answer = refused(server, server.post(path, body))
    assert says in answer["error"]
    assert answer["total"] == 0


def test_texts_are_no_crowd(server: Live, bundle: SmallBundle) -> None:
    odd = [f'{{"a":\\{{"{number}":"\\\\' * 20 for number in range(400)]
    rows = [bundle.rows[0] | {"loan_id": text} for text in odd]
    expected = server.post(V1, {"instances": bundle.rows[:1] * 400}).json["predictions"]
    assert json.dumps(odd).count(":") > 15_000
    assert server.post(V1, {"instances": rows}).json["predictions"] == expected
    assert server.post(V1, {"inputs": columns(rows)}).json["outputs"] == expected
    named = {"name": "loan_id", "shape": [400], "datatype": "BYTES", "data": odd}
    answer = server.post(V2, {"inputs": [*tensors(bundle.rows[:1] * 400), named]})
    assert answer.json["outputs"][0]["data"] == expected


def unknown(count: int, rows: int) -> dict[str, list[Any]]:
    return {f"x{number}": [number] * rows for number in range(count)}


def test_columns_that_the_contract_does_not_have_are_told_once_where_they_are_very_many(
    server: Live, bundle: SmallBundle
) -> None:
    extra = unknown(200, 1000)
    whole = columns(bundle.rows[:1] * 1000) | extra
    by_tensor = tensors(bundle.rows[:1] * 1000) + [
        {"name": name, "shape": [1000], "datatype": "INT64", "data": values} for name, values in extra.items()
    ]
    for path, body in ((V1, {"inputs": whole}), (V2, {"inputs": by_tensor})):
        answer = refused(server, server.post(path, body))
        assert answer["total"] == 200
        assert [(one["row"], one["column"], one["rule"], one["value"]) for one in answer["details"]] == [
            (0, f"x{number}", "unknown_column", str(number)) for number in range(100)
        ]


def test_a_few_are_told_row_by_row(server: Live, bundle: SmallBundle) -> None:
    whole = columns(bundle.rows[:3]) | unknown(2, 3)
    assert refused(server, server.post(V1, {"inputs": whole}))["total"] == 6


def test_a_contract_may_have_two_thousand_columns(tmp_path: Path) -> None:
    names = [f"feature_{number}" for number in range(1999)]
    digest = numbers(tmp_path / "b", {name: {"type": "number"} for name in names})
    row = dict.fromkeys(names, 1.0)
    with serving(tmp_path / "b", digest) as live:
        by_row = live.post(V1, {"instances": [row] * 10})
        by_column = live.post(V1, {"inputs": {name: [value] * 10 for name, value in row.items()}})
        inputs = [{"name": name, "shape": [10], "datatype": "FP64", "data": [1.0] * 10} for name in names]
        by_tensor = live.post(V2, {"inputs": inputs})
        assert [by_row.status, by_column.status, by_tensor.status] == [200] * 3, by_tensor.content[:300]
        assert by_row.json["predictions"] == by_column.json["outputs"] == by_tensor.json["outputs"][0]["data"]
