"""Raw columns to the contract's types; what does not fit is named by column and row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.contract import Column, Contract
from tollgate.data.casts import (
    as_boolean,
    as_date,
    as_finite,
    as_number,
    as_text,
    as_whole,
    as_whole_text,
    plain,
    trimmed,
)

ROWS_NAMED = 5
WHOLE, FINITE = "whole number", "finite number"
LIMITS = {WHOLE: " below 2^53", FINITE: " up to 1e100"}


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

    def and_later(self, later: "Unreadable") -> "Unreadable":
        """These values and those of a later batch."""
        first = (self.first + later.first)[:ROWS_NAMED]
        kind = max(self.kind, later.kind, key=len)  # the one that says most of what the values should be
        return Unreadable(self.column, kind, self.rows + later.rows, first)

    def __str__(self) -> str:
        where = ", ".join(str(row) for row in self.first)
        values, rows = ("value is", "row") if self.rows == 1 else ("values are", "rows")
        return f"column {self.column}: {self.rows} {values} no {self.kind} ({rows} {where})"


def arrow_type(column: Column) -> pa.DataType:
    """The type in which a column stands in a snapshot."""
    return _KINDS[kind_of(column)].type


def native_types(contract: Contract) -> dict[str, pa.DataType]:
    """By column the type in which a reader of text may hand it to `parse_table`, which then reads it alike, but sooner.

    Text for what only text tells: sentinels that are texts, or that numbers of a column without numbers stand for.
    """
    return {
        name: pa.string() if _told_by_text(column) else _KINDS[kind_of(column)].native
        for name, column in contract.columns.items()
    }


def _told_by_text(column: Column) -> bool:
    return any(
        isinstance(value, str) or kind_of(column) not in _OF_NUMBERS for value in column.missing_values
    )


def numeric(contract: Contract) -> list[str]:
    """The columns whose values are numbers: NaN in Parquet is a missing one, as it is in a request."""
    return [name for name, column in contract.columns.items() if kind_of(column) in _OF_NUMBERS]


def parse_table(raw: pa.Table, contract: Contract, first_row: int) -> tuple[pa.Table, list[Unreadable]]:
    """Turn a batch of raw columns into the contract's types; sentinels of missing values become null.

    Values are read as `RowChecker` reads them in a request; only has text no types of its own, so that a
    number is what reads as one, and so on.

    Args:
        raw: The columns as read, text or native.
        contract: The contract.
        first_row: The number of the first row, from 1.
    """
    arrays, unreadable = [], []
    for name, column in contract.columns.items():
        kind = _KINDS[kind_of(column)]
        array = _without_sentinels(plain(raw.column(name).combine_chunks()), column)
        parsed = kind.cast(array)
        rows = np.flatnonzero(_mask(pc.and_(pc.is_null(parsed), pc.is_valid(array))))
        if len(rows):
            first = tuple(int(row) + first_row for row in rows[:ROWS_NAMED])
            words = kind.words + (LIMITS[kind.words] if _too_large(array, rows, kind.words) else "")
            unreadable.append(Unreadable(name, words, len(rows), first))
        arrays.append(parsed)
    return pa.table(arrays, names=list(contract.columns)), unreadable


def _without_sentinels(array: pa.Array, column: Column) -> pa.Array:
    """Null where a value stands for a missing one; numbers compare as numbers, however they are written."""
    kind = kind_of(column)
    numbers = [value for value in column.missing_values if kind in _OF_NUMBERS and not isinstance(value, str)]
    texts = [str(value) for value in column.missing_values if value not in numbers]
    found = np.zeros(len(array), dtype=bool)
    if numbers:
        found |= np.isin(as_finite(array).fill_null(np.nan).to_numpy(), numbers)
    if texts:
        written = as_text(as_date(array) if kind == "date" and not pa.types.is_string(array.type) else array)
        found |= _mask(pc.is_in(written if kind == "text" else trimmed(written), pa.array(texts)))
    return pc.if_else(pa.array(found), pa.scalar(None, array.type), array) if found.any() else array


def _too_large(array: pa.Array, rows: Any, words: str) -> bool:
    """Whether some of the rows hold a number of the kind that is too large, or it could be read."""
    if words not in LIMITS:
        return False
    numbers = as_finite(array.take(pa.array(rows)))
    return bool(pc.any(pc.equal(numbers, pc.floor(numbers) if words == WHOLE else numbers)).as_py())


def kind_of(column: Column) -> str:
    """As what the values of a column are read, whatever its role."""
    if column.role == "time":
        return "date"
    if column.type in (None, "category"):
        return "code" if column.of_whole_numbers else "text"
    return str(column.type)


def _mask(array: pa.Array) -> Any:
    return array.to_numpy(zero_copy_only=False)


@dataclass(frozen=True)
class _Kind:
    type: pa.DataType
    native: pa.DataType
    words: str
    cast: Callable[[pa.Array], pa.Array]


_OF_NUMBERS = ("number", "integer", "code")
_KINDS = {
    "number": _Kind(pa.float64(), pa.float64(), FINITE, as_number),
    "integer": _Kind(pa.int64(), pa.float64(), WHOLE, as_whole),
    "boolean": _Kind(pa.bool_(), pa.bool_(), "boolean (true or false)", as_boolean),
    "date": _Kind(pa.date32(), pa.date32(), "date (YYYY-MM-DD)", as_date),
    "code": _Kind(pa.string(), pa.float64(), WHOLE, as_whole_text),
    "text": _Kind(pa.string(), pa.string(), "text", as_text),
}
