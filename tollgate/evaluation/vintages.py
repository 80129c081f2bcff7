"""Vintages: the rows by when they were decided on."""

import numpy as np
import pyarrow.compute as pc

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.sampling_error import Codes
from tollgate.evaluation.subset import FEWEST_OF_A_CLASS, area, cells, observed_expected
from tollgate.evaluation.trend import FEWEST_OF_HALVES, merged
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
    return Vintages(step=step, vintages=cells(exam, codes, names), spans=_spans(exam, months, first))


def _first_month(exam: Exam) -> int:
    """The month from which `exam.months` counts, counted from the year 0."""
    first = pc.min(exam.table.column(exam.challenger.contract.only("time"))).as_py()
    return int(12 * first.year + first.month - 1)


def _name(step: str, month: int) -> str:
    year, at = divmod(month, 12)
    return {"month": f"{year}-{at + 1:02d}", "quarter": f"{year} Q{at // 3 + 1}"}.get(step, f"{year}")


def _spans(exam: Exam, months: Codes, first: int) -> tuple[Span, ...]:
    """The periods over which `stability` asks for a trend."""
    period = merged(months, exam.event)
    found = [np.flatnonzero(period == number) for number in range(int(period.max()) + 1)]
    fewest = FEWEST_OF_A_CLASS if len(found) == 1 else FEWEST_OF_HALVES
    return tuple(
        Span(
            since=_name("month", first + int(months[rows].min())),
            until=_name("month", first + int(months[rows].max())),
            rows=len(rows),
            events=int(exam.event[rows].sum()),
            roc_auc=area(exam, rows, fewest=fewest),
            observed_expected=observed_expected(exam, rows),
        )
        for rows in found
    )
