"""Measuring models on the very same rows: each metric with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.bootstrap import Drawn, estimate, measure, resample, resample_months, wider
from tollgate.evaluation.few_clusters import worth
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import DESCRIPTIVE, METRICS, Scored
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.sampling_error import Codes, of_rows

ALL = METRICS | DESCRIPTIVE
CURVE_POINTS = 200
# draws of rows where groups are drawn: enough for an interval that another must not be narrower than
AT_LEAST = 300
Figures = dict[str, Figure]


@dataclass(frozen=True)
class Blocks:
    """Which rows move together.

    Attributes:
        groups: The group of each row; None where each is alone.
        months: The calendar month of each row; None where it is not known.
    """

    groups: Codes | None = None
    months: Codes | None = None

    def on(self, rows: NDArray[np.bool_]) -> "Blocks":
        """The same of some of the rows."""
        return Blocks(of_rows(self.groups, rows), of_rows(self.months, rows))


ALONE = Blocks()


def evaluate(
    challenger: Scored,
    champion: Scored | None,
    section: Sampling,
    yardstick: Scored | None = None,
    blocks: Blocks = ALONE,
) -> dict[str, Figures]:
    """Metrics with intervals of up to three models on the same rows.

    Rows are drawn alone, and where they come in groups by whole groups as well. Metrics that move with the level of the
    event's rate are also measured on draws of whole calendar months, unless nearly all rows are of one. The widest
    interval stands.

    Returns:
        By name: metrics, champion_metrics, differences (challenger minus champion, paired), yardstick_metrics.
    """
    models = [model for model in (challenger, champion, yardstick) if model is not None]
    sample = _Sample(models, section, blocks)
    last = len(models) - 1
    return {
        "metrics": sample.figures(0),
        "yardstick_metrics": {} if yardstick is None else sample.figures(last),
        "champion_metrics": {} if champion is None else sample.figures(1),
        "differences": {} if champion is None else sample.figures(0, 1),
    }


@dataclass(frozen=True)
class _Drawn:
    """Draws of one kind: of each model the values by metric, and how much further an interval reaches than they do."""

    of: Drawn
    models: Sequence[dict[str, NDArray[np.float64]]]
    by: float | None = 1.0


def _wider(blocks: Codes) -> float | None:
    known = worth(blocks)
    return None if known is None else known.wider


class _Sample:
    """Some models on the same rows, and on the same draws of them."""

    def __init__(self, models: Sequence[Scored], section: Sampling, blocks: Blocks) -> None:
        self._values = [measure(model, ALL) for model in models]
        how = section.bootstraps, section.seed
        self._draws = []
        if blocks.groups is None:
            self._draws.append(_Drawn("rows", resample(models, ALL, *how)))
        else:
            by = _wider(blocks.groups)
            self._draws.append(_Drawn("groups", resample(models, ALL, *how, blocks.groups), by))
            fewer = min(AT_LEAST, section.bootstraps)
            self._draws.append(_Drawn("rows", resample(models, ALL, fewer, section.seed)))
        months = blocks.months
        by = None if months is None else _wider(months)
        if months is not None and by is not None:
            self._draws.append(_Drawn("months", resample_months(models, ALL, *how, months), by))

    def figures(self, one: int, less: int | None = None) -> Figures:
        """Each metric of one model, or how much more it is than that of another."""
        return {name: self._figure(name, one, less) for name in ALL}

    def _figure(self, name: str, one: int, less: int | None) -> Figure:
        with np.errstate(invalid="ignore"):  # two figures that are not finite have no difference
            value = self._values[one][name] - (0.0 if less is None else self._values[less][name])
            found = []
            for drawn in self._draws:
                if name in drawn.models[one]:
                    draws = drawn.models[one][name] - (0.0 if less is None else drawn.models[less][name])
                    if ALL[name].biased:  # the basic interval (Davison, Hinkley 1997, 5.2) takes the bias off
                        draws = 2 * value - draws
                    found.append(estimate(value, draws, drawn.of, drawn.by))
        return Figure.of(reduce(wider, found))


def roc_curve(rows: Scored) -> list[tuple[float, float, float]]:
    """At most 200 points of the ROC curve: false positive rate, true positive rate, probability."""
    ones = np.ones((1, len(rows.event)))
    events, others = (side[0][::-1] for side in rows.grouped(ones))
    caught = np.r_[0.0, np.cumsum(events)] / events.sum()
    flagged = np.r_[0.0, np.cumsum(others)] / others.sum()
    threshold = np.r_[1.0, rows.scores.probability[rows.order][rows.ties][::-1]]
    some = np.unique(np.linspace(0, len(caught) - 1, CURVE_POINTS).astype(int))
    return [(float(flagged[at]), float(caught[at]), float(threshold[at])) for at in some]
