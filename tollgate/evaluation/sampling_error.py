"""Standard errors from influences: of rows drawn alone, by group, or by month."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
LEVEL = 0.95


def standard_error(influence: Floats, clusters: Codes | None = None) -> float:
    """The standard error of a figure whose error is the mean of its rows' influences.

    Rows of one cluster are taken to move together, and clusters alone: the sandwich of Liang, Zeger (1986), with the
    factor c / (c - 1) of Cameron, Miller (2015). With each row its own cluster it is the usual one.

    Args:
        influence: Each row's part of `rows * (estimate - truth)`; shape (rows,).
        clusters: The cluster of each row, from 0; None where each row is its own.

    Returns:
        The standard error; infinite where there are fewer than two clusters.
    """
    drawn = influence if clusters is None else sums(influence, clusters)
    if len(drawn) < 2:
        return float("inf")
    correction = len(drawn) / (len(drawn) - 1)
    return float(np.sqrt(correction * np.square(drawn).sum()) / len(influence))


def of_rows(codes: Codes | None, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Codes | None:
    """The codes of some rows: their places, or which they are; None where there are none of any row."""
    return None if codes is None else codes[rows]


def plain_error(influence: Floats, clusters: Codes) -> float:
    """The standard error by cluster as of `standard_error`, but without the factor for few clusters."""
    return float(np.sqrt(np.square(sums(influence, clusters)).sum())) / len(influence)


def of_few(clusters: float, level: float = LEVEL) -> float:
    """By how much an interval from so many clusters is wider than the normal one: t with one degree less over normal.

    From few of them even the corrected standard error is too small too often (Cameron, Miller 2015, section VI.D).

    Args:
        clusters: How many clusters alike they are worth, two at least.
        level: The level of the interval.
    """
    from scipy.special import stdtrit  # it takes long to import, and gates have no need of it

    upper = (1 + level) / 2
    return float(stdtrit(clusters - 1, upper)) / NormalDist().inv_cdf(upper)


def ratio(top: Floats, bottom: Floats) -> tuple[float, Floats]:
    """The ratio of two means, and each row's influence on it (the delta method).

    Args:
        top: Shape (rows,).
        bottom: Shape (rows,), with a mean above 0; ones for a plain mean of `top`.
    """
    mean = float(bottom.mean())
    value = float(top.mean()) / mean
    return value, (top - value * bottom) / mean


def sums(influence: Floats, clusters: Codes) -> Floats:
    """The sum of influences of each cluster that there is.

    Args:
        influence: Shape (rows,).
        clusters: The cluster of each row, from 0; shape (rows,).
    """
    found = np.bincount(clusters, weights=influence)
    return np.asarray(found[np.bincount(clusters) > 0], dtype=np.float64)
