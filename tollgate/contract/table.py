"""The contract over whole tables: the same rules as for rows, vectorised, and the same numbers out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.contract.cells import few, plain
from tollgate.contract.columns import Column, bounds
from tollgate.contract.contract import Contract

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Breach:
    """A rule that rows of a table break.

    Attributes:
        column: The column.
        rule: The rule, by the names that `Problem` uses.
        mask: Which rows of the table they are, shape (rows,).
        allowed: What is allowed, for a person.
        advice: What to do where the rows are right.
    """

    column: str
    rule: str
    mask: Mask = field(repr=False, compare=False)
    allowed: str
    advice: str

    @property
    def rows(self) -> int:
        """How many rows break the rule."""
        return int(self.mask.sum())


def check_table(table: pa.Table, contract: Contract) -> list[Breach]:
    """Every rule of the contract that a table breaks.

    Args:
        table: The contract's columns in its types.
        contract: The contract.
    """
    breaches = []
    for name, column in contract.columns.items():
        if column.role == "ignore":
            continue
        array = table.column(name).combine_chunks()
        breaches += [Breach(name, *broken) for broken in _broken(array, column) if broken[1].any()]
    return breaches


def beyond_table(table: pa.Table, contract: Contract) -> list[Breach]:
    """What is out of bounds in a table where the contract scores that all the same."""
    watched = {name: column for name, column in contract.columns.items() if column.out_of_bounds != "refuse"}
    breaches = []
    for name, column in watched.items():
        beyond = _beyond(table.column(name).combine_chunks(), column)
        breaches += [Breach(name, *one) for one in beyond if one[1].any()]
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
        if column.out_of_bounds == "clip":
            encoded[:, place] = np.clip(encoded[:, place], *bounds(column))
    return encoded


def known_rows(table: pa.Table, contract: Contract) -> Mask:
    """The rows whose features the contract lets pass, shape (rows,)."""
    passing = np.ones(table.num_rows, dtype=bool)
    for name in contract.features:
        for _, mask, *_ in _broken(table.column(name).combine_chunks(), contract.columns[name]):
            passing &= ~mask
    return passing


def _broken(array: pa.Array, column: Column) -> list[tuple[str, Mask, str, str]]:
    """Each rule of a column: its name, the rows that break it, what is allowed, and what to do."""
    found: list[tuple[str, Mask, str, str]] = []
    if column.missing == "refused" and column.role != "target":
        advice = "set `missing: allowed` if that is right"
        found.append(("missing", _mask(pc.is_null(array)), "a value in every row", advice))
    if column.out_of_bounds == "refuse":
        found += _beyond(array, column)
    if column.values is not None:
        advice = "add it to `values`, or set `unknown: other`"
        found.append(("category", _unknown(array, column), _categories(column), advice))
    return found


def _beyond(array: pa.Array, column: Column) -> list[tuple[str, Mask, str, str]]:
    found: list[tuple[str, Mask, str, str]] = []
    if column.min is not None:
        advice = "mend the rows, or set another `min`"
        mask = _mask(pc.less(array, column.min))
        found.append(("minimum", mask, f"at least {plain(column.min)}", advice))
    if column.max is not None:
        advice = "mend the rows, or set another `max`"
        mask = _mask(pc.greater(array, column.max))
        found.append(("maximum", mask, f"at most {plain(column.max)}", advice))
    return found


def _categories(column: Column) -> str:
    if column.unknown == "other":
        return "any text but an empty one"
    return f"one of {few(column.values or ())}"


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
