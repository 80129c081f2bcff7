"""The expected calibration error against what it would be if the probabilities were right."""

import numpy as np

from tollgate.evaluation.binned import Binned
from tollgate.evaluation.sampling_error import Codes, Floats

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
    simulations = _simulations(rows)
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


def of_groups_under_the_null(bins: Binned, off: Floats, groups: Codes, seed: int) -> Floats:
    """The same error of a calibrated model whose rows come in groups, which may be off together.

    All that a group is off changes its sign by chance: the wild bootstrap by clusters with the null imposed (Cameron,
    Gelbach, Miller 2008, Review of Economics and Statistics 90, 414-427).

    Args:
        bins: The bins.
        off: Event less probability of each row, shape (rows,).
        groups: Which rows belong together, from 0.
        seed: The seed of the signs.

    Returns:
        The error of each simulation, as many as of so many rows.
    """
    _, group = np.unique(groups, return_inverse=True)
    count, size = int(group.max()) + 1, len(bins.rows)
    sums = np.bincount(group * size + bins.place, weights=off, minlength=count * size).reshape(count, size)
    generator = np.random.default_rng(seed)
    simulations, at_once = _simulations(count), max(1, _CELLS_AT_ONCE // count)
    found = []
    for start in range(0, simulations, at_once):
        shape = (min(at_once, simulations - start), count)
        signs = 2.0 * generator.integers(0, 2, shape, dtype=np.int8) - 1.0
        found.append(np.abs(signs @ sums).sum(axis=1) / len(off))
    return np.concatenate(found)


def _simulations(drawn: int) -> int:
    return int(np.clip(_CELLS // drawn, FEWEST, MOST))
