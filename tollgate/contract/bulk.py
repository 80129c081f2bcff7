"""Reading a row with nothing wrong in a few calls over all of its cells, in place of one call a cell."""

import math
import struct
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from tollgate.contract.cells import CellReader
from tollgate.contract.columns import LARGEST, Column

_NUMBERS = frozenset({float, int})
_FAR = LARGEST / 2  # a row as long as this, or longer, is left to the cell readers


class BulkReader:
    """A short way for what most rows are.

    It never says what is wrong with a row, it gives up: the row is then read cell by cell, and that decides.
    A row that it does not give up is read as the cell readers read it.
    """

    def __init__(
        self, columns: Mapping[str, Column], readers: Mapping[str, CellReader], known: frozenset[str]
    ) -> None:
        """Prepare for rows of some features.

        Args:
            columns: The features by name, in the contract's order.
            readers: For each feature the function that reads a cell.
            known: The names that an object may have, those of the features among them.
        """
        self._known, self._count = known, len(columns)
        self._pick = _picker(tuple(columns))
        self._write = struct.Struct(f"{len(columns)}d").pack_into
        self._codes: list[tuple[int, dict[Any, float]]] = []
        self._limits: list[tuple[int, float, float]] = []
        self._others: list[tuple[int, CellReader]] = []
        for place, (name, column) in enumerate(columns.items()):
            if column.missing_values or column.of_whole_numbers or column.type not in ("number", "category"):
                self._others.append((place, readers[name]))
            elif column.values is not None:
                self._codes.append((place, {value: float(code) for code, value in enumerate(column.values)}))
            elif column.out_of_bounds != "warn" and (column.min is not None or column.max is not None):
                low, high = column.min, column.max
                self._limits.append(
                    (place, -math.inf if low is None else low, math.inf if high is None else high)
                )

    def read(self, row: Any, into: Any, offset: int = 0) -> bool:
        """Read a row, and write its numbers.

        Args:
            row: A row as decoded from JSON.
            into: A writable buffer of float64.
            offset: The byte at which the row's numbers start.

        Returns:
            Whether the row was read; otherwise nothing is written.
        """
        try:
            if isinstance(row, dict):
                if len(row) != self._count and not self._known.issuperset(row):
                    return False
                cells = list(self._pick(row))
            elif isinstance(row, list):
                cells = row.copy()
            else:
                return False
            zeros = not all(cells)
            if not self._encoded(cells):
                return False
            if zeros:
                cells = [cell + 0.0 for cell in cells]  # -0.0 becomes 0.0
            self._write(into, offset, *cells)
        except (LookupError, TypeError, ValueError, OverflowError, struct.error):
            return False
        return True

    def _encoded(self, cells: list[Any]) -> bool:
        """Turn the cells into numbers, and tell whether each may be what it is."""
        for place, codes in self._codes:
            cells[place] = codes[cells[place]]
        for place, reader in self._others:
            cells[place] = reader(cells[place])
        for place, low, high in self._limits:
            if not low <= cells[place] <= high:
                return False
        # no number is larger than the length of the row, and one that is not finite makes it so
        return _NUMBERS.issuperset(map(type, cells)) and math.hypot(*cells) < _FAR


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """The function that gives the values of all names; itemgetter gives no tuple for one."""
    if len(names) == 1:
        return lambda row: (row[names[0]],)
    return itemgetter(*names)
