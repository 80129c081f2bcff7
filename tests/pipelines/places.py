"""A folder with a workflow and its data, as a user has one."""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from serving.release import release_of
from serving.section import ServingSection
from serving.targets import Pointer, Target, open_target
from tests.pipelines.command import Ended
from tollgate.simulate import simulate, write_book
from tollgate.storage.folder import FolderStorage

NAME = "credit-default"
END = dt.date(2025, 6, 15)
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Place:
    """A folder with a workflow.yaml and its data, and what runs left there."""

    folder: Path

    @property
    def workflow(self) -> Path:
        return self.folder / "workflow.yaml"

    @property
    def storage(self) -> FolderStorage:
        return FolderStorage(self.folder / ".tollgate")

    @property
    def target(self) -> Target:
        return open_target("local", self.storage.root, NAME)

    @property
    def latest_run(self) -> Path:
        """The folder of the newest run."""
        return max((self.storage.root / "runs").iterdir())

    def change(self, old: str, new: str) -> None:
        """Put something else for a text that stands once in the workflow."""
        text = self.workflow.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the workflow"
        self.workflow.write_text(text.replace(old, new))

    def copy(self, folder: Path) -> "Place":
        shutil.copytree(self.folder, folder)
        return Place(folder)


@dataclass(frozen=True)
class FirstRun:
    """The first run in a place, which deployed. Not to be changed by a test."""

    place: Place
    ended: Ended


def write_loans(path: Path, seed: int = 7) -> None:
    """A small loan book; the same seed gives the same one on any day."""
    write_book(simulate(rows=16_000, months=40, seed=seed, end=END), path)


def small_book(folder: Path) -> Place:
    """A small loan book with the repository's own workflow, its limits such that a small book can meet them."""
    place = Place(folder)
    write_loans(folder / "loans.csv")
    shutil.copy(REPOSITORY / "workflow.yaml", place.workflow)
    place.change("at_least: 0.65", "at_least: 0.55")
    place.change("{margin: 0.01}", "{margin: 0.05}\n  data: {rows: 200, fit_events: 20}")
    place.change("salt: a1", "salt: python3")  # a text that Kubeflow's local runner rewrites, left to itself
    return place


def crowd(folder: Path) -> None:
    """Put a user's own modules into a folder, with names that Tollgate uses and that break when imported."""
    for name in ("tollgate", "serving", "components", "pipelines"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise ImportError('the module of the user')\n")
    for name in ("kfp", "pydantic", "json"):
        (folder / f"{name}.py").write_text("raise ImportError('the module of the user')\n")


def promote(place: Place, replicas: int = 2) -> Pointer:
    """Another promotion, as someone else makes it: the live bundle, served by another number of replicas."""
    live = place.target.current()
    assert live is not None
    section = ServingSection(name=NAME, replicas=replicas)
    release = release_of(live.bundle, "f" * 64, section)
    return place.target.publish(release, place.target.bundle(live), live, section).pointer
