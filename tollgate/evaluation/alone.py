"""How well one feature tells the outcome by itself, whatever its type and the direction in which it counts."""

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.delong import auc
from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.leakage_facts import Alone, Pure
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.sampling_error import Codes

BANDS, MOST_BANDS = 20, 400
OF_THE_RARER = 4  # so many fine bands have together as many rows as the rarer outcome
FEWEST_IN_A_BAND = 20
FEW_VALUES = 50
HEAVY = 0.2  # of a band's rows: such a value is a band of its own
PRIOR_ROWS = 20.0
PURE_TAIL = 5e-6  # one-sided: with thousands of bands, none is pure by chance


def alone(
    values: Floats, coded: bool, event: Floats, halves: NDArray[np.bool_], clusters: Codes | None
) -> Alone:
    """What a feature says of the outcome by itself.

    Args:
        values: The feature, encoded, shape (rows,).
        coded: Whether its values have no order.
        event: 1.0 where the event happened, else 0.0; both are there.
        halves: Which rows are in the second half; rows of one cluster are in one.
        clusters: Which rows belong together; None where each is alone.
    """
    absent = np.isnan(values)
    cuts = [_bands(values, coded, count) for count in sorted({BANDS} if coded else {BANDS, _fine(event)})]
    figures = [_figure(event, _learnt(bands, event, halves), clusters) for bands in cuts]
    if not coded and len(np.unique(event[~absent])) == 2:
        there = None if clusters is None else clusters[~absent]
        figures.append(_figure(event[~absent], values[~absent], there, turned=True))
    return Alone(
        auc=max(figures, key=lambda figure: figure.value or 0.0),
        missing=None
        if absent.all() or not absent.any()
        else _figure(event, absent * 1.0, clusters, turned=True),
        pure=max((_pure(bands, event) for bands in cuts), key=lambda pure: pure.odds if pure else 0.0),
    )


def _figure(event: Floats, margin: Floats, clusters: Codes | None, turned: bool = False) -> Figure:
    """The ROC AUC with DeLong's error; turned, of whichever direction is above a half."""
    area, influence = auc(event, margin)
    value = max(area, 1 - area) if turned else area
    return Figure.normal(value, widened_error(influence, clusters, event, 1 - event))


def _fine(event: Floats) -> int:
    """How many bands are fine enough that few rows share a band with a value that is exactly the rarer outcome.

    A band of 5 % of the rows that holds all of the 1 % with an event holds 4 % without one, and by itself no AUC above
    0.98 shows. What is learnt in a band is read on other rows, so that finer bands of noise say nothing still.
    """
    rarer = min(event.mean(), 1 - event.mean())
    wanted = int(np.ceil(OF_THE_RARER / rarer))
    return max(BANDS, min(wanted, MOST_BANDS, len(event) // FEWEST_IN_A_BAND))


def _bands(values: Floats, coded: bool, count: int) -> Codes:
    """A band for each row, from 0: each category, each common value, or as many rows each; one for missing.

    Args:
        values: The feature, shape (rows,).
        coded: Whether its values have no order.
        count: How many bands an order is cut into.
    """
    absent = np.isnan(values)
    distinct, place, counts = np.unique(values[~absent], return_inverse=True, return_counts=True)
    if coded or len(distinct) <= FEW_VALUES:
        bands = place
    else:
        heavy = counts >= max(2, HEAVY * len(values) / count)
        inner = np.linspace(0, 1, count + 1)[1:-1]
        edges = np.unique(np.quantile(values[~absent], inner, method="inverted_cdf"))
        own = len(edges) + 1 + np.cumsum(heavy)
        bands = np.where(heavy, own, np.searchsorted(edges, distinct))[place]
    found = np.full(len(values), bands.max(initial=-1) + 1, dtype=np.intp)
    found[~absent] = bands
    return found


def _learnt(bands: Codes, event: Floats, halves: NDArray[np.bool_]) -> Floats:
    """The event rate of each row's band as the other half of the rows has it, drawn to the overall one."""
    size, rate = int(bands.max()) + 1, float(event.mean())
    found = np.empty(len(event))
    for half in (halves, ~halves):
        rows = np.bincount(bands[half], minlength=size)
        events = np.bincount(bands[half], weights=event[half], minlength=size)
        found[~half] = ((events + PRIOR_ROWS * rate) / (rows + PRIOR_ROWS))[bands[~half]]
    return found


def _pure(bands: Codes, event: Floats) -> Pure | None:
    """The band of one outcome alone whose odds are surest beyond those of all rows (Clopper, Pearson 1934)."""
    rows = np.bincount(bands)
    events = np.bincount(bands, weights=event)
    rate = event.mean()
    odds = rate / (1 - rate)
    bound = PURE_TAIL ** (1 / np.maximum(rows, 1))  # at least this share has the one outcome
    beyond = bound / np.maximum(1 - bound, 1e-12)
    factor = np.where(events == rows, beyond / odds, np.where(events == 0, beyond * odds, 0.0)) * (rows > 0)
    at = int(factor.argmax())
    if factor[at] <= 1:
        return None
    return Pure(rows=int(rows[at]), events=bool(events[at] == rows[at]), odds=float(factor[at]))
