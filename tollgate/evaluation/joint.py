"""Several levels with the errors that they share, so that any ratio or difference of them has an interval."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.few_clusters import NO_GROUPS, NO_MONTHS, Mask, several, worth
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.sampling_error import Codes, Floats, sums
from tollgate.section import Section

Square = tuple[tuple[float, ...], ...]


class Joint(Section):
    """Levels that were measured on the same rows, or each on rows of its own.

    Attributes:
        values: The levels; None where one is not defined, whose covariances are 0.
        covariances: Their covariance by what is taken to be drawn: `rows` alone, `groups` of them, and `months`.
            Without any where nothing is known.
        wider: Of `groups` and `months` by level how much an interval is wider than the normal one, as of `Worth`; None
            where the rows of the level lie in one of them, so that it has no interval.
    """

    values: tuple[float | None, ...]
    covariances: Mapping[str, Square]
    wider: Mapping[str, tuple[float | None, ...]] = {}

    def error(self, gradient: Sequence[float]) -> float:
        """The standard error of a function of the levels, by the delta method; the largest one by what may be drawn.

        Args:
            gradient: The derivative of the function by each level.

        Returns:
            The error, widened by the level among them of which least is known; infinite where nothing is.
        """
        slope = np.asarray(gradient, dtype=np.float64)
        if self._unknown(slope):
            return float("inf")
        errors = [0.0]
        for kind, square in self.covariances.items():
            wider = max((wider for wider in self._used(kind, slope) if wider), default=1.0)
            errors.append(wider * float(np.sqrt(max(0.0, slope @ np.asarray(square) @ slope))))
        return max(errors)

    def figure(self, value: float, gradient: Sequence[float]) -> Figure:
        """A function of the levels with its normal interval, or the reason why there is none.

        Args:
            value: The function's value.
            gradient: Its derivative by each level.
        """
        reason = self._unknown(np.asarray(gradient, dtype=np.float64))
        if reason:
            return Figure(value=value, low=None, high=None, reason=reason)
        return Figure.normal(value, self.error(gradient))

    def _unknown(self, slope: Floats) -> str:
        """Why a function of the levels has no error; empty where it has one."""
        if "rows" not in self.covariances or ("groups" in self.wider and not any(self.wider["groups"])):
            return "all rows belong together"
        for kind, reason in (("groups", NO_GROUPS), ("months", NO_MONTHS)):
            if None in self._used(kind, slope):
                return reason
        return ""

    def _used(self, kind: str, slope: Floats) -> list[float | None]:
        """How much wider the levels are that a function depends on."""
        return [wider for wider, by in zip(self.wider.get(kind, ()), slope, strict=False) if by]


def joint(
    values: Sequence[float | None],
    influences: Sequence[Floats],
    groups: Codes | None,
    months: Codes | None,
    among: Sequence[Mask] | None = None,
) -> Joint:
    """Levels with their covariances.

    Args:
        values: The levels.
        influences: Of each level the influences of all rows, as of `standard_error`; 0 for rows without a part in it.
        groups: Which rows belong together; None where each is alone.
        months: The month of each row; None without a time column. Left out where nearly all rows are of one.
        among: Of each level the rows that it is of; None where each is of all rows.
    """
    parts = np.vstack(influences)
    rows = parts.shape[1]
    covariances, wider = {"rows": _square(parts @ parts.T / (rows * (rows - 1)))}, {}
    for kind, clusters in (("groups", groups), ("months", several(months))):
        if clusters is not None:
            summed = np.vstack([sums(one, clusters) for one in parts])
            covariances[kind] = _square(summed @ summed.T / rows**2)
            wider[kind] = _widths(clusters, len(values), among)
    return Joint(values=tuple(values), covariances=covariances, wider=wider)


def _widths(clusters: Codes, levels: int, among: Sequence[Mask] | None) -> tuple[float | None, ...]:
    """By level how much wider its interval is; of a level without rows, which has no error, not at all."""
    if among is None:
        return (_width(clusters),) * levels
    return tuple(_width(clusters[rows]) if rows.any() else 1.0 for rows in among)


def _width(clusters: Codes) -> float | None:
    found = worth(clusters)
    return None if found is None else found.wider


def _square(covariance: NDArray[np.float64]) -> Square:
    return tuple(tuple(row) for row in covariance.tolist())
