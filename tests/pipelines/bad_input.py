"""Input that must be refused, tried with the command line in a place where a model is published."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipelines.command import Ended, tollgate
from tests.pipelines.places import Place
from tollgate.canonical import sha256

DATA = "data.csv"
EVERY = 8


@dataclass(frozen=True)
class Bad:
    """Input that is refused.

    Attributes:
        make: Makes the data in an empty folder.
        says: Texts of the message, in this order, each a regular expression.
        source: What the workflow names, within that folder; empty for the folder itself.
        changes: What stands instead of what in the workflow.
        status: The exit status.
    """

    make: Callable[[Path], object]
    says: tuple[str, ...]
    source: str = DATA
    changes: Mapping[str, str] = field(default_factory=dict)
    status: int = 1


@dataclass(frozen=True)
class Refused:
    """How a run of bad input ended.

    Attributes:
        ended: What the command said.
        folder: Where the data lies.
        message: The message alone: what went wrong.
    """

    ended: Ended
    folder: Path
    message: str


Results = Mapping[str, Future[Refused]]


def sample(place: Place) -> list[str]:
    """The lines of a book: the header, and rows from all of its months."""
    header, *rows = (place.folder / "loans.csv").read_text().splitlines()
    return [header, *rows[::EVERY]]


def put(folder: Path, name: str, bad: Bad) -> Path:
    """A case in a folder that holds a place: its data, and the name of its workflow."""
    place, data = Place(folder), folder / "cases" / name
    data.mkdir(parents=True)
    bad.make(data)
    text = place.workflow.read_text()
    for old, new in {"source: loans.csv": f'source: "{data / bad.source}"', **bad.changes}.items():
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the workflow"
        text = text.replace(old, new)
    workflow = folder / f"{name}.yaml"
    workflow.write_text(text)
    return workflow


def attempt(folder: Path, name: str, bad: Bad, *words: str, before: tuple[str, ...] = ()) -> Refused:
    """Run a case, and take from what it says the message."""
    workflow = put(folder, name, bad)
    ended = tollgate(folder, "run", "--json", "--workflow", workflow.name, *words, before=before)
    return Refused(ended, folder / "cases" / name, message_of(ended))


def message_of(ended: Ended) -> str:
    """The reasons in the outcome, or what was said where no run began."""
    return "\n".join(json.loads(ended.out)["reasons"]) if ended.out else ended.err


@contextmanager
def attempted(place: Place, folder: Path, cases: Mapping[str, Bad]) -> Iterator[Results]:
    """Cases tried two at a time, in a copy of a place whose model is published; nothing half done may be left there."""
    copy = place.copy(folder / "place")
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(attempt, copy.folder, name, bad) for name, bad in cases.items()}
    check_clean(copy.storage.root)


def check_refused(place: Place, bad: Bad, refused: Refused) -> None:
    """One clear message and the right status; the published model as in the place that was copied."""
    said = refused.ended.out + refused.ended.err
    assert refused.ended.status == bad.status, said
    assert "Traceback" not in said
    assert "the step broke" not in said
    found = 0
    for words in bad.says:
        match = re.compile(words, re.DOTALL).search(refused.message, found)
        assert match, f"{words!r} is not said in {refused.message!r}"
        found = match.end()
    check_untouched(place, refused.folder.parents[1])


def check_untouched(place: Place, folder: Path) -> None:
    """What is published is byte for byte what it is in another place, and no run left anything half done."""
    storage = Place(folder).storage.root
    assert published(storage) == published(place.storage.root)


def check_clean(storage: Path) -> None:
    """Nothing half done is left once all runs have ended."""
    assert list(storage.glob(".staging/*")) == []
    assert list(storage.glob("runs/*/.*")) == []


def published(storage: Path) -> dict[str, str]:
    """The sha256 of each file under the targets of a storage."""
    files = [path for path in (storage / "targets").rglob("*") if path.is_file()]
    return {str(path.relative_to(storage)): sha256(path.read_bytes()) for path in files}
