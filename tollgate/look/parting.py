"""How to part the rows: by time where that leaves enough of both outcomes, else at random."""

import datetime as dt
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.data.section import DataSection
from tollgate.data.split import PARTS, split_rows
from tollgate.data.split_section import SplitSection
from tollgate.errors import DataError

SHARE = 0.2
LARGEST_SHARE = 0.4
ENOUGH_EVENTS = 110  # a statistical gate needs 100 of each outcome in the holdout
FEWEST_EVENTS = 10
MONTH = 30.44
SALT = "a1"


def by_time(rows: pa.Table, data: DataSection, events: NDArray[np.float64]) -> dict[str, Any] | None:
    """The section `split` by time, where the history is long enough for it; else None.

    Args:
        rows: The rows that have a known target, in the contract's types.
        data: The section `data`; with a column of the role time.
        events: 1 for the event, 0 for none, shape (rows,).
    """
    time = data.contract.only("time")
    if time is None or not rows.num_rows:
        return None
    period = _period(rows.column(time))
    if period is None:
        return None
    settings = {"method": "time", "holdout": period, "calibration": period, "salt": SALT}
    try:
        parts = split_rows(rows, data, SplitSection.read(settings)).parts
    except DataError:
        return None
    fewest = min(min(events[parts[part]].sum(), (1 - events[parts[part]]).sum()) for part in PARTS)
    return settings if fewest >= FEWEST_EVENTS else None


def at_random(events: NDArray[np.float64]) -> dict[str, Any]:
    """The section `split` at random: more is held out where outcomes are few, so that gates can decide."""
    rarer = max(1.0, min(events.sum(), (1 - events).sum()))
    holdout = min(LARGEST_SHARE, max(SHARE, math.ceil(20 * ENOUGH_EVENTS / rarer) / 20))
    calibration = SHARE if holdout < LARGEST_SHARE else 0.25
    return {"method": "random", "holdout": holdout, "calibration": calibration, "salt": SALT}


def calibration_events(events: NDArray[np.float64], split: dict[str, Any]) -> float:
    """About how many of the rarer outcome the calibration part will have."""
    rarer = min(events.sum(), (1 - events).sum())
    share = SHARE if split["method"] == "time" else float(split["calibration"])
    return float(rarer * share / 2)


def _period(days: pa.ChunkedArray) -> str | None:
    """A fifth of a history: months of one that is a year long, days of one that is two months long."""
    first, last = pc.min(days).as_py(), pc.max(days).as_py()
    span = (last - first + dt.timedelta(days=1)).days
    months, fifth = round(span / MONTH * SHARE), round(span * SHARE)
    if months >= 2:
        return f"{months} months"
    return f"{fifth} days" if span >= 60 else None
