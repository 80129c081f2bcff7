"""Parting rows into four disjoint parts: fit, calibration, threshold, holdout."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.contract import Contract
from tollgate.data.ingest import ROW_NUMBER
from tollgate.data.rowhash import row_hashes, shares
from tollgate.data.section import DataSection
from tollgate.data.split_section import SplitSection
from tollgate.errors import DataError
from tollgate.periods import parse_period

PARTS = ("fit", "calibration", "threshold", "holdout")
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """Which part each row belongs to.

    Attributes:
        parts: For each part the rows in it, shape (rows,); no row is in two.
        embargoed: Rows before the holdout whose label was not known when it starts: used nowhere.
        holdout_since: The first day of the holdout; None without a time column.
    """

    parts: dict[str, Mask]
    embargoed: int = 0
    holdout_since: dt.date | None = None


def split_rows(table: pa.Table, data: DataSection, section: SplitSection) -> Split:
    """Part the rows of a snapshot.

    Args:
        table: The snapshot's rows.
        data: The section `data`: what the columns are, and when labels mature.
        section: How to part them.

    Raises:
        DataError: The rows do not reach over the periods that the split needs.
    """
    contract = data.contract
    if section.method == "time":
        return _by_time(table, data, section)
    if section.method == "random":
        place = _draw(table, contract, f"holdout\0{section.salt}")
    else:
        order = table.column(ROW_NUMBER).to_numpy()
        rank = np.empty(len(order))
        rank[np.argsort(order, kind="stable")] = np.arange(len(order))
        place = 1 - (rank + 0.5) / len(order)  # the last rows are the holdout
    holdout = place < float(section.holdout)
    window = ~holdout & (place < float(section.holdout) + float(section.window))
    return Split(_four(holdout, window, ~holdout & ~window, _coin(table, contract, section)))


def _by_time(table: pa.Table, data: DataSection, section: SplitSection) -> Split:
    time = data.contract.only("time")
    if time is None:
        raise DataError("split.method time needs a column with the role time")
    days = table.column(time).combine_chunks()
    last = cast(dt.date, pc.max(days).as_py())
    start = parse_period(str(section.holdout)).before(last) + dt.timedelta(days=1)
    holdout = _mask(pc.greater_equal(days, pa.scalar(start)))
    known = _known_before(table, data, days, start) & ~holdout
    if not known.any():
        first = pc.min(days).as_py()
        raise DataError(
            f"the rows reach from {first} to {last}; when the holdout starts ({start}), "
            "no label of an earlier row was known yet. "
            "Use a longer history, a shorter split.holdout, or another data.label"
        )
    latest = cast(dt.date, pc.max(days.filter(pa.array(known))).as_py())
    window_start = parse_period(str(section.window)).before(latest)
    window = known & _mask(pc.greater(days, pa.scalar(window_start)))
    parts = _four(holdout, window, known & ~window, _coin(table, data.contract, section))
    return Split(parts, int((~holdout & ~known).sum()), start)


def _known_before(table: pa.Table, data: DataSection, days: pa.Array, start: dt.date) -> Mask:
    label = data.label
    if label is None:
        return np.ones(table.num_rows, dtype=bool)
    if label.known_at:
        return _mask(pc.less(table.column(label.known_at).combine_chunks(), pa.scalar(start)))
    assert label.period is not None  # noqa: S101 - a label has one of the two
    return _mask(pc.less(days, pa.scalar(label.period.before(start))))


def _four(holdout: Mask, window: Mask, fit: Mask, coin: Mask) -> dict[str, Mask]:
    return {"fit": fit, "calibration": window & coin, "threshold": window & ~coin, "holdout": holdout}


def _coin(table: pa.Table, contract: Contract, section: SplitSection) -> Mask:
    """Heads for the calibration part, tails for the threshold part."""
    return _draw(table, contract, f"calibration\0{section.salt}") < 0.5


def _draw(table: pa.Table, contract: Contract, key: str) -> NDArray[np.float64]:
    """A number in [0, 1) for each row by the keyed hash of its group, id, else the whole row."""
    name = contract.only("group") or contract.only("id")
    columns = [name] if name else list(contract.columns)
    return shares(row_hashes(table.select(columns), key))


def _mask(array: pa.Array) -> Mask:
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
