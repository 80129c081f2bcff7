"""Reuse of a holdout, from the records of what was measured in a storage before."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from components.judged_record import JUDGED, JudgedRecord, record_judged
from components.released import counted_in, released_evidence
from components.seen import KEY
from tollgate.canonical import canonical_json, sha256
from tollgate.contract import Contract
from tollgate.data.rowhash import row_hashes
from tollgate.data.validate import EVENT
from tollgate.errors import StorageError
from tollgate.evaluation.evidence import Champion
from tollgate.evaluation.gather import days_of
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.sketch import Days, Sketch, count
from tollgate.storage.folder import FolderStorage

SKETCHES, SKETCH_FILE = "sketches", "sketch.parquet"
DISTINCT = 0.98  # of numbers with fewer repeats, two holdouts that share no row have about 4 % in common


def count_reuse(
    bundle: str,
    splits: str,
    holdout: pa.Table,
    contract: Contract,
    target: str,
    champion: Champion,
    storage: FolderStorage,
) -> Reuse:
    """Put on record that a holdout is used for a target, then count how often it was, this use with them.

    Whoever measures has seen the figures, whether a verdict follows or not. And of two at the same time, the one that
    records later counts both.

    Args:
        bundle: The digest of the bundle that is measured.
        splits: The digest of the split that the holdout comes from.
        holdout: The rows.
        contract: What rows look like.
        target: The target's kind and name.
        champion: What is known of the model now served, whose evidence says how many records there were.
        storage: Where the records lie; the holdout's sketch is put there too.

    Raises:
        StorageError: The record cannot be written.
    """
    sketch = sketch_of(holdout, contract)
    content = sketch.content()
    name = sha256(content)
    storage.place(f"{SKETCHES}/{name}", {SKETCH_FILE: content})
    record = JudgedRecord(bundle=bundle, splits=splits, sketch=name, rows=holdout.num_rows)
    new = record_judged(record, target, storage)
    try:
        records = list(_records(target, storage))
        _check_none_removed(
            [one for one in records if not (new and one == record)], target, champion, storage
        )
        challengers, most_shared = count(bundle, sketch, _judged(records, storage))
    except StorageError as error:
        return Reuse(target=target, sketch=name, unreadable=str(error))
    return Reuse(
        target=target, sketch=name, challengers=challengers, records=len(records), most_shared=most_shared
    )


def sketch_of(holdout: pa.Table, contract: Contract) -> Sketch:
    """The sketch of a holdout: of each column that tells its rows apart, whatever its role, and of what is left.

    That is the id, and every column of texts or whole numbers nearly all of which are distinct. Neither the names nor
    the order of columns change a hash. Rows that often look alike without those columns are not hashed.
    """
    columns = sorted(set(holdout.column_names) - {EVENT})
    telling = [name for name in columns if _tells(name, holdout, contract)]
    others = [name for name in columns if name not in telling]
    hashes = {
        f"{name} ({holdout.schema.field(name).type})": _hashes(holdout.select([name]).drop_null(), "id")
        for name in telling
    }
    whole = _hashes(holdout.select(others), "value")
    if len(np.unique(whole)) >= DISTINCT * holdout.num_rows:
        hashes[f"row {sha256(canonical_json(others))[:16]}"] = whole
    time = contract.only("time")
    since, until = days_of(time, holdout)
    return Sketch.made(hashes, holdout.num_rows, Days(time or "", since or "", until or ""))


def _tells(name: str, holdout: pa.Table, contract: Contract) -> bool:
    """Whether a column tells rows apart; of numbers and days two rows have the same by chance."""
    if name == contract.only("id"):
        return True
    kind, column = holdout.schema.field(name).type, holdout.column(name)
    telling = pa.types.is_string(kind) or pa.types.is_integer(kind)
    return bool(telling and pc.count_distinct(column).as_py() >= DISTINCT * holdout.num_rows)


def _hashes(table: pa.Table, name: str) -> NDArray[np.uint64]:
    """Hashes of rows, in which all columns have one name."""
    return row_hashes(table.rename_columns([name] * table.num_columns), KEY)[:, 0]


def _records(target: str, storage: FolderStorage) -> Iterator[JudgedRecord]:
    """Every record of a target.

    Raises:
        StorageError: One cannot be read, or was changed.
    """
    key = f"{JUDGED}/{target}"
    if not storage.exists(key):
        return
    for name in _names(storage.folder(key)):
        content = storage.read(f"{key}/{name}")
        try:
            if f"{sha256(content)}.json" != name:
                raise StorageError(f"{key}/{name}: was changed or damaged after it was written")
            yield JudgedRecord.read(json.loads(content))
        except (ValueError, RecursionError) as error:
            raise StorageError(f"{key}/{name}: is no record of what was judged") from error


def _check_none_removed(
    earlier: list[JudgedRecord], target: str, champion: Champion, storage: FolderStorage
) -> None:
    """Hold earlier records of a target against those that the champion's evidence counted, where this storage has it.

    Raises:
        StorageError: There are fewer, or the champion's own is not among them; or that evidence cannot be read.
    """
    evidence = released_evidence(champion.release, storage) if champion.release else None
    then = counted_in(evidence) if evidence else None
    if then is None:
        return
    own = (champion.bundle, then.sketch)
    if len(earlier) < then.records or own not in [(one.bundle, one.sketch) for one in earlier]:
        raise StorageError(
            f"{JUDGED}/{target}: records were removed: the champion's evidence counted {then.records}, its own among "
            f"them, and of earlier ones there are now {len(earlier)}; put them back as they were"
        )


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise StorageError(f"{folder}: cannot be listed ({error.strerror})") from error


def _judged(records: list[JudgedRecord], storage: FolderStorage) -> Iterator[tuple[str, Sketch]]:
    """The bundle and the holdout of each record; a sketch is read once."""
    sketches: dict[str, Sketch] = {}
    for record in records:
        if record.sketch not in sketches:
            sketches[record.sketch] = _sketch(record.sketch, storage)
        yield record.bundle, sketches[record.sketch]


def _sketch(name: str, storage: FolderStorage) -> Sketch:
    key = f"{SKETCHES}/{name}/{SKETCH_FILE}"
    content = storage.read(key)
    if sha256(content) != name:
        raise StorageError(f"{key}: was changed or damaged after it was written")
    try:
        return Sketch.read(content)
    except (ValueError, KeyError) as error:
        raise StorageError(f"{key}: {error}") from error
