"""Measuring models on the very same rows: each metric with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.bootstrap import Drawn, estimate, measure, resample, resample_months, wider
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import DESCRIPTIVE, METRICS, Scored
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.sampling_error import Codes

ALL = METRICS | DESCRIPTIVE
CURVE_POINTS = 200
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
        groups, months = (None if codes is None else codes[rows] for codes in (self.groups, self.months))
        return Blocks(groups, months)


ALONE = Blocks()


def evaluate(
    challenger: Scored,
    champion: Scored | None,
    section: Sampling,
    yardstick: Scored | None = None,
    blocks: Blocks = ALONE,
) -> dict[str, Figures]:
    """Metrics with intervals of up to three models on the same rows.

    Rows are drawn alone, or by whole groups. Metrics that move with the level of the event's rate are also measured on
    draws of whole calendar months, where there are two at least; then the wider interval stands.

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


class _Sample:
    """Some models on the same rows, and on the same draws of them."""

    def __init__(self, models: Sequence[Scored], section: Sampling, blocks: Blocks) -> None:
        self._values = [measure(model, ALL) for model in models]
        self._drawn: Drawn = "rows" if blocks.groups is None else "groups"
        self._groups = None if blocks.groups is None else len(np.unique(blocks.groups))
        self._draws = resample(models, ALL, section.bootstraps, section.seed, blocks.groups)
        self._months = 0 if blocks.months is None else len(np.unique(blocks.months))
        self._monthly = None
        if blocks.months is not None and self._months > 1:
            self._monthly = resample_months(models, ALL, section.bootstraps, section.seed, blocks.months)

    def figures(self, one: int, less: int | None = None) -> Figures:
        """Each metric of one model, or how much more it is than that of another."""
        return {name: self._figure(name, one, less) for name in ALL}

    def _figure(self, name: str, one: int, less: int | None) -> Figure:
        def of(found: Sequence[dict[str, NDArray[np.float64]]]) -> NDArray[np.float64]:
            return found[one][name] if less is None else found[one][name] - found[less][name]

        with np.errstate(invalid="ignore"):  # two figures that are not finite have no difference
            value = self._values[one][name] - (0.0 if less is None else self._values[less][name])
            draws = of(self._draws)
            if ALL[name].biased:  # the basic interval (Davison, Hinkley 1997, 5.2) takes the bias off
                draws = 2 * value - draws
            found = estimate(value, draws, self._drawn, self._groups)
            if self._monthly is not None and ALL[name].level:
                found = wider(found, estimate(value, of(self._monthly), "months", self._months))
        return Figure.of(found)


def roc_curve(rows: Scored) -> list[tuple[float, float, float]]:
    """At most 200 points of the ROC curve: false positive rate, true positive rate, probability."""
    ones = np.ones((1, len(rows.event)))
    events, others = (side[0][::-1] for side in rows.grouped(ones))
    caught = np.r_[0.0, np.cumsum(events)] / events.sum()
    flagged = np.r_[0.0, np.cumsum(others)] / others.sum()
    threshold = np.r_[1.0, rows.scores.probability[rows.order][rows.ties][::-1]]
    some = np.unique(np.linspace(0, len(caught) - 1, CURVE_POINTS).astype(int))
    return [(float(flagged[at]), float(caught[at]), float(threshold[at])) for at in some]
