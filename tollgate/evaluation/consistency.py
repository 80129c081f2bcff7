"""The expected calibration error against what it would be if the probabilities were right."""

import numpy as np

from tollgate.evaluation.binned import Binned
from tollgate.evaluation.sampling_error import Floats

MOST, FEWEST = 1000, 200
_CELLS = 50_000_000
_CELLS_AT_ONCE = 4_000_000


def calibration_error(bins: Binned) -> float:
    """The expected calibration error: the mean distance of rates and probabilities over rows, bin by bin."""
    return float(np.abs(bins.events - bins.expected).sum() / bins.rows.sum())


def under_the_null(bins: Binned, probability: Floats, seed: int) -> Floats:
    """The same error of outcomes that are drawn from the probabilities themselves, so of a calibrated model.

    Consistency resampling (Broecker, Smith 2007, Weather and Forecasting 22, 651-661) on the rows as they are.

    Returns:
        The error of each simulation: 1,000 of them, fewer where there are many rows, 200 at least.
    """
    rows = len(probability)
    simulations = int(np.clip(_CELLS // rows, FEWEST, MOST))
    order = np.argsort(bins.place, kind="stable")
    threshold = probability[order].astype(np.float32)
    starts = np.r_[0, np.cumsum(bins.rows.astype(np.intp))[:-1]]
    generator = np.random.default_rng(seed)
    at_once = max(1, _CELLS_AT_ONCE // rows)
    found = []
    for start in range(0, simulations, at_once):
        some = min(at_once, simulations - start)
        drawn = generator.random((some, rows), dtype=np.float32) < threshold
        events = np.add.reduceat(drawn, starts, axis=1, dtype=np.int64)
        found.append(np.abs(events - bins.expected).sum(axis=1) / rows)
    return np.concatenate(found)
