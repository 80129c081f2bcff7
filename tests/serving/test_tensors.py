"""Tensors in the binary form: every datatype there and back, and bytes that are none."""

import contextlib
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.datatypes import DATATYPES, INTEGERS
from serving.refusal import RefusalError
from serving.tensors import check_values, from_bytes, rows_of, texts_of, to_bytes

DTYPES = {
    "BOOL": "?",
    **{name: f"<{name[0].lower()}{int(name[3:]) // 8}" for name in INTEGERS if name.startswith("INT")},
    **{name: f"<u{int(name[4:]) // 8}" for name in INTEGERS if name.startswith("UINT")},
    "FP16": "<f2",
    "FP32": "<f4",
    "FP64": "<f8",
}
SAMPLES: dict[str, list[Any]] = {
    "BOOL": [True, False],
    **{name: [low, high, 0, 7] for name, (low, high) in INTEGERS.items()},
    **{name: [1.5, -0.25, 0.0, math.inf] for name in ("FP16", "FP32", "FP64")},
    "BYTES": ["a", "größe", "\0", "x" * 300],
}


@pytest.mark.parametrize("datatype", DATATYPES)
@pytest.mark.parametrize("view", [bytes, memoryview])
def test_values_of_every_datatype_come_back_one_or_many(datatype: str, view: Any) -> None:
    values = SAMPLES[datatype]
    for some in ([], values[:1], values):
        content = view(to_bytes(datatype, some))
        found = from_bytes("x", datatype, len(some), content)
        assert found == some
        assert [type(value) for value in found] == [type(value) for value in some]


@pytest.mark.parametrize("datatype", DTYPES)
def test_the_bytes_are_those_that_numpy_writes(datatype: str) -> None:
    values = SAMPLES[datatype]
    assert to_bytes(datatype, values) == np.array(values, DTYPES[datatype]).tobytes()


@settings(max_examples=100, database=None)
@given(st.lists(st.floats() | st.none(), max_size=5))
def test_nan_is_a_missing_value_and_all_other_bits_stay(values: list[float | None]) -> None:
    found = from_bytes("x", "FP64", len(values), to_bytes("FP64", values))
    expected = [None if value is None or math.isnan(value) else struct.pack("d", value) for value in values]
    assert [None if value is None else struct.pack("d", value) for value in found] == expected


@pytest.mark.parametrize("datatype", ["FP16", "FP32", "FP64"])
@pytest.mark.parametrize("values", [[math.nan], [1.0, math.nan, 2.0], [math.inf, 0.5, -math.inf]])
def test_nan_of_any_width_is_a_missing_value(datatype: str, values: list[float]) -> None:
    content = np.array(values, DTYPES[datatype]).tobytes()
    found = from_bytes("x", datatype, len(values), content)
    assert found == [None if math.isnan(value) else value for value in values]


def test_an_empty_text_is_a_missing_value() -> None:
    assert from_bytes("x", "BYTES", 3, to_bytes("BYTES", ["a", None, ""])) == ["a", None, None]
    assert texts_of("x", [b"", b"b"]) == [None, "b"]


@pytest.mark.parametrize(
    ("datatype", "rows", "content", "words"),
    [
        ("FP64", 1, b"", "has 0 bytes; 1 values of FP64 have 8"),
        ("FP64", 1, b"\0" * 9, "has 9 bytes"),
        ("FP64", 2, b"\0" * 8, "2 values of FP64 have 16"),
        ("INT8", 0, b"\0", "has 1 bytes; 0 values of INT8 have 0"),
        ("BOOL", 2, b"\1\2", "neither 0 nor 1"),
        ("BYTES", 1, b"", "too few bytes for 1 texts"),
        ("BYTES", 1, b"\1\0\0", "too few bytes"),
        ("BYTES", 1, b"\2\0\0\0a", "too few bytes"),
        ("BYTES", 2, b"\4\0\0\0abcd", "too few bytes for 2 texts"),
        ("BYTES", 1, b"\xff\xff\xff\xffa", "too few bytes"),
        ("BYTES", 1, b"\1\0\0\0ab", "1 bytes behind its 1 texts"),
        ("BYTES", 0, b"\0", "1 bytes behind its 0 texts"),
        ("BYTES", 1, b"\1\0\0\0\xff", "not UTF-8"),
        ("BYTES", 1, b"\3\0\0\0\xed\xa0\x80", "not UTF-8"),
        ("BF16", 1, b"\0\0", "no known datatype; there are BOOL, INT8"),
        ("", 1, b"\0\0", "no known datatype"),
        ("fp64", 1, b"\0" * 8, "no known datatype"),
    ],
)
def test_bytes_that_are_no_such_values_are_refused_by_the_tensors_name(
    datatype: str, rows: int, content: bytes, words: str
) -> None:
    with pytest.raises(RefusalError) as refused:
        from_bytes("income", datatype, rows, content)
    assert refused.value.status == 400
    assert "the input 'income'" in str(refused.value)
    assert words in str(refused.value)


@settings(max_examples=300, database=None)
@given(st.sampled_from(DATATYPES), st.integers(0, 4), st.binary(max_size=40))
def test_any_bytes_are_values_or_refused(datatype: str, rows: int, content: bytes) -> None:
    values: list[Any] = []
    with contextlib.suppress(RefusalError):
        values = from_bytes("x", datatype, rows, content)
        assert len(values) == rows
    assert datatype in ("BOOL", "BYTES") or bool(values) == (
        0 < rows * np.dtype(DTYPES[datatype]).itemsize == len(content)
    )


@pytest.mark.parametrize(("shape", "rows"), [([0], 0), ([3], 3), ([3, 1], 3), ([9], 9)])
def test_a_column_has_its_rows(shape: list[int], rows: int) -> None:
    assert rows_of("x", shape, 9) == rows


@pytest.mark.parametrize("shape", [[], [-1], [1, 3], [3, 0], [2, 1, 1], [-(2**63)], [2**62, 2**62]])
def test_a_shape_that_is_no_column_is_refused(shape: list[int]) -> None:
    with pytest.raises(RefusalError, match=r"the input 'x' needs the shape \[rows\] or \[rows, 1\]"):
        rows_of("x", shape, 9)


@pytest.mark.parametrize("shape", [[10], [2**63 - 1], [2**63 - 1, 1]])
def test_more_rows_than_are_taken_are_refused(shape: list[int]) -> None:
    with pytest.raises(RefusalError, match=f"{shape[0]} rows; at most 9 are taken at once here"):
        rows_of("x", shape, 9)


def test_a_value_that_its_datatype_does_not_hold_is_named_by_row() -> None:
    with pytest.raises(RefusalError) as refused:
        check_values("x", "INT8", [1, 300, -128])
    (detail,) = refused.value.as_json()["details"]
    assert (detail["row"], detail["column"], detail["rule"], detail["value"]) == (1, "x", "type", "300")
