from pathlib import Path

import pytest

from tests.pipelines.command import tollgate
from tests.pipelines.places import FirstRun, Place, crowd, small_book
from tests.pipelines.replay import Recorded, record


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A small loan book and its workflow; nothing was run. Not to be changed by a test."""
    return small_book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="session")
def first_run(book: Place, tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """One `tollgate run` in a small book, in a folder such as users have: odd to quote, and full of modules."""
    place = book.copy(tmp_path_factory.mktemp("first") / 'A user\'s "own" folder: 100 % ü $HOME')
    crowd(place.folder)
    return FirstRun(place, tollgate(place.folder, "run"))


@pytest.fixture(scope="session")
def recorded(first_run: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """The pipeline of the first run, to be run again with other steps."""
    return record(first_run.place, tmp_path_factory.mktemp("recorded"))


@pytest.fixture
def fresh(book: Place, tmp_path: Path) -> Place:
    """A book of one's own; nothing was run."""
    return book.copy(tmp_path / "fresh")


@pytest.fixture
def served(first_run: FirstRun, tmp_path: Path) -> Place:
    """A copy of the place of the first run, whose model is published."""
    return first_run.place.copy(tmp_path / "served")
