"""The sketch of a holdout: hashes of what tells its rows apart, by which a later one is known again."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from components.seen import KEY
from tollgate.canonical import canonical_json, sha256
from tollgate.contract import Contract
from tollgate.data.ingest import ROW_NUMBER
from tollgate.data.reading import place_of, reading
from tollgate.data.rowhash import row_hashes
from tollgate.data.section import Format
from tollgate.data.validate import EVENT
from tollgate.evaluation.gather import days_of
from tollgate.evaluation.sketch import Days, Sketch

DISTINCT = 0.98  # of numbers with fewer repeats, two holdouts that share no row have about 4 % in common


def sketch_of(holdout: pa.Table, contract: Contract, form: Format) -> Sketch:
    """The sketch of a holdout: of each column that tells its rows apart, whatever its role, and of what is left.

    That is the id, and every column of texts or whole numbers nearly all of which are distinct. Neither the names nor
    the order of columns change a hash, nor whether a whole number stands as number, integer or text. Rows that
    often look alike without those columns are not hashed. What is hashed is named with how its columns are read, since
    the same rows read in another way have other values.

    Args:
        holdout: The rows.
        contract: What rows look like.
        form: How the text of the source was read.
    """
    columns = sorted(set(holdout.column_names) - {EVENT, ROW_NUMBER})
    telling = [name for name in columns if _tells(name, holdout, contract)]
    others = [name for name in columns if name not in telling]
    hashes = {
        f"{name} {_short(reading(name, contract, form))}": _hashes(holdout.select([name]).drop_null(), "id")
        for name in telling
    }
    whole = _hashes(holdout.select(others), "value")
    if len(np.unique(whole)) >= DISTINCT * holdout.num_rows:
        hashes[f"row {_short([[name, reading(name, contract, form)] for name in others])}"] = whole
    return Sketch.made(hashes, holdout.num_rows, _days(holdout, contract, form))


def _days(holdout: pa.Table, contract: Contract, form: Format) -> Days:
    """The days of a holdout, by a column that no other name makes another one."""
    time = contract.only("time")
    if time is None:
        return Days()
    since, until = days_of(time, holdout)
    place = place_of(time, contract, form)
    return Days(time if place is None else f"{time} (column {place + 1})", since or "", until or "")


def _tells(name: str, holdout: pa.Table, contract: Contract) -> bool:
    """Whether a column tells rows apart; of numbers with fractions and days two rows have the same by chance."""
    if name == contract.only("id"):
        return True
    column = holdout.column(name)
    whole = pa.types.is_string(column.type) or pa.types.is_integer(column.type) or _all_whole(column)
    return bool(whole and pc.count_distinct(column).as_py() >= DISTINCT * holdout.num_rows)


def _all_whole(column: pa.ChunkedArray) -> bool:
    """Whether a column of numbers holds whole ones only, as one of integers does."""
    return pa.types.is_floating(column.type) and bool(pc.all(pc.equal(column, pc.floor(column))).as_py())


def _hashes(table: pa.Table, name: str) -> NDArray[np.uint64]:
    """Hashes of rows, in which all columns have one name."""
    return row_hashes(table.rename_columns([name] * table.num_columns), KEY, alike=True)[:, 0]


def _short(value: object) -> str:
    return sha256(canonical_json(value))[:16]
