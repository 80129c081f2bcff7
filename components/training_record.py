"""What a training leaves beside the bundle: its record, the yardstick's graph, and hashes of the rows it saw."""

import json
from collections.abc import Mapping
from typing import Any

from tollgate.canonical import canonical_json, sha256
from tollgate.errors import StorageError
from tollgate.storage.folder import FolderStorage

VERSION = 1
RECORD, SEEN, YARDSTICK = "record.json", "seen.parquet", "yardstick.onnx"


def keep_training(facts: Mapping[str, Any], yardstick: bytes, seen: bytes, storage: FolderStorage) -> str:
    """Put a training's record into storage, and give the digest that names it.

    Args:
        facts: What was measured.
        yardstick: The yardstick's graph.
        seen: The hashes of the rows seen, as `write_seen` gives them.
        storage: Where to.
    """
    files = {YARDSTICK: sha256(yardstick), SEEN: sha256(seen)}
    record = canonical_json({"version": VERSION, **facts, "files": files})
    name = sha256(record)
    storage.place(f"training/{name}", {YARDSTICK: yardstick, SEEN: seen, RECORD: record})
    return name


def read_training(name: str, storage: FolderStorage) -> dict[str, Any]:
    """The record of a training.

    Raises:
        StorageError: It cannot be read, or was changed.
    """
    content = storage.read(f"training/{name}/{RECORD}")
    if sha256(content) != name:
        raise StorageError(f"training/{name}/{RECORD}: was changed or damaged after it was written")
    record: dict[str, Any] = json.loads(content)
    return record


def read_yardstick(name: str, storage: FolderStorage) -> bytes:
    """The graph of the yardstick model of a training; see `read_training`."""
    return _beside(name, YARDSTICK, storage)


def release_record(name: str, storage: FolderStorage) -> dict[str, bytes]:
    """What of a training goes with a release: the record, and the hashes of the rows that the model saw."""
    return {RECORD: storage.read(f"training/{name}/{RECORD}"), SEEN: _beside(name, SEEN, storage)}


def _beside(name: str, file: str, storage: FolderStorage) -> bytes:
    content = storage.read(f"training/{name}/{file}")
    if sha256(content) != read_training(name, storage)["files"][file]:
        raise StorageError(f"training/{name}/{file}: was changed or damaged after it was written")
    return content
