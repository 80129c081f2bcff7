"""Training from storage to storage: the same parts give the same bundle, and the holdout's outcomes stay unseen."""

import datetime as dt
import io
import json
import pickletools
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from components.frozen import MANIFEST, freeze, keep_splits, read_snapshot, read_training
from components.trained import train_on
from pipelines.config import Workflow, load_workflow
from tests.pipelines.places import REPOSITORY
from tollgate.bundle.bundle import Bundle
from tollgate.canonical import canonical_json, sha256
from tollgate.data.validate import EVENT, validate
from tollgate.simulate import simulate, write_book
from tollgate.storage.folder import FolderStorage


@pytest.fixture(scope="module")
def workflow() -> Workflow:
    return load_workflow(REPOSITORY / "workflow.yaml")


@pytest.fixture(scope="module")
def parted(workflow: Workflow, tmp_path_factory: pytest.TempPathFactory) -> tuple[FolderStorage, str]:
    """A storage with the splits of a small book. Not to be changed by a test."""
    folder = tmp_path_factory.mktemp("parted")
    write_book(simulate(rows=6_000, months=40, end=dt.date(2025, 6, 15)), folder / "loans.csv")
    storage = FolderStorage(folder / "storage")
    digest, _ = freeze(str(folder / "loans.csv"), workflow.data.as_json(), "", storage)
    validated = validate(read_snapshot(digest, storage), workflow.data, workflow.split)
    keep_splits(validated, storage)
    return storage, validated.digest


def train_in(
    folder: Path, parted: tuple[FolderStorage, str], workflow: Workflow
) -> tuple[str, str, FolderStorage]:
    storage, splits = parted
    copied = FolderStorage(folder)
    shutil.copytree(storage.root / "splits", folder / "splits", dirs_exist_ok=True)
    bundle, training, _ = train_on(splits, workflow.data.contract, workflow.train, copied)
    return bundle, training, copied


def test_the_same_parts_give_the_same_bundle_in_another_storage(
    parted: tuple[FolderStorage, str], workflow: Workflow, tmp_path: Path
) -> None:
    first, first_record, storage = train_in(tmp_path / "one", parted, workflow)
    second, second_record, _ = train_in(tmp_path / "two", parted, workflow)
    assert (first, first_record) == (second, second_record)
    Bundle.load(storage.folder(f"bundles/{first}"), first).prove()


def test_the_record_of_a_training_names_the_libraries(
    parted: tuple[FolderStorage, str], workflow: Workflow, tmp_path: Path
) -> None:
    _, training, storage = train_in(tmp_path / "one", parted, workflow)
    record = read_training(training, storage)
    assert {"scikit-learn", "onnx", "numpy", "python", "tollgate"} <= set(record["libraries"])
    assert sha256(storage.read(f"training/{training}.json")) == training


def flip_the_outcomes_of_the_holdout(folder: Path) -> None:
    """What a split would hold if every outcome of the holdout had been the other one."""
    path = folder / "holdout.parquet"
    table = pyarrow.parquet.read_table(path)
    flipped = pa.array([1.0 - event for event in table.column(EVENT).to_pylist()])
    table = table.set_column(table.column_names.index(EVENT), EVENT, flipped)
    other = pa.array(["1" if value == "0" else "0" for value in table.column("default").to_pylist()])
    table = table.set_column(table.column_names.index("default"), "default", other)
    pyarrow.parquet.write_table(table, path)
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"]["holdout.parquet"] = sha256(path.read_bytes())
    (folder / MANIFEST).write_bytes(canonical_json(manifest))


def test_the_outcomes_of_the_holdout_have_no_part_in_the_bundle(
    parted: tuple[FolderStorage, str], workflow: Workflow, tmp_path: Path
) -> None:
    expected, _, _ = train_in(tmp_path / "one", parted, workflow)
    storage, splits = parted
    shutil.copytree(storage.root / "splits", tmp_path / "flipped" / "splits")
    flip_the_outcomes_of_the_holdout(tmp_path / "flipped" / "splits" / splits)
    flipped = FolderStorage(tmp_path / "flipped")
    assert train_on(splits, workflow.data.contract, workflow.train, flipped)[0] == expected


def test_no_file_that_training_leaves_is_a_pickle(
    parted: tuple[FolderStorage, str], workflow: Workflow, tmp_path: Path
) -> None:
    bundle, _, storage = train_in(tmp_path / "one", parted, workflow)
    for path in storage.folder(f"bundles/{bundle}").iterdir():
        with pytest.raises(ValueError):
            pickletools.dis(path.read_bytes(), out=io.StringIO())


def test_another_section_gives_another_bundle(
    parted: tuple[FolderStorage, str], workflow: Workflow, tmp_path: Path
) -> None:
    first, _, storage = train_in(tmp_path / "one", parted, workflow)
    stricter = workflow.train.model_copy(
        update={"decision": workflow.train.decision.model_copy(update={"approve_rate": 0.5})}
    )
    second, _, _ = train_on(parted[1], workflow.data.contract, stricter, storage)
    assert first != second
