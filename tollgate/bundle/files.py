"""A bundle on disk: an exact set of files, and a manifest that names each by size and sha256."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tollgate.canonical import canonical_json, sha256
from tollgate.errors import BundleError

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
FILES = ("contract.json", "explain.json", "golden.json", "model.onnx", "reference.json")
LARGEST_MANIFEST = 64 * 1024


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """The manifest's bytes for the files of a bundle; the bundle's digest is their sha256."""
    entries = {name: {"bytes": len(files[name]), "sha256": sha256(files[name])} for name in FILES}
    return canonical_json({"version": FORMAT_VERSION, "files": entries})


def with_manifest(files: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """The bundle's digest, and all its files with the manifest as the last one."""
    manifest = manifest_of(files)
    return sha256(manifest), {**files, MANIFEST: manifest}


def read_files(folder: Path, expect: str | None) -> tuple[str, dict[str, bytes]]:
    """Read a bundle and verify it; the bytes returned are the very bytes that were verified.

    Args:
        folder: The bundle's folder.
        expect: The digest that the bundle must have, or None to take the one that it has.

    Returns:
        The bundle's digest, and the content of its files by name, the manifest left out.

    Raises:
        BundleError: A file is missing, too many, a link, or not what the manifest says; the digest is
            another one; the format is unknown. The message names the file.
    """
    names = _names(folder)
    manifest = _read(folder, MANIFEST, LARGEST_MANIFEST)
    if len(manifest) > LARGEST_MANIFEST:
        raise BundleError(f"{folder}: {MANIFEST} is too large to be one")
    found = sha256(manifest)
    if expect is not None and found != expect:
        raise BundleError(f"{folder}: {MANIFEST}: the bundle's digest is {found}, expected is {expect}")
    entries = _entries(folder, manifest)
    for name in sorted(names ^ {*FILES, MANIFEST}):
        wrong = "does not belong to a bundle" if name in names else "is missing"
        raise BundleError(f"{folder}: the file {name} {wrong}")
    return found, {name: _verified(folder, name, entries[name]) for name in FILES}


def _names(folder: Path) -> set[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        raise BundleError(f"{folder}: no bundle can be read there ({error.strerror})") from error
    for entry in entries:
        if not entry.is_file(follow_symlinks=False):
            raise BundleError(f"{folder}: {entry.name} is no regular file")
    return {entry.name for entry in entries}


def _entries(folder: Path, manifest: bytes) -> dict[str, Any]:
    try:
        written = json.loads(manifest)
        version, entries = written["version"], written["files"]
        complete = set(written) == {"version", "files"} and set(entries) == set(FILES)
        complete = complete and all(entry.keys() == {"bytes", "sha256"} for entry in entries.values())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BundleError(f"{folder}: {MANIFEST} cannot be read") from error
    if version != FORMAT_VERSION:
        raise BundleError(f"{folder}: format version {version}; this Tollgate reads {FORMAT_VERSION}")
    if not complete:
        raise BundleError(f"{folder}: {MANIFEST} does not name exactly the files of a bundle")
    return dict(entries)


def _verified(folder: Path, name: str, entry: dict[str, Any]) -> bytes:
    size = entry["bytes"]
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise BundleError(f"{folder}: {MANIFEST} gives no size for {name}")
    content = _read(folder, name, size)
    if len(content) != size or sha256(content) != entry["sha256"]:
        raise BundleError(f"{folder}: {name} is not the file that {MANIFEST} names")
    return content


def _read(folder: Path, name: str, most: int) -> bytes:
    """At most one byte more than allowed: a longer file shows, and no more of it is read."""
    try:
        descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            return file.read(min(most, os.fstat(descriptor).st_size) + 1)
    except FileNotFoundError:
        raise BundleError(f"{folder}: the file {name} is missing") from None
    except OSError as error:
        raise BundleError(f"{folder}: {name} cannot be read ({error.strerror})") from error
