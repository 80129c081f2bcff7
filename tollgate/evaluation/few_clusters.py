"""Errors of figures of some rows alone, which may lie in a few clusters although all rows are of many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.sampling_error import Codes, Floats, of_few, standard_error, sums

Mask = NDArray[np.bool_]
NO_GROUPS = "all rows of one side, or nearly all, belong together, so how much such groups of rows differ is not known"
NO_MONTHS = "all rows of one side, or nearly all, are of one month, so how much months differ is not known"
LARGEST = 100.0  # factor, where one of two clusters has 95 % of the rows: more is as good as one cluster
ROUNDING = 1e-6


@dataclass(frozen=True)
class Worth:
    """What clusters are worth as a sample.

    Attributes:
        factor: By how much the sandwich of influences around a mean is too small; c / (c - 1) of c clusters alike.
        degrees: The degrees of freedom of Student's t; c - 1 of c clusters alike.
    """

    factor: float
    degrees: int

    @property
    def wider(self) -> float:
        """By how much an interval is wider than the normal one of the plain sandwich."""
        return float(np.sqrt(self.factor)) * of_few(self.degrees + 1)


@dataclass(frozen=True)
class Spread:
    """A standard error.

    Attributes:
        error: The error.
        degrees: The degrees of freedom of Student's t; None where rows are drawn alone.
    """

    error: float
    degrees: int | None = None

    @property
    def widened(self) -> float:
        """The error whose normal quantile reaches as far as the t quantile of this one."""
        return self.error if self.degrees is None else self.error * of_few(self.degrees + 1)


def worth(clusters: Codes, rows: Mask | None = None) -> Worth | None:
    """What the clusters of some rows are worth; None where these rows lie in one cluster, or nearly all do.

    Influences are taken from the mean of the very rows, so that those of one cluster alone sum to 0, whatever that
    cluster is like. The mean of cluster g counts by its share w of the rows. Where means differ with one variance, the
    sandwich is on average 1 - 2 sum(w^3) / sum(w^2) + sum(w^2) times what it should be, and has as many degrees
    of freedom as the sum of squares has by Satterthwaite (1946), rounded down (Bell, McCaffrey 2002; Imbens, Kolesar
    2016).

    Args:
        clusters: The cluster of each row, from 0; shape (rows,).
        rows: Which rows; None for all.
    """
    counts = np.bincount(clusters if rows is None else clusters[rows])
    share = counts[counts > 0] / counts.sum()
    if len(share) < 2:
        return None
    square = np.square(share)
    whole = float(square.sum())
    diagonal = 1 - 2 * share + whole
    trace = float(square @ diagonal)
    if trace * LARGEST < whole:
        return None
    apart = np.square(diagonal) - np.square(whole - 2 * share)  # of one cluster, less what the next has of it
    first, second = float(square @ share), float(square @ square)
    pairs = whole**4 + 2 * whole * second - 4 * whole**2 * first + 2 * first**2
    degrees = trace**2 / (float(np.square(square) @ apart) + pairs)
    return Worth(whole / trace, max(1, int(degrees + ROUNDING)))


def spread(
    influence: Floats, sides: Sequence[Mask], groups: Codes | None, months: Codes | None = None
) -> Spread | str:
    """The error of a figure of some rows, or of some against others: the widest by what may be drawn.

    Rows may be drawn alone, groups of rows together, and months. The side with the fewest clusters says how much is
    known of how clusters differ; no error is below that of rows drawn alone.

    Args:
        influence: Each row's influence, as of `standard_error`; shape (rows,).
        sides: The rows that the figure is of, and where it is a difference those that it is held against.
        groups: Which rows belong together; None where each is alone.
        months: The month of each row; None where months do not count.

    Returns:
        The error, or why there is none: a side that lies in one cluster.
    """
    found = [Spread(standard_error(influence))]
    for clusters, reason in ((groups, NO_GROUPS), (months, NO_MONTHS)):
        if clusters is not None:
            known = [worth(clusters, side) for side in sides]
            told = [one for one in known if one is not None]
            if len(told) < len(known):
                return reason
            factor, degrees = max(one.factor for one in told), min(one.degrees for one in told)
            error = np.sqrt(factor * np.square(sums(influence, clusters)).sum()) / len(influence)
            found.append(Spread(float(error), degrees))
    return max(found, key=lambda one: one.widened)


def several(months: Codes | None) -> Codes | None:
    """The months of all rows where they are worth something; else they say nothing of how months differ."""
    return None if months is None or worth(months) is None else months
