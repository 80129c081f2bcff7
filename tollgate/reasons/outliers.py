"""Rows whose values do not go together: the distance of Mahalanobis (1936) between scores of their values.

Each value becomes a score: of a number its normal score (Blom 1958), read off a few rounded quantiles of the fit part,
and of a category the place that best agrees with the other features. The squared distance of the scores from their
centre, by their covariance, is large where a row has values that are each common and together are not; one value
very far out makes it large as well. A missing value counts as much as it does on average, and the others by
their own covariance alone.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Curve = tuple[Floats, Floats]
COMPARED = 1_000_000  # values with points at a time
FARTHEST = 1e6  # times the spread: beyond, all values are alike
KEPT = 2_000_000  # numbers that are kept of what is worked out for patterns of missing values: 16 MB


class OutlierDetector:
    """Tells rows whose values do not go together; loaded from `outlier` of explain.json."""

    def __init__(self, written: Mapping[str, Any], features: int) -> None:
        """Read the parameters.

        Args:
            written: `limit`, `mean`, `covariance` (rows of the lower triangle) and `scores`: for each feature `at` and
                `score`, the points of its curve, in order.
            features: How many features a row has.

        Raises:
            ValueError: The parameters do not fit together, or not to the features.
        """
        curves: list[Curve] = [
            (np.array(c["at"], dtype=float), np.array(c["score"], dtype=float)) for c in written["scores"]
        ]
        self._limit = float(written["limit"])
        self._mean = np.array(written["mean"], dtype=np.float64)
        self._covariance = _square(written["covariance"], len(curves))
        if (
            not len(curves) == len(self._mean) == features
            or not np.isfinite(self._mean).all()
            or np.isnan(self._limit)
        ):
            raise ValueError("outlier parameters of other features")
        self._lines = _Curves(curves)
        self._whole = self._whitening(np.ones(len(curves), dtype=bool))
        self._patterns: dict[bytes, tuple[NDArray[np.intp], Floats]] = {}

    def flags(self, rows: Floats) -> NDArray[np.bool_]:
        """Whether each row is an outlier, shape (rows,)."""
        return self.distances(rows) > self._limit

    def distances(self, rows: Floats) -> Floats:
        """The squared distance of each encoded row from the centre, shape (rows,)."""
        if len(rows) <= self._lines.chunk:
            return self._distances(rows)
        starts = range(0, len(rows), self._lines.chunk)
        return np.concatenate([self._distances(rows[start : start + self._lines.chunk]) for start in starts])

    def _distances(self, rows: Floats) -> Floats:
        apart = self._lines.scores(rows)
        apart -= self._mean
        absent = apart != apart
        if not absent.any():
            white = apart @ self._whole
            return np.asarray(np.einsum("ij,ij->i", white, white))
        found = np.empty(len(rows))
        for pattern in np.unique(absent, axis=0) if len(rows) > 1 else absent:
            like = (absent == pattern).all(axis=1)
            present, whitening = self._pattern(pattern)
            white = apart[np.ix_(like, present)] @ whitening
            found[like] = np.einsum("ij,ij->i", white, white) + (len(pattern) - len(present))
        return found

    def _pattern(self, absent: NDArray[np.bool_]) -> tuple[NDArray[np.intp], Floats]:
        known = self._patterns.get(absent.tobytes())
        if known is None:
            known = (np.flatnonzero(~absent), self._whitening(~absent))
            if len(self._patterns) < KEPT // self._covariance.size:
                self._patterns[absent.tobytes()] = known
        return known

    def _whitening(self, present: NDArray[np.bool_]) -> Floats:
        """What makes the scores of some features uncorrelated, with variance 1."""
        block = self._covariance[np.ix_(present, present)]
        return np.ascontiguousarray(np.linalg.inv(np.linalg.cholesky(block)).T)


class _Curves:
    """For each feature a curve through points: straight between them, and slower and slower beyond the outer ones.

    Attributes:
        chunk: How many rows to take at a time.
    """

    def __init__(self, curves: list[Curve]) -> None:
        longest = max(len(at) for at, _ in curves)
        self._at = np.full((len(curves), longest), np.inf)
        begin, start, slope = np.zeros(
            (3, len(curves), longest + 1)
        )  # before the first point, and after each
        for place, (at, score) in enumerate(curves):
            size = len(at)
            if size != len(score) or not np.isfinite([*at, *score]).all() or not (np.diff(at) > 0).all():
                raise ValueError("a curve whose points do not rise")
            self._at[place, :size] = at
            begin[place, : size + 1] = np.r_[at[0], at]
            start[place, : size + 1] = np.r_[score[0], score]
            slope[place, 1:size] = np.diff(score) / np.diff(at)
        self._low, self._high = (np.array([at[end] for at, _ in curves]) for end in (0, -1))
        above = self._high - [at[(len(at) - 1) // 2] for at, _ in curves]
        below = np.array([at[len(at) // 2] for at, _ in curves]) - self._low
        self._above, self._below = _reach(above), _reach(below)
        self._most, self._least = self._high + FARTHEST * above, self._low - FARTHEST * below
        self._first = np.arange(len(curves)) * (longest + 1)
        self._from, self._start, self._slope = begin.ravel(), start.ravel(), slope.ravel()
        self.chunk = max(1, COMPARED // self._at.size)

    def scores(self, rows: Floats) -> Floats:
        """The score of each value, NaN for a missing one; shape (rows, features)."""
        near = np.minimum(np.maximum(rows, self._least), self._most)
        passed = (near[:, :, None] >= self._at).sum(axis=2)
        passed += self._first
        found = (near - self._from[passed]) * self._slope[passed] + self._start[passed]
        found += np.log1p(np.maximum(near - self._high, 0) * self._above)
        found -= np.log1p(np.maximum(self._low - near, 0) * self._below)
        return np.asarray(found)


def _reach(widths: Floats) -> Floats:
    """One over the widths; 0 for none."""
    return np.divide(1.0, np.abs(widths), out=np.zeros(len(widths)), where=widths != 0)


def _square(lower: list[list[float]], size: int) -> Floats:
    """A symmetric matrix from the rows of its lower triangle."""
    found = np.zeros((size, size))
    places = np.tril_indices(size)
    found[places] = [value for row in lower for value in row]
    if not np.isfinite(found).all():
        raise ValueError("a covariance that is no number")
    return found + np.tril(found, -1).T
