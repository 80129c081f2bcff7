"""The figures of a model by period, and whether they change."""

import datetime as dt

import numpy as np
import pyarrow.compute as pc

from tollgate.evaluation.delong import auc
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.sampling_error import Codes, Floats, of_rows, ratio
from tollgate.evaluation.stability_section import Period, Trends
from tollgate.evaluation.subset import observed_expected
from tollgate.evaluation.trend import FEWEST_OF_HALVES, fit_line, merged

LEAST_ERROR = 1e-12  # less is rounding
Measured = tuple[float, float]  # a value and its standard error


def trends(exam: Exam) -> Trends | NotAssessed:
    """The area under the ROC curve and observed over expected by period, and their change over the holdout."""
    if exam.months is None:
        return NotAssessed(not_assessed="no column with the role time says when each row was decided")
    period = merged(exam.months, exam.event)
    if period.max() < 1:
        return NotAssessed(not_assessed=f"no two periods have {FEWEST_OF_HALVES} events and others each")
    numbers = range(int(period.max()) + 1)
    at = np.array([exam.months[period == number].mean() / 12 for number in numbers])
    wider = _between_months(exam, exam.months)
    areas = [_area(exam, period == number) for number in numbers]
    levels = [_log_level(exam, period == number, wider) for number in numbers]
    first = _first_day(exam)
    return Trends(
        periods=tuple(_period(exam, period == number, first, areas[number]) for number in numbers),
        years=float(at[-1] - at[0]),
        roc_auc=_change(at, areas),
        log_observed_to_expected=_change(at, levels),
    )


def _between_months(exam: Exam, months: Codes) -> float:
    """By how much months that differ, other than along a line, widen the error of a level; 1 at least."""
    probability = exam.scored.scores.probability
    count = np.bincount(months)
    expected = np.bincount(months, weights=probability)[count > 0]
    variance = np.bincount(months, weights=probability * (1 - probability))[count > 0]
    observed = np.bincount(months, weights=exam.event)[count > 0]
    level = float(observed.sum() / expected.sum())
    at = np.flatnonzero(count).astype(np.float64)
    return fit_line(at, observed / expected, np.sqrt(level * variance) / expected).scatter


def _area(exam: Exam, rows: Codes) -> Measured:
    event = exam.event[rows]
    value, influence = auc(event, exam.scored.scores.margin[rows])
    return value, widened_error(influence, of_rows(exam.groups, rows), event, 1 - event)


def _log_level(exam: Exam, rows: Codes, wider: float) -> Measured:
    expected = exam.scored.scores.probability[rows]
    value, influence = ratio(exam.event[rows], expected)
    error = widened_error(influence / value, of_rows(exam.groups, rows), expected)
    return float(np.log(value)), wider * error


def _change(at: Floats, measured: list[Measured]) -> Figure:
    values, errors = (np.array(of) for of in zip(*measured, strict=True))
    reason = _unweighted(errors)
    if reason:
        return Figure(value=None, low=None, high=None, reason=reason)
    line, years = fit_line(at, values, errors), float(at[-1] - at[0])
    return Figure.normal(line.slope * years, line.error * years)


def _unweighted(errors: Floats) -> str:
    """Why no line can be weighted by the errors of figures; empty where one can."""
    if errors.min() < LEAST_ERROR:
        return "the figure of a period has no sampling error, such as an AUC of 1 or of scores that are all alike"
    if np.isfinite(errors).sum() < 2:
        return (
            "no two periods have rows of several groups, none with nearly all of them, so how much their figures err "
            "is not known"
        )
    return ""


def _first_day(exam: Exam) -> dt.date:
    name = exam.challenger.contract.only("time")
    first: dt.date = pc.min(exam.table.column(name)).as_py()
    return first


def _period(exam: Exam, rows: Codes, first: dt.date, area: Measured) -> Period:
    assert exam.months is not None  # noqa: S101 - trends() asks first
    months = exam.months[rows]
    return Period(
        since=_month(first, int(months.min())),
        until=_month(first, int(months.max())),
        rows=int(rows.sum()),
        events=int(exam.event[rows].sum()),
        roc_auc=Figure.normal(*area),
        observed_to_expected=observed_expected(exam, np.flatnonzero(rows)),
    )


def _month(first: dt.date, after: int) -> str:
    year, month = divmod(first.year * 12 + first.month - 1 + after, 12)
    return f"{year:04d}-{month + 1:02d}"
