"""Bootstrap intervals of metrics: rows are drawn once and every model is measured on the same draws."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.draws import Draws, lots
from tollgate.evaluation.metrics import Metric, Scored, Tally, tally
from tollgate.evaluation.sampling_error import LEVEL as LEVEL

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Drawn = Literal["rows", "groups", "months"]
THREADS = 2


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    Attributes:
        value: The figure on the rows as they are; None where it is not defined.
        low: Lower end of the two-sided 95 % interval; None where there is none.
        high: Upper end.
        reason: Why a figure or its interval is lacking; empty where nothing is.
        drawn: What was drawn for the interval: rows alone, whole groups, or whole calendar months.
    """

    value: float | None
    low: float | None
    high: float | None
    reason: str = ""
    drawn: Drawn = "rows"


def measure(rows: Scored, metrics: Mapping[str, Metric]) -> dict[str, float]:
    """Each metric on the rows as they are."""
    found = tally(rows, np.ones((1, len(rows.event)), dtype=np.uint8))
    return {name: float(metric.of(found)[0]) for name, metric in metrics.items()}


def resample(
    models: Sequence[Scored],
    metrics: Mapping[str, Metric],
    bootstraps: int,
    seed: int,
    groups: Codes | None = None,
    threads: int = THREADS,
) -> list[dict[str, Floats]]:
    """Each metric of each model on the same bootstrap draws (Efron 1979), of rows or of whole groups.

    Args:
        models: The same rows, scored by each model.
        metrics: What to measure.
        bootstraps: How many draws.
        seed: The seed of the draws.
        groups: Which rows are drawn together; None where each is drawn alone.
        threads: How many lots of draws are worked on at once; it changes no figure.

    Returns:
        For each model, by metric, the values of the draws, shape (bootstraps,).
    """
    from threadpoolctl import threadpool_limits

    draws = Draws(len(models[0].event), groups)
    for model in models:
        model.ranks, model.summed  # noqa: B018 - found here once, and not by two threads at a time
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda lot: draws.tallies(models, lot), lots(bootstraps, seed)))
    whole = [
        Tally.of(*(np.concatenate(part) for part in zip(*of, strict=True))) for of in zip(*parts, strict=True)
    ]
    return [{name: metric.of(found) for name, metric in metrics.items()} for found in whole]


def resample_months(
    models: Sequence[Scored], metrics: Mapping[str, Metric], bootstraps: int, seed: int, months: Codes
) -> list[dict[str, Floats]]:
    """Each metric of each model on the same draws of whole calendar months, of which there must be two at least.

    Args:
        models: The same rows, scored by each model.
        metrics: What to measure; of metrics of the order there is nothing.
        bootstraps: How many draws.
        seed: The seed of the draws.
        months: The month of each row.

    Returns:
        For each model, by metric, the values of the draws, shape (bootstraps,).
    """
    kinds, month = np.unique(months, return_inverse=True)
    drawn = np.random.default_rng(seed).multinomial(
        len(kinds), np.full(len(kinds), 1 / len(kinds)), bootstraps
    )
    nothing = np.full((bootstraps, 3), np.nan)
    found = []
    for model in models:
        sums = np.column_stack([np.bincount(month, weights=column) for column in model.summed.T])
        with np.errstate(invalid="ignore"):  # an impossible event that was not drawn: no finite figure either
            whole = Tally.of(drawn.astype(np.float64) @ sums, nothing)
        found.append({name: metric.of(whole) for name, metric in metrics.items() if metric.level})
    return found


def estimate(value: float, draws: Floats, drawn: Drawn = "rows", by: float | None = 1.0) -> Estimate:
    """A figure with the percentile interval of its draws.

    Args:
        value: The figure on the rows as they are.
        draws: Its values on the draws.
        drawn: What was drawn.
        by: How much further than the draws the interval reaches. Draws of few blocks of rows spread too little: `Worth`
            says by how much. None where nearly all rows are of one block, so that there is no interval.
    """
    if not np.isfinite(value):
        return Estimate(None, None, None, "the metric is not defined on these rows", drawn)
    if by is None:
        reason = f"all rows, or nearly all, are of the same of the {drawn} that were to be drawn"
        return Estimate(value, None, None, reason, drawn)
    if not np.all(np.isfinite(draws)):
        return Estimate(value, None, None, "the metric is not defined on some resamples of these rows", drawn)
    tail = (1 - LEVEL) / 2
    low, high = np.percentile(draws, [100 * tail, 100 * (1 - tail)])
    if by > 1:
        low, high = min(low, value - by * (value - low)), max(high, value + by * (high - value))
    return Estimate(value, float(low), float(high), "", drawn)


def wider(one: Estimate, other: Estimate) -> Estimate:
    """Of two estimates of the same figure the one that is less sure; one without an interval is least sure."""
    return one if _width(one) >= _width(other) else other


def _width(found: Estimate) -> float:
    return float("inf") if found.low is None or found.high is None else found.high - found.low
