"""Scoring rows of requests: the contract at the door, then the graph, then what was asked for."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from serving.answers import MAKERS, explanations
from serving.limits import Limits
from serving.metrics import Metrics
from serving.names import refuse_unknown
from serving.outputs import DEFAULT
from serving.refusal import RefusalError, broken_contract
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scores
from tollgate.contract import Problem
from tollgate.contract.rows import MOST_PROBLEMS

Floats = NDArray[np.float64]


class Checked(NamedTuple):
    """Rows that keep the contract.

    Attributes:
        rows: As the graph takes them, shape (rows, features).
        warnings: Values out of bounds that are scored all the same.
    """

    rows: Floats
    warnings: list[Problem]


class Scoring:
    """One bundle, as requests of any protocol use it.

    Attributes:
        bundle: The bundle.
        limits: What is taken at most.
        metrics: What is counted.
    """

    def __init__(self, bundle: Bundle, limits: Limits, metrics: Metrics) -> None:
        self.bundle = bundle
        self.limits = limits
        self.metrics = metrics
        self._typed = bundle.checker.typed

    def probabilities(self, typed: list[Any]) -> list[float] | None:
        """Score rows that were decoded in the contract's types; the shortest way there is.

        Args:
            typed: Rows of the type `bundle.checker.typed.row`, at least one, at most as many as are taken.

        Returns:
            The probabilities, or None where the rows have to be checked cell by cell.

        Raises:
            RefusalError: 500: a score is not finite.
        """
        if len(typed) == 1:
            score = self.bundle.scorer.score_row(self._typed.encode, typed)
            if score is None:
                return None
            if not (math.isfinite(score.probability) and math.isfinite(score.margin)):
                raise self._not_finite(np.array([0]))
            found = [score.probability]
        else:
            rows = self.encoded(typed)
            if rows is None:
                return None
            found = self.scores(rows).probability.tolist()
        self.metrics.scored(found)
        return found

    def encoded(self, typed: list[Any]) -> Floats | None:
        """Typed rows as the graph takes them, or None where they have to be checked cell by cell."""
        rows = np.empty((len(typed), len(self.bundle.contract.features)))
        return rows if self._typed.encode(typed, rows) else None

    def check_columns(self, columns: Mapping[str, list[Any]], most: int) -> Checked:
        """Check columns of equal length as decoded from a request; see `check`."""
        features, count = self.bundle.contract.features, len(next(iter(columns.values())))
        if (
            count <= most
            and self.bundle.checker.known.issuperset(columns)
            and columns.keys() >= set(features)
        ):
            typed = self._typed.typed(list(zip(*(columns[name] for name in features), strict=True)))
            rows = None if typed is None else self.encoded(typed)
            if rows is not None:
                return Checked(rows, [])
        refuse_unknown(columns, self.bundle.checker.known)
        rows_by_name = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return self.check(rows_by_name, most)

    def check(self, rows: Sequence[Any], most: int) -> Checked:
        """Check rows as decoded from JSON against the contract.

        Raises:
            RefusalError: 400: too many rows, or rows that break the contract.
        """
        if len(rows) > most:
            raise RefusalError(400, f"{len(rows)} rows; at most {most} are taken at once here")
        encoded, problems = self.bundle.check(list(rows))
        if problems:
            raise broken_contract(problems)
        return self._checked(rows, encoded)

    def part(self, rows: Sequence[Any]) -> tuple[list[int], Checked, list[Problem]]:
        """Part rows into those that keep the contract and the others.

        Returns:
            The places of those that keep it, those rows, and what is wrong with the others.

        Raises:
            RefusalError: 400: so much is wrong that not all of them were looked at.
        """
        encoded, problems = self.bundle.check(list(rows))
        if len(problems) >= MOST_PROBLEMS:  # nobody looked at all of the rows
            raise broken_contract(problems)
        broken = {problem.row for problem in problems}
        sound = [row for row in range(len(rows)) if row not in broken]
        checked = self._checked([rows[row] for row in sound], encoded[sound])
        warnings = [problem._replace(row=sound[problem.row or 0]) for problem in checked.warnings]
        return sound, Checked(checked.rows, warnings), problems

    def _checked(self, rows: Sequence[Any], encoded: Floats) -> Checked:
        warnings = self.bundle.checker.warnings(rows, encoded)
        self.metrics.warned(warnings)
        return Checked(encoded, warnings)

    def scores(self, rows: Floats) -> Scores:
        """What the graph says of encoded rows.

        Raises:
            RefusalError: 500: a score is not finite.
        """
        scores = self.bundle.score(rows)
        finite = np.isfinite(scores.probability) & np.isfinite(scores.margin)
        if not np.all(finite):
            raise self._not_finite(np.flatnonzero(~finite))
        return scores

    def answers(self, rows: Floats, outputs: Sequence[str] = DEFAULT) -> dict[str, list[Any]]:
        """What was asked for of encoded rows, a list of a value a row for each output."""
        scores = self.scores(rows)
        self.metrics.scored(scores.probability.tolist())
        return {name: MAKERS[name](self.bundle, rows, scores) for name in outputs}

    def explanations(self, rows: Floats) -> list[dict[str, Any]]:
        """All that can be said of encoded rows; see `answers.explanations`."""
        scores = self.scores(rows)
        self.metrics.scored(scores.probability.tolist())
        return explanations(self.bundle, rows, scores)

    def _not_finite(self, rows: NDArray[np.intp]) -> RefusalError:
        self.metrics.not_finite()
        return RefusalError(
            500, f"the model has no finite score for row {rows[0]}, though the row keeps the contract"
        )
