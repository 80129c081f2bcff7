"""Choosing the decision threshold: rows are approved below it."""

import numpy as np
from numpy.typing import NDArray

from tollgate.training.section import Cost, Decision

Floats = NDArray[np.float64]


def choose_threshold(decision: Decision, probability: Floats, events: Floats) -> float:
    """The threshold that a decision rule picks on the threshold part.

    Args:
        decision: The rule.
        probability: Probability of the event, shape (rows,).
        events: 1.0 where the event happened, shape (rows,).
    """
    if decision.threshold is not None:
        return decision.threshold
    ordered = np.sort(probability)
    if decision.approve_rate is not None:
        wanted = decision.approve_rate * len(ordered)
        cuts = np.flatnonzero(_possible(ordered))
        return _between(ordered, int(cuts[np.abs(cuts - wanted).argmin()]))
    assert decision.cost is not None  # noqa: S101 - a decision has one of the three
    return _cheapest(decision.cost, probability, events)


def _cheapest(cost: Cost, probability: Floats, events: Floats) -> float:
    """The cut of least cost; of several the lowest, which declines more."""
    order = np.argsort(probability, kind="stable")
    approved_events = np.r_[0.0, np.cumsum(events[order])]
    declined_others = np.r_[0.0, np.cumsum((1 - events[order])[::-1])][::-1]
    total = cost.false_negative * approved_events + cost.false_positive * declined_others
    ordered = probability[order]
    return _between(ordered, int(np.argmin(np.where(_possible(ordered), total, np.inf))))


def _possible(ordered: Floats) -> NDArray[np.bool_]:
    """Before which rows a cut can be, and after the last: rows of equal probability are all approved or none."""
    return np.asarray(np.r_[True, ordered[1:] != ordered[:-1], True], dtype=bool)


def _between(ordered: Floats, approved: int) -> float:
    """A threshold below which the first so many rows lie, half-way to the next."""
    low = ordered[approved - 1] if approved > 0 else 0.0
    high = ordered[approved] if approved < len(ordered) else 1.0
    middle = low + (high - low) / 2
    return float(middle if middle > low else high)  # neighbours have nothing between them
