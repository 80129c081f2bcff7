"""Prior shift: the same rows with events weighted as if they were rarer or more frequent."""

import numpy as np

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.sampling_error import ratio
from tollgate.evaluation.subset import finite, lacking, level_error, positive
from tollgate.evaluation.written.prior_shift import PriorShift, Shift

FACTORS = (0.5, 1.5, 2.0)


def prior_shift(exam: Exam) -> PriorShift | NotAssessed:
    """The figures with the event rate halved, half as high again, and doubled.

    Rows of each class are taken to stay as they are (label shift; Saerens, Latinne, Decaestecker 2002): each is
    weighted by the new share of its class over the old one.
    """
    rate = float(exam.event.mean())
    if rate in (0.0, 1.0):
        return NotAssessed(not_assessed="all rows have the same outcome")
    factors = (1.0, *(factor for factor in FACTORS if factor * rate < 1))
    return PriorShift(shifts=tuple(_shift(exam, rate, factor) for factor in factors))


def _shift(exam: Exam, rate: float, factor: float) -> Shift:
    event, scores = exam.event, exam.scored.scores
    weights = np.where(event == 1, factor, (1 - factor * rate) / (1 - rate))
    approved = weights * scores.approved
    return Shift(
        factor=factor,
        event_rate=factor * rate,
        observed_expected=_level(exam, weights * event, weights * scores.probability, True),
        brier=_level(exam, weights * (scores.probability - event) ** 2, weights),
        approve_rate=_level(exam, approved, weights),
        approved_event_rate=_level(exam, approved * event, approved),
    )


def _level(exam: Exam, top: Floats, bottom: Floats, of_levels: bool = False) -> Figure:
    if not bottom.any():
        return lacking("no row is approved")
    value, influence = ratio(top, bottom)
    error = level_error(exam, influence, np.arange(len(top)))
    return positive(value, error) if of_levels else finite(value, error)
