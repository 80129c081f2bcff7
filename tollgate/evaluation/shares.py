"""Shares of rows and quantiles with their intervals, and rows drawn from many."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.bootstrap import LEVEL
from tollgate.evaluation.few_clusters import alike, widened_error
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.sampling_error import Codes

Mask = NDArray[np.bool_]


def wilson(share: float, rows: float, level: float = LEVEL) -> Figure:
    """A share with the score interval of Wilson (1927), which stays inside of 0 and 1.

    Args:
        share: The share.
        rows: Of how many rows, or how many independent ones these are worth.
        level: The level of the interval.
    """
    squared = NormalDist().inv_cdf((1 + level) / 2) ** 2
    middle = (share + squared / (2 * rows)) / (1 + squared / rows)
    spread = share * (1 - share) / rows + squared / (4 * rows**2)
    reach = float(np.sqrt(squared * spread)) / (1 + squared / rows)
    return Figure(value=share, low=max(0.0, min(share, middle - reach)), high=min(1.0, middle + reach))


def share_of(mask: Mask, clusters: Codes | None = None) -> Figure:
    """The share of rows, with an interval for as many independent rows as those of the clusters are worth.

    Args:
        mask: For which rows it holds, shape (rows,); one row at least.
        clusters: Which rows belong together; None where each is its own.
    """
    share, rows = float(mask.mean()), float(len(mask))
    if clusters is None:
        return wilson(share, rows)
    worth = alike(clusters)
    if 0 < share < 1:
        error = widened_error(mask.astype(np.float64) - share, clusters)
        worth = min(rows, share * (1 - share) / error**2) if error > 0 else rows
    return wilson(share, max(worth, 1.0))


def quantile(values: NDArray[np.float64], share: float) -> Figure:
    """A quantile with the interval between two order statistics (Conover 1999, section 3.2), normally approximated.

    Args:
        values: Shape (rows,).
        share: Which one.
    """
    ordered, rows = np.sort(values), len(values)
    reach = NormalDist().inv_cdf((1 + LEVEL) / 2) * np.sqrt(rows * share * (1 - share))
    low, high = (int(np.clip(np.ceil(rows * share + side), 1, rows)) - 1 for side in (-reach, reach))
    middle = int(np.ceil(rows * share)) - 1
    return Figure(value=float(ordered[middle]), low=float(ordered[low]), high=float(ordered[high]))


def drawn(rows: int, most: int, seed: int) -> NDArray[np.intp]:
    """The places of some of the rows, drawn without replacement and in order; of all where they are few."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
