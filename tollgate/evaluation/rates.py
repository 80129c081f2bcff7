"""Shares of events with their intervals, and the difference of two of them."""

import math
from statistics import NormalDist

from tollgate.evaluation.bootstrap import LEVEL

Ends = tuple[float, float]


def wilson(events: float, rows: float, level: float = LEVEL) -> Ends:
    """The two-sided score interval of a share (Wilson 1927; Newcombe 1998, method 3).

    Args:
        events: How many of the rows have the event; a fraction where the rows count for less than they are.
        rows: How many rows there are, more than 0.
        level: The level of the interval.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = events / rows
    middle = events + z * z / 2
    reach = z * math.sqrt(events * (1 - share) + z * z / 4)
    return max(0.0, (middle - reach) / (rows + z * z)), min(1.0, (middle + reach) / (rows + z * z))


def effective_rows(share: float, error: float, rows: int, clusters: float) -> float:
    """How many rows drawn alone would be as sure of a share as these (Korn, Graubard 1998).

    Args:
        share: The share of events.
        error: Its standard error, with rows of a cluster together.
        rows: How many rows there are.
        clusters: How many clusters alike they are worth: what they count for where all rows are the same.
    """
    spread = share * (1 - share)
    if spread == 0 or not math.isfinite(error):
        return float(clusters)
    return float(rows) if error == 0 else min(float(rows), spread / error**2)


def newcombe(first: float, first_ends: Ends, second: float, second_ends: Ends) -> Ends:
    """The interval of a difference of two shares of different rows (Newcombe 1998, method 10).

    Args:
        first: The share from which the other is taken.
        first_ends: Its Wilson interval.
        second: The share that is taken.
        second_ends: Its Wilson interval.
    """
    gap = first - second
    below = math.hypot(first - first_ends[0], second_ends[1] - second)
    above = math.hypot(first_ends[1] - first, second - second_ends[0])
    return gap - below, gap + above
