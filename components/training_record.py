"""What a training leaves beside the bundle: its record, graphs of related models, and hashes of the rows it saw."""

import json
from collections.abc import Mapping
from typing import Any

from tollgate.canonical import canonical_json, sha256
from tollgate.errors import StorageError
from tollgate.storage.folder import FolderStorage

VERSION = 2
RECORD, SEEN = "record.json", "seen.parquet"


def keep_training(
    facts: Mapping[str, Any], relatives: Mapping[str, bytes], seen: bytes, storage: FolderStorage
) -> str:
    """Put a training's record into storage, and give the digest that names it.

    Args:
        facts: What was measured.
        relatives: The graphs of related models by name.
        seen: The hashes of the rows seen, as `write_seen` gives them.
        storage: Where to.
    """
    places = {name: f"relative-{number}.onnx" for number, name in enumerate(relatives)}
    files = {places[name]: graph for name, graph in relatives.items()} | {SEEN: seen}
    digests = {file: sha256(content) for file, content in files.items()}
    record = canonical_json({"version": VERSION, **facts, "relatives": places, "files": digests})
    name = sha256(record)
    storage.place(f"training/{name}", {**files, RECORD: record})
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


def read_relatives(name: str, storage: FolderStorage) -> dict[str, bytes]:
    """The graphs of related models of a training, by name; see `read_training`."""
    places = read_training(name, storage)["relatives"]
    return {relative: _beside(name, file, storage) for relative, file in places.items()}


def release_record(name: str, storage: FolderStorage) -> dict[str, bytes]:
    """What of a training goes with a release: the record, and the hashes of the rows that the model saw."""
    return {RECORD: storage.read(f"training/{name}/{RECORD}"), SEEN: _beside(name, SEEN, storage)}


def _beside(name: str, file: str, storage: FolderStorage) -> bytes:
    content = storage.read(f"training/{name}/{file}")
    if sha256(content) != read_training(name, storage)["files"][file]:
        raise StorageError(f"training/{name}/{file}: was changed or damaged after it was written")
    return content
