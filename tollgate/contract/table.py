"""The contract over whole tables: the same rules as for rows, vectorised, and the same numbers out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.contract.cells import plain
from tollgate.contract.columns import Column
from tollgate.contract.contract import Contract

ROWS_NAMED = 5
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Breach:
    """A rule that rows of a table break.

    Attributes:
        column: The column.
        rule: The rule, by the names that `Problem` uses.
        rows: How many rows break it.
        first: The first few of them, by their row number in the source, from 1.
        allowed: What is allowed, for a person.
    """

    column: str
    rule: str
    rows: int
    first: tuple[int, ...]
    allowed: str

    def __str__(self) -> str:
        where = ", ".join(str(row) for row in self.first)
        they = "1 row breaks" if self.rows == 1 else f"{self.rows} rows break"
        rows = "row" if self.rows == 1 else "rows"
        return f"column {self.column}: {they} the rule {self.rule} ({rows} {where}): {self.allowed}"


def check_table(table: pa.Table, contract: Contract, row_numbers: NDArray[np.int64]) -> list[Breach]:
    """Every rule of the contract that a table breaks.

    Args:
        table: The contract's columns in its types.
        contract: The contract.
        row_numbers: The number of each row in the source, shape (rows,).
    """
    breaches = []
    for name, column in contract.columns.items():
        if column.role == "ignore":
            continue
        array = table.column(name).combine_chunks()
        for rule, mask, allowed in _broken(array, column):
            if mask.any():
                first = tuple(int(number) for number in row_numbers[mask][:ROWS_NAMED])
                breaches.append(Breach(name, rule, int(mask.sum()), first, allowed))
    return breaches


def encode_table(table: pa.Table, contract: Contract) -> NDArray[np.float64]:
    """The features of a table as the graph takes them, exactly as `RowChecker.check` encodes rows.

    Returns:
        Shape (rows, features), NaN where a value is missing or no category of the contract.
    """
    encoded = np.empty((table.num_rows, len(contract.features)))
    for place, name in enumerate(contract.features):
        column = contract.columns[name]
        encode = _ENCODERS[column.type or "category"]
        encoded[:, place] = encode(table.column(name).combine_chunks(), column)
    return encoded


def known_rows(table: pa.Table, contract: Contract) -> Mask:
    """The rows whose features the contract lets pass, shape (rows,)."""
    passing = np.ones(table.num_rows, dtype=bool)
    for name in contract.features:
        for _, mask, _ in _broken(table.column(name).combine_chunks(), contract.columns[name]):
            passing &= ~mask
    return passing


def _broken(array: pa.Array, column: Column) -> list[tuple[str, Mask, str]]:
    found: list[tuple[str, Mask, str]] = []
    if column.missing == "refused" and column.role != "target":
        found.append(("missing", _mask(pc.is_null(array)), "set `missing: allowed` if that is right"))
    if column.min is not None:
        found.append(("minimum", _mask(pc.less(array, column.min)), f"at least {plain(column.min)}"))
    if column.max is not None:
        found.append(("maximum", _mask(pc.greater(array, column.max)), f"at most {plain(column.max)}"))
    if column.values is not None:
        found.append(("category", _unknown(array, column), "add it to `values`, or set `unknown: other`"))
    return found


def _unknown(array: pa.Array, column: Column) -> Mask:
    """Where a category is none of the contract's; an empty text is not even 'other'."""
    if column.unknown == "other":
        return _mask(pc.equal(array, ""))
    known = pc.is_in(array, pa.array([str(value) for value in column.values or ()]))
    return _mask(pc.and_(pc.invert(known), pc.is_valid(array)))


def _mask(array: Any) -> Mask:
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def _numeric(array: pa.Array, _: Column) -> NDArray[np.float64]:
    if pa.types.is_date32(array.type):
        array = array.cast(pa.int32())
    elif pa.types.is_boolean(array.type):
        array = array.cast(pa.int8())
    floats = array.cast(pa.float64()).fill_null(np.nan)
    return np.asarray(floats.to_numpy(zero_copy_only=False)) + 0.0  # -0.0 becomes 0.0


def _codes(array: pa.Array, column: Column) -> NDArray[np.float64]:
    values = pa.array([str(value) for value in column.values or ()])
    codes = pc.index_in(array, values).cast(pa.float64())
    if column.unknown == "other":
        codes = pc.if_else(pc.and_(pc.is_null(codes), pc.is_valid(array)), float(len(values)), codes)
    return np.asarray(codes.fill_null(np.nan).to_numpy(zero_copy_only=False))


_ENCODERS: dict[str, Callable[[pa.Array, Column], NDArray[np.float64]]] = {
    "number": _numeric,
    "integer": _numeric,
    "boolean": _numeric,
    "date": _numeric,
    "category": _codes,
}
