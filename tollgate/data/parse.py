"""Raw columns to the contract's types; what does not fit is named by column and row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.canonical import EXACT_INTEGERS
from tollgate.contract import Column, Contract

ROWS_NAMED = 5


@dataclass(frozen=True)
class Unreadable:
    """Values of a column that are not of its type.

    Attributes:
        column: The column.
        kind: What the values should be.
        rows: How many they are.
        first: The first few rows, counted from 1.
    """

    column: str
    kind: str
    rows: int
    first: tuple[int, ...]

    def __str__(self) -> str:
        where = ", ".join(str(row) for row in self.first)
        values = "value is" if self.rows == 1 else "values are"
        return f"column {self.column}: {self.rows} {values} no {self.kind} (rows {where})"


def arrow_type(column: Column) -> pa.DataType:
    """The type in which a column stands in a snapshot."""
    if column.role == "time":
        return pa.date32()
    return _TYPES.get(column.type or "category", pa.string())


def parse_table(raw: pa.Table, contract: Contract, first_row: int) -> tuple[pa.Table, list[Unreadable]]:
    """Turn a batch of raw columns into the contract's types; sentinels of missing values become null.

    Args:
        raw: The columns as read, text or native.
        contract: The contract.
        first_row: The number of the first row, from 1.
    """
    arrays, unreadable = [], []
    for name, column in contract.columns.items():
        array = raw.column(name).combine_chunks()
        parsed, bad = _parse(array, column)
        if bad.any():
            rows = np.flatnonzero(bad)
            first = tuple(int(row) + first_row for row in rows[:ROWS_NAMED])
            unreadable.append(Unreadable(name, _KINDS[arrow_type(column)], len(rows), first))
        arrays.append(parsed)
    return pa.table(arrays, names=list(contract.columns)), unreadable


def _parse(array: pa.Array, column: Column) -> tuple[pa.Array, Any]:
    wanted = arrow_type(column)
    if column.missing_values:
        stands_for_missing = pc.is_in(_as_text(array), pa.array([_text(v) for v in column.missing_values]))
        array = pc.if_else(stands_for_missing, pa.scalar(None, array.type), array)
    if pa.types.is_string(wanted):
        return _as_text(array), np.zeros(len(array), dtype=bool)
    return _CASTS[wanted](array)


def _text(value: Any) -> str:
    """A scalar as it stands in a text column: integral numbers without a point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _as_text(array: pa.Array) -> pa.Array:
    if pa.types.is_string(array.type):
        return array
    if pa.types.is_dictionary(array.type):
        return _as_text(array.dictionary_decode())
    if pa.types.is_floating(array.type):
        return pa.array([None if v is None else _text(v) for v in array.to_pylist()], pa.string())
    return array.cast(pa.string())


def _number(array: pa.Array) -> tuple[pa.Array, Any]:
    parsed, bad = _cast(array, pa.float64())
    finite = pc.is_finite(parsed).fill_null(True).to_numpy(zero_copy_only=False)
    return parsed, bad | ~finite


def _integer(array: pa.Array) -> tuple[pa.Array, Any]:
    parsed, bad = _number(array)
    numbers = parsed.fill_null(0.0).to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        bad = bad | (numbers != np.floor(numbers)) | (np.abs(numbers) > EXACT_INTEGERS)
    whole = pa.array(np.where(bad, 0.0, numbers).astype(np.int64), mask=_nulls(parsed))
    return whole, bad


def _boolean(array: pa.Array) -> tuple[pa.Array, Any]:
    return _cast(array, pa.bool_())


def _date(array: pa.Array) -> tuple[pa.Array, Any]:
    if pa.types.is_temporal(array.type):
        return array.cast(pa.date32(), safe=False), np.zeros(len(array), dtype=bool)
    return _cast(array, pa.date32())


def _cast(array: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, Any]:
    """The array in another type, and where that is not possible."""
    if pa.types.is_string(array.type):
        array = pc.utf8_trim_whitespace(array)
    try:
        return array.cast(wanted), np.zeros(len(array), dtype=bool)
    except pa.ArrowInvalid:
        scalars = [_cast_one(value, wanted) for value in array]
    bad = np.array([value is None for value in scalars]) & ~_nulls(array)
    return pa.array([None if value is None else value.as_py() for value in scalars], wanted), bad


def _cast_one(value: pa.Scalar, wanted: pa.DataType) -> pa.Scalar | None:
    try:
        return value.cast(wanted) if value.is_valid else None
    except pa.ArrowInvalid:
        return None


def _nulls(array: pa.Array) -> Any:
    return pc.is_null(array).to_numpy(zero_copy_only=False)


_TYPES: dict[str, pa.DataType] = {
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "category": pa.string(),
}
_KINDS: dict[pa.DataType, str] = {
    pa.float64(): "finite number",
    pa.int64(): "whole number",
    pa.bool_(): "true or false",
    pa.date32(): "date (YYYY-MM-DD)",
    pa.string(): "text",
}
_CASTS: dict[pa.DataType, Callable[[pa.Array], tuple[pa.Array, Any]]] = {
    pa.float64(): _number,
    pa.int64(): _integer,
    pa.bool_(): _boolean,
    pa.date32(): _date,
}
