"""Whether one column alone almost decides the target."""

import numpy as np
from numpy.typing import NDArray

from tollgate.look.column import Look

TOO_GOOD = 0.95
STRONG = 0.8
APART = 0.1
FEWEST = 20
FEW_LEVELS = 50
LEAST_COUNT = 5

Floats = NDArray[np.float64]


def area_alone(look: Look, events: Floats) -> float | None:
    """The ROC AUC of a column alone, turned so that it is 0.5 at least; None where that says nothing.

    Args:
        look: The column; categories are scored by their own rate of events.
        events: 1 for the event, 0 for none, NaN where the target is missing, shape (rows,).
    """
    if look.kind in ("number", "integer") and len(look.texts) > FEW_LEVELS:
        scores = look.values
    elif len(look.texts) <= FEW_LEVELS:
        scores = _rates(look, events)
    else:
        return None
    told = ~np.isnan(scores) & ~np.isnan(events)
    return area(scores[told], events[told])


def area_of_missing(look: Look, events: Floats) -> float | None:
    """The ROC AUC of whether a value is missing; None where that says nothing."""
    told = ~np.isnan(events)
    return area((look.codes < 0)[told].astype(float), events[told])


def _rates(look: Look, events: Floats) -> Floats:
    told = (look.codes >= 0) & ~np.isnan(events)
    counts = np.bincount(look.codes[told], minlength=len(look.texts))
    sums = np.bincount(look.codes[told], weights=events[told], minlength=len(look.texts))
    overall = events[told].mean() if told.any() else 0.0
    rates = np.where(counts >= LEAST_COUNT, sums / np.maximum(counts, 1), overall)
    return np.append(rates, np.nan)[look.codes]


def area(scores: Floats, events: Floats) -> float | None:
    """The ROC AUC, turned so that it is 0.5 at least; None where an outcome has too few rows.

    Counted by hand, for this is done for each of many columns, and scikit-learn checks far longer than it counts.
    """
    if min(events.sum(), (1 - events).sum()) < FEWEST:
        return None
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    of_events = np.bincount(place, weights=events)
    of_others = counts - of_events
    below = np.cumsum(of_others) - of_others / 2
    share = float((of_events * below).sum() / (of_events.sum() * of_others.sum()))
    return max(share, 1 - share)


def stands_out(areas: dict[str, float]) -> tuple[str, float, float] | None:
    """The one column that tells far more than any other, its ROC AUC and that of the next; None without one."""
    ordered = sorted(areas.items(), key=lambda item: -item[1])
    if len(ordered) < 2 or not STRONG <= ordered[0][1] < TOO_GOOD or ordered[0][1] - ordered[1][1] < APART:
        return None
    return ordered[0][0], ordered[0][1], ordered[1][1]
