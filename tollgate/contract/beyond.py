"""Values out of bounds that are scored all the same: the warnings that go with the answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.contract.cells import plain
from tollgate.contract.columns import Column, bounds
from tollgate.contract.problems import Problem, shown


class Beyond:
    """The columns with `out_of_bounds` warn or clip.

    Attributes:
        watches: Whether there are any; there are never warnings otherwise.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        """Prepare for rows of some features.

        Args:
            columns: The features by name, in the contract's order.
        """
        self._columns = [
            (place, name, column)
            for place, (name, column) in enumerate(columns.items())
            if column.out_of_bounds != "refuse"
        ]
        self.watches = bool(self._columns)
        self._places = [place for place, _, _ in self._columns]
        limits = np.array([bounds(column) for _, _, column in self._columns]).reshape(-1, 2)
        self._low, self._high = limits[:, 0], limits[:, 1]

    def warnings(self, rows: Sequence[Any], encoded: NDArray[np.float64]) -> list[Problem]:
        """What is out of bounds in rows that are scored.

        Args:
            rows: Rows with nothing wrong, as decoded from JSON.
            encoded: The numbers that `RowChecker.check` gave for these rows.

        Returns:
            A problem of the rule minimum or maximum for each value, by row and then in the contract's order.
        """
        if not self.watches:
            return []
        numbers = encoded[:, self._places]
        # what was clipped is the bound, as is what has always been it: the row itself tells them apart
        near = np.argwhere((numbers <= self._low) | (numbers >= self._high)).tolist()
        found = (self._warning(index, rows[index], *self._columns[at]) for index, at in near)
        return [problem for problem in found if problem is not None]

    @staticmethod
    def _warning(index: int, row: Any, place: int, name: str, column: Column) -> Problem | None:
        value = row[name] if isinstance(row, dict) else row[place]
        number, (low, high) = float(value), bounds(column)
        if column.min is not None and number < column.min:
            rule, limit, bound = "minimum", f"at least {plain(column.min)}", low
        elif column.max is not None and number > column.max:
            rule, limit, bound = "maximum", f"at most {plain(column.max)}", high
        else:
            return None
        scored = plain(bound) if column.out_of_bounds == "clip" else "it is"
        return Problem(
            index, name, rule, shown(value), f"{limit} is expected; the value is scored as {scored}"
        )
