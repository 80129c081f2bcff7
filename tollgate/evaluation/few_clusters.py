"""What few clusters of rows, or lopsided ones, are worth as a sample, and errors that are wider for it.

The rows of a figure may lie in a few clusters although all rows are of many: what counts is the clusters of those rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.sampling_error import Codes, Floats, of_few, plain_error, standard_error

Mask = NDArray[np.bool_]
NO_GROUPS = "all rows of one side, or nearly all, belong together, so how much such groups of rows differ is not known"
ONE_GROUP = "all rows, or nearly all, belong together, so how much such groups of rows differ is not known"
NO_MONTHS = "all rows of one side, or nearly all, are of one month, so how much months differ is not known"
LARGEST = 100.0  # factor, where one of two clusters has 95 % of the rows: more is as good as one cluster


@dataclass(frozen=True)
class Worth:
    """What clusters are worth as a sample.

    Attributes:
        factor: By how much the sandwich of influences around a mean is too small; c / (c - 1) of c clusters alike.
        degrees: The degrees of freedom of Student's t: one less than the clusters alike that they are worth.
    """

    factor: float
    degrees: float

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
    degrees: float | None = None

    @property
    def widened(self) -> float:
        """The error whose normal quantile reaches as far as the t quantile of this one."""
        return self.error if self.degrees is None else self.error * of_few(self.degrees + 1)


def worth(clusters: Codes, counted: Mask | Floats | None = None) -> Worth | None:
    """What the clusters of some rows are worth; None where these rows lie in one cluster, or nearly all do.

    Influences are taken from the mean of the very rows, so that those of one cluster alone sum to 0, whatever that
    cluster is like. The mean of cluster g counts by its share w of the rows. Where means differ with one variance, the
    sandwich is on average 1 - 2 sum(w^3) / sum(w^2) + sum(w^2) times what it should be (Bell, McCaffrey 2002). The
    clusters are worth 1 / sum(w^2) clusters alike (Kish 1965; Carter, Schnepel, Steigerwald 2017, Review of Economics
    and Statistics 99, 698-709), of which the degrees of freedom are one less. Satterthwaite's are fewer, as if the
    sandwich were small by chance where the figure errs much; but the largest cluster makes both large.

    Args:
        clusters: The cluster of each row, from 0; shape (rows,).
        counted: Which rows, or by how much each of them counts in the figure; None where all count alike.
    """
    share = _shares(clusters, counted)
    square = np.square(share)
    whole = float(square.sum())
    trace = float(square @ (1 - 2 * share + whole))
    if len(share) < 2 or trace * LARGEST < whole:  # of one cluster the trace is 0, but for rounding
        return None
    return Worth(whole / trace, max(1.0, 1 / whole - 1))


def alike(clusters: Codes) -> float:
    """How many clusters of one size are worth as much as these: 1 / sum(w^2) (Kish 1965)."""
    return 1 / float(np.square(_shares(clusters)).sum())


def _shares(clusters: Codes, counted: Mask | Floats | None = None) -> Floats:
    counts = np.bincount(clusters) if counted is None else np.bincount(clusters, weights=counted)
    there = counts[counts > 0]
    return np.asarray(there / there.sum(), dtype=np.float64)


def widened_error(influence: Floats, clusters: Codes | None = None, *counted: Floats) -> float:
    """The standard error whose normal interval reaches as far as that of so many clusters with Student's t.

    It is never below that of rows drawn alone: clusters that seem more alike than rows are so by chance.

    Args:
        influence: Each row's influence, as of `standard_error`; shape (rows,).
        clusters: The cluster of each row, from 0; None where each is its own, and nothing is widened.
        counted: By how much each row counts in the figure, once for each mean that it is made of; nothing where all
            rows count alike. The mean of which least is known says how wide the interval is.

    Returns:
        The error; infinite where the rows lie in one cluster, or nearly all do.
    """
    alone = standard_error(influence)
    if clusters is None:
        return alone
    wider = 0.0
    for by in counted or (None,):
        known = worth(clusters, by)
        if known is None:
            return float("inf")
        wider = max(wider, known.wider)
    return max(alone, wider * plain_error(influence, clusters))


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
            found.append(Spread(float(np.sqrt(factor)) * plain_error(influence, clusters), degrees))
    return max(found, key=lambda one: one.widened)


def several(months: Codes | None) -> Codes | None:
    """The months of all rows where they are worth something; else they say nothing of how months differ."""
    return None if months is None or worth(months) is None else months
