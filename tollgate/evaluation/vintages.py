"""Vintages: the rows by when they were decided on."""

from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.sampling_error import Codes
from tollgate.evaluation.subset import (
    FEWEST_OF_A_CLASS,
    Rows,
    area,
    cells,
    observed_expected,
)
from tollgate.evaluation.written.vintages import Span, Vintages

MOST_VINTAGES = 24
STEPS = (("month", 1), ("quarter", 3), ("year", 12))


def vintages(exam: Exam) -> Vintages | NotAssessed:
    """The rows by month, quarter or year of the decision."""
    months = exam.months
    if months is None:
        return NotAssessed(not_assessed="the data says of no day, or not of each row, when it was decided on")
    first = _first_month(exam)
    last = first + int(months.max())
    fitting = [step for step in STEPS if last // step[1] - first // step[1] < MOST_VINTAGES]
    step, length = fitting[0] if fitting else STEPS[-1]
    named = first // length
    codes = (first + months) // length - named
    names = [_name(step, (named + at) * length) for at in range(int(codes.max()) + 1)]
    spans = tuple(
        _span(exam, rows, names[since], names[until]) for since, until, rows in _merged(exam, codes)
    )
    return Vintages(step=step, vintages=cells(exam, codes, names), spans=spans)


def _first_month(exam: Exam) -> int:
    """The month from which `exam.months` counts, counted from the year 0."""
    first = pc.min(exam.table.column(exam.challenger.contract.only("time"))).as_py()
    return int(12 * first.year + first.month - 1)


def _name(step: str, month: int) -> str:
    year, at = divmod(month, 12)
    return {"month": f"{year}-{at + 1:02d}", "quarter": f"{year} Q{at // 3 + 1}"}.get(step, f"{year}")


def _merged(exam: Exam, codes: Codes) -> Iterator[tuple[int, int, Rows]]:
    """Neighbouring vintages until each class has 100 rows; what is left over belongs to the last."""
    events = np.bincount(codes, weights=exam.event).cumsum()
    others = np.bincount(codes).cumsum() - events
    starts, taken = [0], (0.0, 0.0)
    for at in range(len(events) - 1):
        left = min(events[-1] - events[at], others[-1] - others[at])
        if min(events[at] - taken[0], others[at] - taken[1], left) >= FEWEST_OF_A_CLASS:
            starts.append(at + 1)
            taken = (events[at], others[at])
    for since, after in zip(starts, [*starts[1:], len(events)], strict=True):
        yield since, after - 1, np.flatnonzero((since <= codes) & (codes < after))


def _span(exam: Exam, rows: Rows, since: str, until: str) -> Span:
    return Span(
        since=since,
        until=until,
        rows=len(rows),
        events=int(exam.event[rows].sum()),
        roc_auc=area(exam, rows),
        observed_expected=observed_expected(exam, rows),
    )
