"""Figures of some rows of the exam: event rate, observed to expected, area under the curve."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation import delong
from tollgate.evaluation.bootstrap import LEVEL
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import alike, widened_error
from tollgate.evaluation.figure import FEW, Figure
from tollgate.evaluation.level_error import level_errors
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.rates import effective_rows, wilson
from tollgate.evaluation.sampling_error import Codes, of_rows, ratio
from tollgate.evaluation.written.cell import Cell

FEWEST_ROWS = 10
FEWEST_EVENTS = 5
FEWEST_OF_A_CLASS = 100
Rows = NDArray[np.intp]


def cells(exam: Exam, codes: Codes, names: Sequence[str]) -> tuple[Cell, ...]:
    """A cell for each code that rows have.

    Args:
        exam: The rows.
        codes: The place of each row's name, shape (rows,).
        names: What rows of each code have in common.
    """
    order = np.argsort(codes.astype(np.int16), kind="stable")  # sorted by radix
    ends = np.cumsum([0, *np.bincount(codes, minlength=len(names))])
    found = [(names[at], order[ends[at] : ends[at + 1]]) for at in range(len(names))]
    return tuple(cell(exam, name, rows) for name, rows in found if len(rows))


def cell(exam: Exam, name: str, rows: Rows) -> Cell:
    """The cell of some rows.

    Args:
        exam: The rows.
        name: What they have in common.
        rows: Their places.
    """
    if len(rows) < FEWEST_ROWS:
        none = lacking(f"fewer than {FEWEST_ROWS} rows")
        return Cell(name=name, rows=len(rows), events=None, rate=none, predicted=None, observed_expected=none)
    return Cell(
        name=name,
        rows=len(rows),
        events=int(exam.event[rows].sum()),
        rate=rate(exam, rows),
        predicted=float(exam.scored.scores.probability[rows].mean()),
        observed_expected=observed_expected(exam, rows),
    )


def rate(exam: Exam, rows: Rows) -> Figure:
    """The share of events among some rows, with Wilson's interval; rows of a group count for less than they are."""
    event, count = exam.event[rows], float(len(rows))
    share = float(event.mean())
    if exam.groups is not None:
        groups = exam.groups[rows]
        error = widened_error(event - share, groups)
        count = effective_rows(share, error, len(rows), alike(groups))
    low, high = wilson(share * count, count)
    return Figure(value=share, low=low, high=high)


def observed_expected(exam: Exam, rows: Rows) -> Figure:
    """Events to the sum of probabilities, with an interval on the log scale (Debray et al. 2017)."""
    event = exam.event[rows]
    if event.sum() < FEWEST_EVENTS:
        return lacking(f"fewer than {FEWEST_EVENTS} events")
    expected = exam.scored.scores.probability[rows]
    value, influence = ratio(event, expected)
    return positive(value, level_error(exam, influence, rows, expected))


def area(exam: Exam, rows: Rows, margin: Floats | None = None, fewest: int = FEWEST_OF_A_CLASS) -> Figure:
    """The area under the ROC curve on some rows; lacking where either class has too few.

    Args:
        exam: The rows.
        rows: The places of some.
        margin: What orders them, shape (rows,); the challenger's margin where it is left out.
        fewest: How many rows each class needs.
    """
    event = exam.event[rows]
    if min(event.sum(), len(rows) - event.sum()) < fewest:
        return lacking(f"fewer than {fewest} of a class")
    value, influence = delong.auc(event, exam.scored.scores.margin[rows] if margin is None else margin)
    groups = of_rows(exam.groups, rows)
    found = finite(value, widened_error(influence, groups, event, 1 - event))
    return found if found.high is None else found.model_copy(update={"high": min(found.high, 1.0)})


def level_error(exam: Exam, influence: Floats, rows: Rows, *counted: Floats) -> float:
    """The widened error of a level: by row or group, or by month where that is larger."""
    groups, months = of_rows(exam.groups, rows), of_rows(exam.months, rows)
    return max(level_errors(influence, groups, months, *counted).values())


def finite(value: float, error: float) -> Figure:
    """A figure with a normal interval, or without one where the rows are all of one cluster, or nearly all."""
    if math.isfinite(error):
        return Figure.normal(value, error)
    return Figure(value=value, low=None, high=None, reason=FEW)


def positive(value: float, error: float) -> Figure:
    """A figure that is never negative, with an interval on the log scale."""
    if not math.isfinite(error) or value <= 0:
        return finite(value, error)
    reach = NormalDist().inv_cdf((1 + LEVEL) / 2) * error / value
    return Figure(value=value, low=value * math.exp(-reach), high=value * math.exp(reach))


def lacking(reason: str) -> Figure:
    """No figure, and why."""
    return Figure(value=None, low=None, high=None, reason=reason)
