"""A figure by period, and the straight line through it."""

from dataclasses import dataclass

import numpy as np

from tollgate.evaluation.sampling_error import Codes, Floats

FEWEST_EVENTS = 100
FEWEST_OF_HALVES = 50


@dataclass(frozen=True)
class Line:
    """A weighted straight line through the figures of periods.

    Attributes:
        slope: The change in a unit of time.
        error: Its standard error.
        scatter: Birge's ratio, by which the error is multiplied: 1, or how many times as far from the line the figures
            are as their own errors say.
    """

    slope: float
    error: float
    scatter: float


def merged(months: Codes, event: Floats) -> Codes:
    """The period of each row: calendar months in order, merged until each has 100 events and as many others.

    What is left over at the end goes with the last period. Where that makes one period of all, the months are halved
    into the two that are most alike in size, if both then have 50 events and others; else there is one period.

    Args:
        months: The month of each row, from 0; shape (rows,).
        event: 1.0 where the event happened, else 0.0; shape (rows,).
    """
    both = np.array([np.bincount(months, weights=event), np.bincount(months, weights=1 - event)])
    period = _filled(*both)
    if period[-1] == 0:
        until = np.cumsum(both, axis=1)
        smaller = np.minimum(until, until[:, -1:] - until).min(
            axis=0
        )  # of the two halves, cut after each month
        if smaller.max() >= FEWEST_OF_HALVES:
            period[int(smaller.argmax()) + 1 :] = 1
    return period[months]


def _filled(events: Floats, others: Floats) -> Codes:
    """The period of each month, when periods are closed as soon as they have enough of both."""
    period = np.zeros(len(events), dtype=np.intp)
    number, of_events, of_others = 0, 0.0, 0.0
    for month in range(len(events)):
        period[month] = number
        of_events, of_others = of_events + events[month], of_others + others[month]
        if min(of_events, of_others) >= FEWEST_EVENTS:
            number, of_events, of_others = number + 1, 0.0, 0.0
    return np.minimum(period, max(number - 1, 0))


def fit_line(at: Floats, values: Floats, errors: Floats) -> Line:
    """The line by weighted least squares, weights 1 / error^2 (Aitken 1935).

    With three values or more the error is multiplied by Birge's ratio (Birge 1932) where that is above 1: then the
    values scatter more than their errors say.

    Args:
        at: When, of two values at least, not all at one time; shape (periods,).
        values: The figures, shape (periods,).
        errors: Their standard errors, shape (periods,).
    """
    weights = 1 / np.square(errors)
    off = at - weights @ at / weights.sum()
    spread = float(weights @ np.square(off))
    middle = weights @ values / weights.sum()
    slope = float(weights @ (off * values)) / spread
    left = float(weights @ np.square(values - middle - slope * off))
    birge = np.sqrt(max(1.0, left / (len(at) - 2))) if len(at) > 2 else 1.0
    return Line(slope, float(birge / np.sqrt(spread)), float(birge))
