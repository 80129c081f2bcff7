"""Bootstrap intervals of metrics: rows are drawn once and every model is measured on the same draws."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.metrics import Metric, Scored

Floats = NDArray[np.float64]
LEVEL = 0.95
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    Attributes:
        value: The figure on the rows as they are; None where it is not defined.
        low: Lower end of the two-sided 95 % interval; None where there is none.
        high: Upper end.
        reason: Why a figure or its interval is lacking; empty where nothing is.
    """

    value: float | None
    low: float | None
    high: float | None
    reason: str = ""


Draws = Mapping[str, Floats]


def measure(rows: Scored, metrics: Mapping[str, Metric]) -> dict[str, float]:
    """Each metric on the rows as they are."""
    ones = np.ones((1, len(rows.event)))
    return {name: float(metric.measure(rows, ones)[0]) for name, metric in metrics.items()}


def resample(
    models: Sequence[Scored], metrics: Mapping[str, Metric], bootstraps: int, seed: int
) -> list[dict[str, Floats]]:
    """Each metric of each model on the same bootstrap draws of rows (Efron 1979).

    Args:
        models: The same rows, scored by each model.
        metrics: What to measure.
        bootstraps: How many draws.
        seed: The seed of the draws.

    Returns:
        For each model, by metric, the values of the draws, shape (bootstraps,).
    """
    parts: list[dict[str, list[Floats]]] = [{name: [] for name in metrics} for _ in models]
    for weights in _draws(len(models[0].event), bootstraps, seed):
        for model, part in zip(models, parts, strict=True):
            for name, metric in metrics.items():
                part[name].append(metric.measure(model, weights))
    return [{name: np.concatenate(values) for name, values in part.items()} for part in parts]


def estimate(value: float, draws: Floats) -> Estimate:
    """A figure with the percentile interval of its draws."""
    if not np.isfinite(value):
        return Estimate(None, None, None, "the metric is not defined on these rows")
    if not np.all(np.isfinite(draws)):
        return Estimate(value, None, None, "the metric is not defined on some resamples of these rows")
    tail = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(draws, [tail, 100 - tail])
    return Estimate(value, float(low), float(high))


def _draws(rows: int, bootstraps: int, seed: int) -> Iterator[Floats]:
    """Weights of shape (some, rows): how often each row was drawn, with replacement."""
    generator = np.random.default_rng(seed)
    at_once = max(1, min(bootstraps, _CELLS_AT_ONCE // rows))
    for start in range(0, bootstraps, at_once):
        some = min(at_once, bootstraps - start)
        drawn = generator.integers(0, rows, size=(some, rows))
        drawn += np.arange(some)[:, None] * rows
        yield np.bincount(drawn.ravel(), minlength=some * rows).reshape(some, rows).astype(np.float64)
