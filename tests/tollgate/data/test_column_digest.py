"""The digest of a column depends on its values in their order, and on nothing else."""

import datetime as dt
import hashlib
import itertools
import json
import struct
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollgate.data.test_rowhash import KINDS
from tollgate.data.column_digest import column_digest, plain
from tollgate.data.rowhash import ROWS

# By kind some values, and others that are easily taken for them.
ALIKE: dict[str, tuple[pa.DataType, list[Any], list[list[Any]]]] = {
    "number": (
        pa.float64(),
        [0.0, None, 1.5],
        [[None, 0.0, 1.5], [0.0, 0.0, 1.5], [0.0, None], [0.0, None, 1.25]],
    ),
    "integer": (pa.int64(), [0, None, 7], [[None, 0, 7], [0, 0, 7], [0, None, 7, 0], [0, None, -7]]),
    "boolean": (
        pa.bool_(),
        [False, None, True],
        [[None, False, True], [False, False, True], [True, None, False]],
    ),
    "date": (
        pa.date32(),
        [dt.date(1970, 1, 1), None],
        [[None, dt.date(1970, 1, 1)], [dt.date(1970, 1, 1)] * 2, [dt.date(1970, 1, 2), None]],
    ),
    "text": (
        pa.string(),
        ["ab", "", None, "c"],
        [
            ["a", "b", None, "c"],
            ["ab", None, "", "c"],
            ["ab", "", "", "c"],
            ["ab", "", None, "C"],
            ["abc", "", None],
        ],
    ),
}


def column(values: list[Any], kind: pa.DataType) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, kind)])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, database=None)
@given(data=st.data())
def test_chunks_slices_and_encodings_do_not_matter(kind: str, data: st.DataObject) -> None:
    of_type, drawn = KINDS[kind]
    values = data.draw(st.lists(st.none() | drawn, max_size=12))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=3)))
    expected = column_digest(column(values, of_type))
    whole = pa.array([*values[:1], *values, *values[:1]], of_type)[min(1, len(values)) : 1 + len(values)]
    edges = [0, *cuts, len(values)]
    pieces = [whole[start:end] for start, end in itertools.pairwise(edges)]
    assert column_digest(pa.chunked_array(pieces, of_type)) == expected
    assert column_digest(column(values, of_type).dictionary_encode()) == expected
    if kind == "text":
        assert column_digest(column(values, pa.large_string())) == expected


@pytest.mark.parametrize("kind", ALIKE)
def test_values_that_are_easily_confused_have_other_digests(kind: str) -> None:
    of_type, values, others = ALIKE[kind]
    digests = {column_digest(column(some, of_type)) for some in (values, *others)}
    assert len(digests) == 1 + len(others)


def test_the_type_and_the_number_of_rows_are_part_of_it() -> None:
    kinds = (pa.float64(), pa.int64(), pa.bool_(), pa.date32(), pa.string())
    digests = {column_digest(column([None] * rows, kind)) for kind in kinds for rows in (0, 1, 2)}
    assert len(digests) == 15


def test_both_zeros_are_one_number() -> None:
    assert column_digest(column([0.0], pa.float64())) == column_digest(column([-0.0], pa.float64()))


def test_what_lies_under_a_missing_value_does_not_matter() -> None:
    mask = pa.array([False, True, False])
    for under in ("", "secret"):
        array = pa.Array.from_buffers(
            pa.string(), 3, [pa.py_buffer(b"\x05"), *pa.array(["a", under, "b"]).buffers()[1:]]
        )
        assert array.is_null().equals(mask)
        assert column_digest(pa.chunked_array([array])) == column_digest(
            column(["a", None, "b"], pa.string())
        )


def test_a_column_longer_than_is_hashed_at_once_is_its_values_one_after_the_other() -> None:
    numbers = [float(number) for number in range(2 * ROWS + 3)]
    values = hashlib.sha256(struct.pack(f"<{len(numbers)}d", *numbers)).hexdigest()
    nothing = hashlib.sha256().hexdigest()
    written = json.dumps(["double", len(numbers), nothing, nothing, values], separators=(",", ":"))
    assert column_digest(column(numbers, pa.float64())) == hashlib.sha256(written.encode()).hexdigest()


def test_texts_are_lengths_and_utf_8() -> None:
    missing = hashlib.sha256(struct.pack("<q", 1)).hexdigest()
    sizes = hashlib.sha256(struct.pack("<3q", 2, 0, 1)).hexdigest()
    values = hashlib.sha256("äb".encode()).hexdigest()
    written = json.dumps(["string", 3, missing, sizes, values], separators=(",", ":"))
    expected = hashlib.sha256(written.encode()).hexdigest()
    assert column_digest(column(["ä", None, "b"], pa.string())) == expected


def test_a_type_that_no_contract_has_is_refused() -> None:
    with pytest.raises(pa.ArrowException):
        column_digest(column([[1]], pa.list_(pa.int64())))


def test_a_plain_table_has_neither_dictionaries_nor_notes() -> None:
    table = pa.table(
        {"a": pa.array(["x", "y", "x"]).dictionary_encode(), "b": pa.array(["z"] * 3, pa.large_string())}
    )
    found = plain(table.replace_schema_metadata({"pandas": "notes"}))
    assert found.equals(pa.table({"a": ["x", "y", "x"], "b": ["z"] * 3}), check_metadata=True)
