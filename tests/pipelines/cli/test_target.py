"""`tollgate status`, `rollback` and `serve`: what is published, and going back."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.command import tollgate
from tests.pipelines.places import NAME, Place, promote
from tollgate.bundle.bundle import Bundle

pytestmark = pytest.mark.long


def status_of(place: Place) -> dict[str, Any]:
    ended = tollgate(place.folder, "status", "--json")
    assert (ended.status, ended.err) == (0, "")
    found: dict[str, Any] = json.loads(ended.out)
    return found


def test_before_anything_was_published_status_says_what_to_type(fresh: Place) -> None:
    ended = tollgate(fresh.folder, "status")
    assert (ended.status, ended.out) == (0, f"{NAME}: nothing is published yet; next: tollgate run\n")
    assert status_of(fresh) == {"name": NAME, "live": None, "bundle_folder": None, "history": []}
    assert not fresh.storage.root.exists()


def test_status_names_what_is_live_and_what_was_before(served: Place) -> None:
    promote(served)
    live = served.target.current()
    assert live is not None
    first, *lines = tollgate(served.folder, "status").out.splitlines()
    assert first == f"{NAME}: generation 2 is live, release {live.release[:12]}"
    assert [line.split()[0] for line in lines] == ["2", "1"]
    found = status_of(served)
    assert found["live"]["generation"] == 2
    assert [entry["generation"] for entry in found["history"]] == [2, 1]
    assert [entry["kind"] for entry in found["history"]] == ["promote", "promote"]
    Bundle.load(Path(found["bundle_folder"]), found["live"]["bundle"]).prove()


def test_rollback_makes_the_release_before_live_again(served: Place) -> None:
    before = status_of(served)["live"]
    promote(served)
    ended = tollgate(served.folder, "rollback", "--reason", "too many rejections")
    assert ended.status == 0
    said = f"{NAME}: release {before['release'][:12]} is live again, as generation 3; "
    assert ended.out.startswith(said)
    found = status_of(served)
    assert (found["live"]["release"], found["live"]["generation"]) == (before["release"], 3)
    assert (found["history"][0]["kind"], found["history"][0]["reason"]) == ("rollback", "too many rejections")
    assert "rollback" in tollgate(served.folder, "status").out
    assert "too many rejections" in tollgate(served.folder, "status").out


def test_rollback_goes_to_the_release_that_is_named(served: Place) -> None:
    first = status_of(served)["live"]["release"]
    promote(served, replicas=2)
    promote(served, replicas=3)
    assert tollgate(served.folder, "rollback", "--to", first[:10]).status == 0
    assert status_of(served)["live"]["release"] == first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no other release was live before this one"),
        (("--to", "0" * 12), "'000000000000' names no one release to go back to"),
    ],
)
def test_a_rollback_to_nowhere_changes_nothing(served: Place, words: tuple[str, ...], said: str) -> None:
    if words:
        promote(served)
    before = served.target.current()
    ended = tollgate(served.folder, "rollback", *words)
    assert (ended.status, ended.out) == (1, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert served.target.current() == before


def test_a_lost_pointer_is_told_and_rollback_restores_it(served: Place) -> None:
    pointer = served.storage.root / "targets" / NAME / "pointer.json"
    lost = json.loads(pointer.read_text())
    pointer.unlink()
    ended = tollgate(served.folder, "status")
    assert ended.status == 1
    assert "is missing, but there is a history" in ended.err
    assert tollgate(served.folder, "rollback").status == 0
    assert status_of(served)["live"]["release"] == lost["release"]


def test_serving_before_anything_was_published_says_what_to_type(fresh: Place) -> None:
    ended = tollgate(fresh.folder, "serve", "--port", "0")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "tollgate: nothing is published yet: type `tollgate run` first\n"
