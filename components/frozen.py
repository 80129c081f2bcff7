"""Snapshots and splits in storage: Parquet under the digest of its content, and held against that when it is read."""

import contextlib
import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from components.policy_file import read_policy
from tollgate.canonical import canonical_json, digest, sha256
from tollgate.data.column_digest import column_digest, plain
from tollgate.data.ingest import PART, ROW_NUMBER, Population, ingest
from tollgate.data.section import DataSection
from tollgate.data.snapshot_content import SnapshotContent
from tollgate.data.split_content import FORMAT_VERSION
from tollgate.data.validate import Validated
from tollgate.errors import DataError, StorageError
from tollgate.storage.folder import FolderStorage

MANIFEST = "manifest.json"
MOST_NAMED, LONGEST_NAME = 100, 64  # of dropped columns; parameters of a run cannot be large
AGAIN = "Delete its folder: the next run makes it anew"
CHANGED = f"changed or damaged. {AGAIN}"


def freeze(
    source: str, data: Mapping[str, Any], as_of: str, storage: FolderStorage, ordered: bool = False
) -> tuple[str, dict[str, Any]]:
    """Ingest a source into storage.

    Args:
        source: The source's path.
        data: The section `data` as JSON values.
        as_of: The day as of which rows are used, ISO; empty for today (UTC).
        storage: Where to.
        ordered: Whether rows in another order are another snapshot.

    Returns:
        The snapshot's digest, and the population: every exclusion with its count.

    Raises:
        DataError: The source cannot be used, or the policy forbids it.
    """
    if not read_policy().allows(source):
        raise DataError(f"{source}: the policy does not allow this source; see `sources` in policy.yaml")
    section = DataSection.read({**data, "source": source})
    day = dt.date.fromisoformat(as_of) if as_of else dt.datetime.now(dt.UTC).date()
    with storage.staging() as folder:
        found = ingest(section, source, day, folder, ordered)
        files = {PART: _sha256_of(folder / PART)}
        manifest = {**found.manifest, "files": files, "source": _relative(found.population.files)}
        (folder / MANIFEST).write_bytes(canonical_json(manifest))
        storage.adopt(folder, f"snapshots/{found.digest}")
    return found.digest, {**_handed_on(found.population), "as_of": str(day)}


def read_snapshot(name: str, storage: FolderStorage, ordered: bool = False) -> pa.Table:
    """The rows of a snapshot with their numbers.

    Args:
        name: The snapshot's digest.
        storage: Where it lies.
        ordered: Whether the order of the rows matters, which the digest must hold then.

    Raises:
        StorageError: The rows are not those that the digest names.
    """
    path = storage.folder(f"snapshots/{name}") / PART
    with _reading(path):
        manifest = json.loads(path.with_name(MANIFEST).read_bytes())
        if _sha256_of(path) != manifest["files"][PART]:
            raise StorageError(f"{path}: is not the file that {MANIFEST} names; {CHANGED}")
        table = _table(path)
        held = "order" in manifest
        same = _digest_of(table, held) == name and (not held or _rising(table))
    if not same:
        raise StorageError(f"{path}: are not the rows of the snapshot {name[:12]}; they were {CHANGED}")
    if ordered and not held:
        raise StorageError(
            f"{path}: its digest does not hold the order of its rows, by which they are parted"
        )
    return table


def snapshot_files(name: str, storage: FolderStorage) -> tuple[tuple[str, int], ...]:
    """The files that a snapshot was first read from, each with the number of its first row; none where not known."""
    manifest = json.loads(storage.read(f"snapshots/{name}/{MANIFEST}"))
    return tuple((str(file), int(first)) for file, first in manifest.get("source", ()))


def keep_splits(validated: Validated, storage: FolderStorage) -> None:
    """Put the four parts into storage."""
    with storage.staging() as folder:
        for name, part in validated.parts.items():
            held = part.select([column for column, _ in validated.content["parts"][name]["columns"]])
            pyarrow.parquet.write_table(held, folder / f"{name}.parquet", compression="zstd")
        (folder / MANIFEST).write_bytes(canonical_json(validated.content))
        storage.adopt(folder, f"splits/{validated.digest}")


def read_part(
    splits: str, name: str, storage: FolderStorage, columns: Sequence[str] | None = None
) -> pa.Table:
    """One part of a split, or some of its columns; nothing else that may stand in the file.

    Raises:
        StorageError: The values are not those that the digest names.
    """
    path = storage.folder(f"splits/{splits}") / f"{name}.parquet"
    held = dict(_split_content(splits, storage)["parts"][name]["columns"])
    wanted = list(held if columns is None else columns)
    missing = [column for column in wanted if column not in held]
    if missing:
        raise StorageError(f"{path}: the split has no column {missing[0]}")
    with _reading(path):
        table = _table(path, wanted)
        changed = [column for column in wanted if column_digest(table.column(column)) != held[column]]
    if changed:
        raise StorageError(
            f"{path}: the column {changed[0]} is not that of the split {splits[:12]}; it was {CHANGED}"
        )
    return table


def read_method(splits: str, storage: FolderStorage) -> str:
    """How the rows of a split were parted.

    Raises:
        StorageError: The manifest is not the one that the digest names.
    """
    return str(_split_content(splits, storage)["method"])


def _split_content(splits: str, storage: FolderStorage) -> dict[str, Any]:
    """What a split holds: its manifest, whose sha256 is the split's digest."""
    path = storage.folder(f"splits/{splits}") / MANIFEST
    with _reading(path):
        written = path.read_bytes()
        content: dict[str, Any] = json.loads(written)
        version = content["version"]
    if version != FORMAT_VERSION:
        raise StorageError(
            f"{path}: has the format {version}, and this Tollgate reads {FORMAT_VERSION}. {AGAIN}"
        )
    if sha256(written) != splits:
        raise StorageError(f"{path}: is not that of the split {splits[:12]}; it was {CHANGED}")
    return content


def _handed_on(population: Population) -> dict[str, Any]:
    """What the next steps are told of a population: how many columns were dropped, and the first of them by name."""
    told = asdict(population)
    names = told.pop("dropped_columns")
    del told["files"]  # they are told with the snapshot whose rows they number
    return {
        **told,
        "dropped": len(names),
        "dropped_columns": [name[:LONGEST_NAME] for name in names[:MOST_NAMED]],
    }


def _relative(files: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Files as seen from the folder that holds all of them, each with the number of its first row."""
    root = os.path.commonpath([Path(name).parent for name, _ in files])
    return [(os.path.relpath(name, root), first) for name, first in files]


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What cannot be read at all is told as such, whatever was done to it."""
    try:
        yield
    except (OSError, KeyError, TypeError, ValueError, RecursionError, pa.ArrowException) as error:
        reason = " ".join(str(error).split())
        raise StorageError(f"{path}: cannot be read ({reason}). {AGAIN}") from error


def _table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    with pyarrow.parquet.ParquetFile(path) as file:
        table = plain(file.read(columns=columns))
    return table if columns is None else table.select(list(columns))


def _digest_of(table: pa.Table, ordered: bool) -> str:
    """The digest of a snapshot of these rows."""
    rows = table.drop_columns([ROW_NUMBER])
    content = SnapshotContent([(field.name, field.type) for field in rows.schema], ordered)
    content.add(rows)
    return digest(content.as_json())


def _rising(table: pa.Table) -> bool:
    """Whether the numbers of the rows are in the order in which these stand."""
    return bool((np.diff(table.column(ROW_NUMBER).to_numpy()) > 0).all())


def _sha256_of(path: Path) -> str:
    return sha256(path.read_bytes())
