"""The history of a target: a chain of entries, each named by its content and naming the one before."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from tollgate.canonical import canonical_json, sha256
from tollgate.errors import TargetError
from tollgate.release import Digest
from tollgate.section import Section
from tollgate.storage.atomic import write_file


class Entry(Section):
    """One promotion or rollback.

    Attributes:
        version: The format of an entry.
        kind: Whether a verdict or a person put the release there.
        release: The release's digest.
        bundle: Its bundle's digest.
        generation: The generation that it began.
        previous: The digest of the entry before; None for the first.
        at: When, UTC, ISO 8601.
        reason: Why; for a rollback in the words of the person.
    """

    version: Literal[1] = 1
    kind: Literal["promote", "rollback"]
    release: Digest
    bundle: Digest
    generation: Annotated[int, Field(ge=1)]
    previous: Digest | None
    at: str
    reason: str = ""


NEXT = "next"


def propose(folder: Path, entry: Entry) -> str:
    """Write an entry that counts once the pointer names it, and give its digest."""
    content = canonical_json(json.loads(entry.model_dump_json()))
    name = sha256(content)
    write_file(folder / NEXT / f"{name}.json", content)
    return name


def settle(folder: Path, name: str) -> None:
    """File an entry that the pointer names; done twice it is done once."""
    proposed = folder / NEXT / f"{name}.json"
    if proposed.exists():
        proposed.replace(folder / f"{name}.json")


def entries(folder: Path, head: str) -> Iterator[Entry]:
    """The entries from the newest to the first.

    Args:
        folder: Where they lie.
        head: The digest of the newest.

    Raises:
        TargetError: An entry is missing, or was changed.
    """
    name: str | None = head
    while name is not None:
        entry = _read(folder, name)
        yield entry
        name = entry.previous


def newest(folder: Path) -> str | None:
    """The digest of the filed entry with the highest generation, found without the pointer, or None.

    Raises:
        TargetError: The folder cannot be read: what lies there is not nothing.
    """
    names = sorted(path.stem for path in _files(folder) if path.suffix == ".json")
    found = [(_read(folder, name).generation, name) for name in names]
    return max(found)[1] if found else None


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise TargetError(f"{folder}: cannot be read ({type(error).__name__})") from error


def _read(folder: Path, name: str) -> Entry:
    path = folder / f"{name}.json"
    try:
        content = _content(folder, name)
        if sha256(content) != name:
            raise TargetError(f"{path}: was changed after it was written; the history cannot be trusted")
        return Entry.read(json.loads(content))
    except (OSError, ValueError, RecursionError) as error:
        raise TargetError(f"{path}: cannot be read ({type(error).__name__})") from error


def _content(folder: Path, name: str) -> bytes:
    """An entry's bytes, filed or, after a crash before the filing, still proposed."""
    for place in (folder, folder / NEXT, folder):  # looked at twice: it may be filed meanwhile
        with contextlib.suppress(FileNotFoundError):
            return (place / f"{name}.json").read_bytes()
    raise TargetError(f"{folder / name}.json: an entry of the history is missing")
