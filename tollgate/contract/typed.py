"""Rows in types made from the contract: msgspec checks them as it decodes them, in C."""

import math
import re
import struct
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import astuple
from numpy.typing import NDArray

from tollgate.canonical import EXACT_INTEGERS
from tollgate.contract.cells import CellReader
from tollgate.contract.columns import LARGEST, Column, bounds

_UNNAMEABLE = re.compile(r'["\\\x00-\x1f]')  # msgspec has no such keys: those objects are read cell by cell
UNFIT = (
    msgspec.MsgspecError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
    struct.error,
)


class TypedRows:
    """A short way for what most rows are.

    It never says what is wrong with a row, it gives up: the row is then read cell by cell, and that decides.
    A row that it does not give up is read as the cell readers read it.

    Attributes:
        row: The type of a row as msgspec takes it: an object with a key for each feature, which may have keys for
            the companions too, or a list of the features in the contract's order.
    """

    def __init__(
        self, columns: Mapping[str, Column], readers: Mapping[str, CellReader], companions: Sequence[str]
    ) -> None:
        """Prepare for rows of some features.

        Args:
            columns: The features by name, in the contract's order.
            readers: For each feature the function that reads a cell.
            companions: The names that an object may have besides.
        """
        self._count, self._companions = len(columns), bool(companions)
        self._width = 8 * len(columns)
        self._write = struct.Struct(f"{len(columns)}d").pack_into
        self._codes: list[tuple[int, dict[Any, float]]] = []
        self._others: list[tuple[int, CellReader]] = []
        types = [
            self._cell(place, column, readers[name]) for place, (name, column) in enumerate(columns.items())
        ]
        self.row: Any = tuple[tuple(types)]  # type: ignore[misc]
        if not any(_UNNAMEABLE.search(name) for name in (*columns, *companions)):
            self.row |= _object(dict(zip(columns, types, strict=True)), companions)
        # msgspec looks at a type in each call, but at a Struct only once
        self._several: Any = msgspec.defstruct("Rows", [("rows", list[self.row])], gc=False)  # type: ignore[name-defined]

    def typed(self, rows: Sequence[Any]) -> list[Any] | None:
        """Rows as decoded from JSON in their type, or None where they are not of it."""
        try:
            found: list[Any] = msgspec.convert({"rows": rows}, self._several).rows
        except UNFIT:
            return None
        return found

    def keys(self, rows: Sequence[Any]) -> int:
        """How many keys typed rows have as objects; a list has none."""
        if not self._companions:
            return sum(self._count for row in rows if type(row) is not tuple)
        return sum(_given(row) for row in rows if type(row) is not tuple)

    def encode(self, rows: Sequence[Any], into: NDArray[np.float64]) -> bool:
        """Write the numbers of typed rows.

        Args:
            rows: Rows of the type `row`.
            into: What they are written into, as the graph takes them: shape (rows, features).

        Returns:
            Whether they were written; otherwise they have to be read cell by cell.
        """
        try:
            buffer, place = into.data, 0
            for row in rows:
                self._write(buffer, place, *self._numbers(row))
                place += self._width
        except UNFIT:
            return False
        return True

    def _numbers(self, row: Any) -> list[Any]:
        cells = list(row if type(row) is tuple else astuple(row))
        if self._companions:
            del cells[self._count :]
        for place, codes in self._codes:
            cells[place] = codes[cells[place]]
        for place, reader in self._others:
            cells[place] = reader(cells[place])
        if None in cells:
            cells = [math.nan if cell is None else cell for cell in cells]
        return [cell + 0.0 for cell in cells] if 0.0 in cells else cells  # -0.0 becomes 0.0

    def _cell(self, place: int, column: Column, reader: CellReader) -> Any:
        """The type of a cell; what msgspec cannot say of it is left to a reader."""
        if column.missing_values or column.type == "date" or _nothing_fits(column):
            self._others.append((place, _inside(column, reader)))
            return Any
        kind: Any
        if column.values is not None:
            kind = type(column.values[0])
            codes: dict[Any, float] = {value: float(code) for code, value in enumerate(column.values)}
            self._codes.append((place, codes | ({None: math.nan} if column.missing == "allowed" else {})))
        elif column.type == "boolean":
            kind = bool
        else:
            kind = _number(column)
        return kind | None if column.missing == "allowed" else kind


def _number(column: Column) -> Any:
    low, high = _limits(column)
    if column.type == "integer":
        return Annotated[int, Meta(ge=int(low), le=int(high))]
    return Annotated[float, Meta(ge=low, le=high)]


def _limits(column: Column) -> tuple[float, float]:
    """The column's bounds, within those that any number has. What is beyond them is left to the cell readers."""
    largest = float(EXACT_INTEGERS - 1) if column.type == "integer" else LARGEST
    low, high = bounds(column)
    return max(-largest, low), min(largest, high)


def _nothing_fits(column: Column) -> bool:
    low, high = _limits(column)
    return low > high


def _inside(column: Column, reader: CellReader) -> CellReader:
    """A reader that gives up on a value out of bounds that is scored all the same: there is a warning to be made."""
    low, high = bounds(column)

    def read(value: Any) -> float:
        number = reader(value)
        if not math.isnan(number) and not low <= value <= high:
            raise ValueError
        return number

    return read if column.out_of_bounds != "refuse" else reader


def _object(types: Mapping[str, Any], companions: Sequence[str]) -> type[Struct]:
    """The type of a row as an object. Its attributes have names of their own: a column may have any."""
    features = [
        (f"c{place}", kind, msgspec.field(name=name)) for place, (name, kind) in enumerate(types.items())
    ]
    others = [
        (f"o{place}", Any | UnsetType, msgspec.field(name=name, default=UNSET))
        for place, name in enumerate(companions)
    ]
    return msgspec.defstruct("Row", [*features, *others], forbid_unknown_fields=True, gc=False)


def _given(row: Any) -> int:
    return sum(value is not UNSET for value in astuple(row))
