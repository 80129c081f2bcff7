"""Snapshots and splits in storage: Parquet under the digest of its content."""

import datetime as dt
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from components.policy_file import read_policy
from tollgate.canonical import canonical_json, sha256
from tollgate.data.ingest import PART, Population, ingest
from tollgate.data.section import DataSection
from tollgate.data.split import PARTS
from tollgate.data.validate import Validated
from tollgate.errors import DataError, StorageError
from tollgate.storage.folder import FolderStorage

MANIFEST = "manifest.json"
MOST_NAMED, LONGEST_NAME = 100, 64  # of dropped columns; parameters of a run cannot be large
AGAIN = "Delete its folder: the next run makes it anew"


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


def read_snapshot(digest: str, storage: FolderStorage) -> pa.Table:
    """The rows of a snapshot.

    Raises:
        StorageError: A file is not what the manifest says.
    """
    return _read(storage.folder(f"snapshots/{digest}"), PART, None)


def snapshot_files(digest: str, storage: FolderStorage) -> tuple[tuple[str, int], ...]:
    """The files that a snapshot was first read from, each with the number of its first row; none where not known."""
    manifest = json.loads(storage.read(f"snapshots/{digest}/{MANIFEST}"))
    return tuple((str(name), int(first)) for name, first in manifest.get("source", ()))


def keep_splits(validated: Validated, storage: FolderStorage) -> None:
    """Put the four parts into storage."""
    with storage.staging() as folder:
        for name, part in validated.parts.items():
            pyarrow.parquet.write_table(part, folder / f"{name}.parquet", compression="zstd")
        files = {f"{name}.parquet": _sha256_of(folder / f"{name}.parquet") for name in PARTS}
        manifest = {"version": 2, "method": validated.method, "files": files}
        (folder / MANIFEST).write_bytes(canonical_json(manifest))
        storage.adopt(folder, f"splits/{validated.digest}")


def read_part(
    splits: str, name: str, storage: FolderStorage, columns: Sequence[str] | None = None
) -> pa.Table:
    """One part of a split, or some of its columns.

    Raises:
        StorageError: The file is not what the manifest says.
    """
    return _read(storage.folder(f"splits/{splits}"), f"{name}.parquet", columns)


def read_method(splits: str, storage: FolderStorage) -> str:
    """How the rows of a split were parted."""
    return str(json.loads(storage.read(f"splits/{splits}/{MANIFEST}"))["method"])


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


def _read(folder: Path, name: str, columns: Sequence[str] | None) -> pa.Table:
    try:
        expected = json.loads((folder / MANIFEST).read_bytes())["files"][name]
        if _sha256_of(folder / name) != expected:
            raise StorageError(
                f"{folder / name}: is not the file that {MANIFEST} names; it was changed or damaged. {AGAIN}"
            )
        return pyarrow.parquet.read_table(folder / name, columns=None if columns is None else list(columns))
    except (OSError, KeyError, ValueError) as error:
        raise StorageError(f"{folder / name}: cannot be read ({error}). {AGAIN}") from error


def _sha256_of(path: Path) -> str:
    return sha256(path.read_bytes())
