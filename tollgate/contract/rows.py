"""Checking rows as they come in a request, and turning them into the graph's numbers.

Pure Python and numpy, because the predictor imports this and neither pandas nor scikit-learn.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.contract.beyond import Beyond
from tollgate.contract.cells import RefusedError, cell_reader
from tollgate.contract.columns import Role
from tollgate.contract.contract import Contract
from tollgate.contract.problems import LONGEST_VALUE, Problem, shown
from tollgate.contract.typed import TypedRows

MOST_PROBLEMS = 50_000
COMPANIONS: tuple[Role, ...] = ("id", "time", "group", "protected")


class RowChecker:
    """The contract as the server applies it to rows.

    A row is an object (column name to value) or a list of the features in the contract's order. The
    columns that are no features and may come along (id, time, group, protected) are ignored.

    Attributes:
        features: The names of the features, in the contract's order.
        companions: The names of the columns that may come along, and are ignored.
        known: The names that a row may have as an object.
        typed: The short way for rows with nothing wrong.
        warns: Whether there can be warnings at all: some column has `out_of_bounds` warn or clip.
        warnings: What is out of bounds in rows with nothing wrong, and scored all the same; see `Beyond.warnings`.
    """

    def __init__(self, contract: Contract) -> None:
        self.features = contract.features
        self._readers = [(name, cell_reader(contract.columns[name])) for name in contract.features]
        companions = tuple(name for role in COMPANIONS for name in contract.names(role))
        self.companions = frozenset(companions)
        self.known = self.companions.union(contract.features)
        columns = {name: contract.columns[name] for name in contract.features}
        self.typed = TypedRows(columns, dict(self._readers), companions)
        beyond = Beyond(columns)
        self.warns, self.warnings = beyond.watches, beyond.warnings

    def check(self, rows: Sequence[Any]) -> tuple[NDArray[np.float64], list[Problem]]:
        """Check rows and encode them.

        Args:
            rows: Rows as decoded from JSON.

        Returns:
            The float64 matrix (rows, features) that the graph takes, NaN where a value is missing, and
            what is wrong with the rows. The matrix is meaningless where there is a problem. After 50,000 problems
            no further row is looked at.
        """
        encoded = np.empty((len(rows), len(self.features)))
        if self._usual(rows, encoded):
            return encoded, []
        problems: list[Problem] = []
        for index, row in enumerate(rows):
            if len(problems) >= MOST_PROBLEMS:
                break
            if not self._usual([row], encoded[index : index + 1]):
                encoded[index] = np.nan
                self._unusual(index, row, encoded, problems)
        return encoded, problems

    def _usual(self, rows: Sequence[Any], encoded: NDArray[np.float64]) -> bool:
        """Encode rows the short way, and tell whether that could be done."""
        typed = self.typed.typed(rows)
        return typed is not None and self.typed.encode(typed, encoded)

    def _unusual(self, index: int, row: Any, encoded: NDArray[np.float64], problems: list[Problem]) -> None:
        if isinstance(row, dict):
            problems += self._unknown(index, row)
        elif not isinstance(row, list):
            problems.append(Problem(index, None, "type", shown(row), _NEITHER))
            return
        elif len(row) != len(self.features):
            problems.append(self._wrong_length(index, len(row)))
            return
        self._read(index, row, encoded, problems)

    def _read(self, index: int, row: Any, encoded: NDArray[np.float64], problems: list[Problem]) -> None:
        by_name = isinstance(row, dict)
        for place, (name, reader) in enumerate(self._readers):
            if by_name and name not in row:
                problems.append(Problem(index, name, "missing_column", "", _ABSENT))
                continue
            value = row[name] if by_name else row[place]
            try:
                encoded[index, place] = reader(value)
            except RefusedError as refused:
                problems.append(Problem(index, name, refused.rule, shown(value), refused.message))

    def _unknown(self, index: int, row: Mapping[str, Any]) -> list[Problem]:
        return [
            Problem(index, str(name)[:LONGEST_VALUE], "unknown_column", shown(value), _UNKNOWN)
            for name, value in row.items()
            if name not in self.known
        ]

    def _wrong_length(self, index: int, length: int) -> Problem:
        order = ", ".join(self.features)
        message = f"a row as a list holds the {len(self.features)} features in this order: {order}"
        return Problem(index, None, "shape", f"{length} values", message)


_NEITHER = "a row is an object, or a list of the features"
_ABSENT = "the column is not there; send null if the value is missing"
_UNKNOWN = "the contract has no such column for a request"
