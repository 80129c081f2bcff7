"""Several levels with the errors that they share, so that any ratio or difference of them has an interval."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.sampling_error import Codes, Floats, of_few
from tollgate.section import Section

Square = tuple[tuple[float, ...], ...]


class Joint(Section):
    """Levels that were measured on the same rows.

    Attributes:
        values: The levels; None where one is not defined, whose covariances are 0.
        covariances: Their covariance by what is taken to be drawn: `rows` (or groups of them), and `months`; of few
            groups or months widened, as the squares of `widened_error`. Without `rows` where all belong together.
    """

    values: tuple[float | None, ...]
    covariances: Mapping[str, Square]

    def error(self, gradient: Sequence[float]) -> float:
        """The standard error of a function of the levels, by the delta method; the larger one of what may be drawn.

        Args:
            gradient: The derivative of the function by each level.

        Returns:
            The error; infinite where all rows belong together, as of `standard_error`.
        """
        if "rows" not in self.covariances:
            return float("inf")
        slope = np.asarray(gradient, dtype=np.float64)
        variances = [slope @ np.asarray(square) @ slope for square in self.covariances.values()]
        return float(np.sqrt(max(0.0, *variances)))

    def figure(self, value: float, gradient: Sequence[float]) -> Figure:
        """A function of the levels with its normal interval, or the reason why there is none.

        Args:
            value: The function's value.
            gradient: Its derivative by each level.
        """
        error = self.error(gradient)
        if not np.isfinite(error):
            return Figure(value=value, low=None, high=None, reason="all rows belong together")
        return Figure.normal(value, error)


def joint(
    values: Sequence[float | None],
    influences: Sequence[Floats],
    groups: Codes | None,
    months: Codes | None,
) -> Joint:
    """Levels with their covariances.

    Args:
        values: The levels.
        influences: Of each level the influences of all rows, as of `standard_error`; 0 for rows without a part in it.
        groups: Which rows belong together; None where each is alone.
        months: The month of each row; None without a time column. Fewer than two say nothing, and are left out.
    """
    parts = np.vstack(influences)
    covariances = {}
    if groups is None or len(np.unique(groups)) > 1:
        covariances["rows"] = _covariance(parts, groups)
    if months is not None and len(np.unique(months)) > 1:
        covariances["months"] = _covariance(parts, months)
    return Joint(values=tuple(values), covariances={name: _square(of) for name, of in covariances.items()})


def _covariance(parts: Floats, clusters: Codes | None) -> Floats:
    """The sandwich of `widened_error`, of several figures at once."""
    rows, wider = parts.shape[1], 1.0
    if clusters is not None:
        present = np.bincount(clusters) > 0
        parts = np.vstack([np.bincount(clusters, weights=one)[present] for one in parts])
        wider = of_few(parts.shape[1])
    drawn = parts.shape[1]
    return np.asarray(parts @ parts.T * (wider**2 * drawn / (drawn - 1)) / rows**2)


def _square(covariance: NDArray[np.float64]) -> Square:
    return tuple(tuple(row) for row in covariance.tolist())
