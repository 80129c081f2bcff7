"""Which rows of a holdout the models learned from, as the records of their trainings tell."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from components.learned import rows_learned
from components.measured import find_champion, gather_evidence
from components.trained import train_on
from tests.components.let_through import SERVING, TRAIN, Judged, judged_in
from tests.components.parted import Parted, parted, rows
from tollgate.canonical import canonical_json
from tollgate.data.section import Format
from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.rival import Seen
from tollgate.evaluation.section import EvaluateSection
from tollgate.storage.folder import FolderStorage
from tollgate.training.section import TrainSection


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judged, Parted]:
    """A champion, and in the same storage a split of most of its rows that has other parts."""
    folder = tmp_path_factory.mktemp("learned")
    first = judged_in(parted(folder / "first", "random", ["day"]))
    assert first.publish().outcome == "deployed"
    other = parted(folder / "other", "order", found=rows()[:1000])
    shutil.copytree(other.storage.root, first.storage.root, dirs_exist_ok=True)
    return first, Parted(first.storage, other.splits, other.validation, other.contract)


def told(world: tuple[Judged, Parted], storage: FolderStorage, splits: Parted, training: str) -> Seen:
    champion, bundle = find_champion(world[0].target)
    assert bundle is not None
    holdout, ours = splits.part("holdout"), (splits.contract, training)
    return rows_learned(holdout, splits.splits, ours, (bundle.contract, champion), storage)


@pytest.fixture
def copy(world: tuple[Judged, Parted], tmp_path: Path) -> FolderStorage:
    """The storage, to be damaged."""
    return FolderStorage(shutil.copytree(world[0].storage.root, tmp_path / "copy"))


def ids(problem: Parted, *parts: str) -> set[str]:
    return {name for part in parts for name in problem.part(part).column("loan").to_pylist()}


def test_rows_that_the_champion_learned_from_are_found_by_their_ids(world: tuple[Judged, Parted]) -> None:
    champion, problem = world[0].problem, world[1]
    training = train_on(
        problem.splits,
        problem.contract,
        TrainSection.read({"model": "logistic", "decision": {"threshold": 0.5}}),
        problem.storage,
    )[1]
    found = told(world, world[0].storage, problem, training)
    assert found.unknown == ""
    assert found.champion is not None
    learned = ids(champion, "fit", "calibration", "threshold")
    expected = [name in learned for name in problem.part("holdout").column("loan").to_pylist()]
    np.testing.assert_array_equal(found.champion, expected)
    assert 0.5 < found.champion.mean() < 0.95
    assert found.challenger is not None
    assert not found.challenger.any()


def release_folder(world: tuple[Judged, Parted], storage: FolderStorage) -> Path:
    champion, _ = find_champion(world[0].target)
    return storage.root / "releases" / str(champion.release)


def test_a_champion_without_a_record_in_this_storage_is_not_known(
    world: tuple[Judged, Parted], copy: FolderStorage
) -> None:
    shutil.rmtree(release_folder(world, copy))
    found = told(world, copy, world[1], world[0].training)
    assert found.champion is None
    assert "which rows the champion learned from is not known: this storage holds no record" in found.unknown


@pytest.mark.parametrize(
    "name", ["seen.parquet", "record.json", "evidence.json", "verdict.json", "release.json"]
)
@pytest.mark.parametrize("gone", [True, False], ids=["gone", "changed"])
def test_a_record_that_was_damaged_is_not_believed(
    world: tuple[Judged, Parted], copy: FolderStorage, name: str, gone: bool
) -> None:
    path = release_folder(world, copy) / name
    path.unlink() if gone else path.write_bytes(b"{}")
    found = told(world, copy, world[1], world[0].training)
    assert found.champion is None
    assert found.unknown.startswith("which rows the champion learned from is not known: ")


def test_hashes_of_no_rows_put_in_place_of_the_seen_ones_are_not_believed(
    world: tuple[Judged, Parted], copy: FolderStorage
) -> None:
    path = release_folder(world, copy) / "seen.parquet"
    pyarrow.parquet.write_table(world[0].problem.part("holdout"), path)
    assert "was changed" in told(world, copy, world[1], world[0].training).unknown


def test_a_champion_held_out_of_the_very_same_split_learned_from_none_of_it_though_its_hashes_are_gone(
    world: tuple[Judged, Parted], copy: FolderStorage
) -> None:
    (release_folder(world, copy) / "seen.parquet").unlink()
    found = told(world, copy, world[0].problem, world[0].training)
    assert found.unknown == ""
    assert found.champion is not None
    assert not found.champion.any()


def test_a_training_whose_hashes_are_gone_is_not_known(
    world: tuple[Judged, Parted], copy: FolderStorage
) -> None:
    (copy.root / "training" / world[0].training / "seen.parquet").unlink()
    found = told(world, copy, world[0].problem, world[0].training)
    assert found.challenger is None
    assert "which rows the challenger learned from is not known" in found.unknown


def test_the_next_challenger_is_compared_on_rows_that_the_champion_never_saw(
    world: tuple[Judged, Parted],
) -> None:
    champion, problem = world
    bundle, training, _ = train_on(
        problem.splits, problem.contract, TrainSection.read(TRAIN), problem.storage
    )
    found, _ = gather_evidence(
        bundle,
        training,
        problem.splits,
        problem.validation,
        "{}",
        EvaluateSection(),
        Format(),
        SERVING,
        problem.storage,
        "local",
    )
    comparison = found.comparison
    assert isinstance(comparison, Comparison)
    learned = ids(champion.problem, "fit", "calibration", "threshold")
    fresh = [name for name in problem.part("holdout").column("loan").to_pylist() if name not in learned]
    assert (comparison.rows, comparison.scored_rows, comparison.unknown) == (len(fresh), len(fresh), "")
    assert "groups" in {figure.drawn for figure in found.metrics.values()}, (
        "rows alone where they reach further"
    )
    assert Evidence.read(json.loads(canonical_json(found.as_json()))) == found
