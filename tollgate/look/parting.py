"""How to part the rows: by time where that leaves enough of both outcomes, else at random."""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.data.section import DataSection
from tollgate.data.split import PARTS, split_rows
from tollgate.data.split_section import SplitSection
from tollgate.errors import DataError

SHARES = (0.2, 0.25, 0.3, 0.35, 0.4)
ENOUGH_EVENTS = 110  # a statistical gate needs 100 of each outcome in the holdout
FEWEST_EVENTS = 10
MONTH = 30.44
YEAR, SHORTEST = 365, 60
FOR_FEW = 0.3  # where gates cannot decide anyway, the model gets more
SALT = "a1"


def by_time(rows: pa.Table, data: DataSection, events: NDArray[np.float64]) -> dict[str, Any] | None:
    """The section `split` by time, where the history is long enough for it; else None.

    Args:
        rows: The rows that have a known target, in the contract's types.
        data: The section `data`; with a column of the role time.
        events: 1 for the event, 0 for none, shape (rows,).
    """
    if data.contract.only("time") is None or not rows.num_rows:
        return None
    first = None
    for share in SHARES:
        settings, held = _tried(share, rows, data, events)
        if held >= ENOUGH_EVENTS:
            return settings
        first = first or settings
    return first


def at_random(events: NDArray[np.float64]) -> dict[str, Any]:
    """The section `split` at random: more is held out where an outcome is rare, if gates can decide then."""
    rarer = min(events.sum(), (1 - events).sum())
    enough = (share for share in SHARES if share * rarer >= ENOUGH_EVENTS)
    return {"method": "random", "holdout": next(enough, FOR_FEW), "calibration": SHARES[0], "salt": SALT}


def calibration_events(events: NDArray[np.float64]) -> float:
    """About how many of the rarer outcome the calibration part will have."""
    rarer = min(events.sum(), (1 - events).sum())
    return float(rarer * SHARES[0] / 2)


def _tried(
    share: float, rows: pa.Table, data: DataSection, events: NDArray[np.float64]
) -> tuple[dict[str, Any] | None, float]:
    """The section for a share of the history, and how many of the rarer outcome the holdout has then."""
    days = rows.column(data.contract.only("time"))
    holdout, window = _period(days, share), _period(days, SHARES[0])
    if holdout is None or window is None:
        return None, 0
    settings = {"method": "time", "holdout": holdout, "calibration": window, "salt": SALT}
    try:
        parts = split_rows(rows, data, SplitSection.read(settings)).parts
    except DataError:
        return None, 0
    rarer = {part: min(events[parts[part]].sum(), (1 - events[parts[part]]).sum()) for part in PARTS}
    return (settings, float(rarer["holdout"])) if min(rarer.values()) >= FEWEST_EVENTS else (None, 0)


def _period(days: pa.ChunkedArray, share: float) -> str | None:
    """A share of a history: months of one that is a year long, days of one that is two months long."""
    first, last = pc.min(days).as_py(), pc.max(days).as_py()
    span = (last - first + dt.timedelta(days=1)).days
    if span >= YEAR:
        return f"{round(span / MONTH * share)} months"
    return f"{round(span * share)} days" if span >= SHORTEST else None
