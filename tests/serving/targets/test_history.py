import json
import re
import shutil
from pathlib import Path

import pytest

from serving.targets.local import LocalTarget
from tests.serving.targets.publishing import publish_all
from tests.small import SmallBundle
from tollgate.errors import TargetError


@pytest.fixture
def filled(target: LocalTarget, bundle: SmallBundle) -> LocalTarget:
    publish_all(target, bundle, "a", "b", "c")
    return target


def entry_of(target: LocalTarget, generation: int) -> Path:
    paths = (target.folder / "history").glob("*.json")
    return next(path for path in paths if json.loads(path.read_bytes())["generation"] == generation)


def test_each_entry_names_the_one_before_and_what_was_made_live(filled: LocalTarget) -> None:
    pointer, history = filled.current(), filled.history()
    assert pointer is not None
    assert [entry.generation for entry in history] == [3, 2, 1]
    assert [entry.kind for entry in history] == ["promote"] * 3
    assert history[0].release == pointer.release
    assert pointer.history == entry_of(filled, 3).stem
    assert history[0].previous == entry_of(filled, 2).stem
    assert history[1].previous == entry_of(filled, 1).stem
    assert history[2].previous is None


def test_entries_say_when_in_utc(filled: LocalTarget) -> None:
    for entry in filled.history():
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", entry.at)


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_an_entry_that_was_edited_is_found(filled: LocalTarget, generation: int) -> None:
    path = entry_of(filled, generation)
    path.write_text(path.read_text().replace('"reason":""', '"reason":"all was well"'))
    with pytest.raises(TargetError, match=f"{path.name}: was changed after it was written"):
        filled.history()


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_an_entry_that_is_missing_is_found(filled: LocalTarget, generation: int) -> None:
    path = entry_of(filled, generation)
    path.unlink()
    with pytest.raises(TargetError, match=f"{path.name}: an entry of the history is missing"):
        filled.history()


def test_an_entry_put_in_the_place_of_another_is_found(filled: LocalTarget) -> None:
    first, second = entry_of(filled, 1), entry_of(filled, 2)
    second.write_bytes(first.read_bytes())
    with pytest.raises(TargetError, match="was changed"):
        filled.history()


def test_nobody_goes_back_along_a_broken_history(filled: LocalTarget) -> None:
    live = filled.current()
    entry_of(filled, 2).unlink()
    with pytest.raises(TargetError, match="missing"):
        filled.rollback(None, "")
    assert filled.current() == live


def test_a_history_that_cannot_be_listed_is_not_taken_for_an_empty_one(filled: LocalTarget) -> None:
    """Here a file stands in the folder's place; a folder that is forbidden gives the same kind of error."""
    (filled.folder / "pointer.json").unlink()
    shutil.rmtree(filled.folder / "history")
    (filled.folder / "history").write_text("")
    with pytest.raises(TargetError, match="history: cannot be read"):
        filled.current()
