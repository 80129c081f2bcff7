"""Reuse of a holdout, from the records of what was measured in a storage before."""

import json
from collections.abc import Iterator
from pathlib import Path

from components.judged_record import JUDGED, JudgedRecord, record_judged
from components.released import counted_in, released_evidence
from tollgate.canonical import sha256
from tollgate.errors import StorageError
from tollgate.evaluation.evidence import Champion
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.sketch import Sketch, count
from tollgate.storage.folder import FolderStorage

SKETCHES, SKETCH_FILE = "sketches", "sketch.parquet"


def count_reuse(
    bundle: str, splits: str, sketch: Sketch, target: str, champion: Champion, storage: FolderStorage
) -> Reuse:
    """Put on record that a holdout is used for a target, then count how often it was, this use with them.

    Whoever measures has seen the figures, whether a verdict follows or not. And of two at the same time, the one that
    records later counts both.

    Args:
        bundle: The digest of the bundle that is measured.
        splits: The digest of the split that the holdout comes from.
        sketch: What the holdout's rows are known again by; it is put into the storage.
        target: The target's kind and name.
        champion: What is known of the model now served, whose evidence says how many records there were.
        storage: Where the records lie.

    Raises:
        StorageError: The record cannot be written.
    """
    content = sketch.content()
    name = sha256(content)
    storage.place(f"{SKETCHES}/{name}", {SKETCH_FILE: content})
    record = JudgedRecord(bundle=bundle, splits=splits, sketch=name, rows=sketch.rows)
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
