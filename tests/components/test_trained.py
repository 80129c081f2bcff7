"""Training from storage to storage: which rows it is given, in which order, and what it leaves."""

import io
import pickletools
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from components.trained import train_on
from components.training_record import read_relatives, read_training
from tests.components.let_through import TRAIN
from tests.components.parted import FIRST, PARTS, SPLITS, Parted, parted, rows
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.contract.table import encode_table
from tollgate.data.validate import EVENT
from tollgate.storage.folder import FolderStorage
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import train

SECTION = TrainSection.read(TRAIN)
# By name: the method of the split, and the columns that the problem has not.
PROBLEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "time": ("time", ()),
    "order": ("order", ("day",)),
    "random, by group": ("random", ("day",)),
    "random, by id": ("random", ("day", "household")),
    "random, by row": ("random", ("day", "household", "loan")),
    "random, with days": ("random", ()),
}
Problems = Mapping[str, Parted]


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Problems:
    folder = tmp_path_factory.mktemp("problems")
    return {name: parted(folder / name, *how) for name, how in PROBLEMS.items()}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Part]:
    """The parts that the last training was given."""
    parts: dict[str, Part] = {}

    def listening(contract: Any, section: Any, found: Mapping[str, Part], *more: Any) -> Any:
        parts.update(found)
        return train(contract, section, found, *more)

    monkeypatch.setattr("components.trained.train", listening)
    return parts


def train_in(
    folder: Path, problem: Parted, section: TrainSection = SECTION
) -> tuple[str, str, FolderStorage]:
    storage = FolderStorage(folder)
    shutil.copytree(problem.storage.root / "splits", folder / "splits", dirs_exist_ok=True)
    bundle, record, _ = train_on(problem.splits, problem.contract, section, storage)
    return bundle, record, storage


@pytest.mark.parametrize("method", SPLITS)
def test_the_four_parts_are_disjoint_and_leave_out_only_what_was_not_known(
    problems: Problems, method: str
) -> None:
    problem = problems[method if method != "random" else "random, with days"]
    loans = {name: set(problem.part(name).column("loan").to_pylist()) for name in PARTS}
    assert all(len(some) > 80 for some in loans.values())
    assert sum(map(len, loans.values())) == len(set.union(*loans.values())) == len(rows())


def test_a_household_is_in_one_part_alone_where_rows_are_drawn(problems: Problems) -> None:
    problem = problems["random, by group"]
    households = [set(problem.part(name).column("household").to_pylist()) for name in PARTS]
    assert sum(map(len, households)) == len(set.union(*households))


def order_of(given: Mapping[str, Part], problem: Parted) -> dict[str, tuple[pa.Table, Any]]:
    """By part its rows in storage, and the order that training was given for them."""
    train_on(problem.splits, problem.contract, SECTION, problem.storage)
    assert list(given) == ["fit", "calibration", "threshold"]
    return {name: (problem.part(name), part.order) for name, part in given.items()}


@pytest.mark.parametrize("name", ["time", "random, with days"])
def test_with_days_a_row_is_as_late_as_its_day(problems: Problems, given: dict[str, Part], name: str) -> None:
    for table, order in order_of(given, problems[name]).values():
        days = [(day - FIRST).days for day in table.column("day").to_pylist()]
        assert np.array_equal(order - order.min(), np.array(days) - min(days))


def test_by_order_a_row_is_as_late_as_it_stands_in_the_file(
    problems: Problems, given: dict[str, Part]
) -> None:
    place = {row["loan"]: number for number, row in enumerate(rows())}
    for table, order in order_of(given, problems["order"]).values():
        places = np.array([place[loan] for loan in table.column("loan").to_pylist()])
        assert np.array_equal(np.argsort(order), np.argsort(places))


def test_without_days_a_household_is_early_or_late_together(
    problems: Problems, given: dict[str, Part]
) -> None:
    for table, order in order_of(given, problems["random, by group"]).values():
        households = table.column("household").to_pylist()
        pairs = set(zip(households, order.tolist(), strict=True))
        assert len(pairs) == len(set(households)) == len(set(order.tolist()))


@pytest.mark.parametrize("name", ["random, by id", "random, by row"])
def test_without_days_and_groups_each_row_has_a_place_that_means_nothing(
    problems: Problems, given: dict[str, Part], name: str
) -> None:
    table, order = order_of(given, problems[name])["fit"]
    assert len(set(order.tolist())) == table.num_rows > 400
    assert np.corrcoef(order, np.arange(table.num_rows))[0, 1] == pytest.approx(0, abs=0.1)
    assert np.corrcoef(order, table.column("amount").to_numpy())[0, 1] == pytest.approx(0, abs=0.1)
    np.testing.assert_allclose(np.quantile(order, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.06)


def test_the_place_of_a_drawn_row_is_not_that_which_drew_its_part(
    problems: Problems, given: dict[str, Part]
) -> None:
    """Else the latest rows of the fit part would be those next to the calibration part, in every split alike."""
    places = [order for _, order in order_of(given, problems["random, by id"]).values()]
    assert max(order.min() for order in places) < 0.1
    assert min(order.max() for order in places) > 0.9


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_features_and_outcomes_are_those_of_the_parts(
    problems: Problems, given: dict[str, Part], name: str
) -> None:
    problem = problems[name]
    order_of(given, problem)
    for part, found in given.items():
        table = problem.part(part)
        expected = [
            table.column("amount").to_numpy(),
            np.array(table.column("purpose").to_pylist()) == "home",
        ]
        np.testing.assert_array_equal(found.rows, np.column_stack(expected))
        outcomes = [float(value) for value in table.column("default").to_pylist()]
        assert found.events.tolist() == outcomes


@pytest.mark.parametrize(("method", "leave_out"), [("time", ()), ("random", ("day",))])
def test_the_rows_of_the_file_in_another_order_give_the_same_bundle(
    problems: Problems, tmp_path: Path, method: str, leave_out: tuple[str, ...]
) -> None:
    name = "time" if method == "time" else "random, by group"
    whole = rows()
    shuffled = [whole[at] for at in np.random.default_rng(9).permutation(len(whole))]
    other = parted(tmp_path / "other", method, leave_out, shuffled)
    few = {"max_iter": 4, "n_iter_no_change": 2, "max_leaf_nodes": 4}
    boosting = TrainSection.read({**TRAIN, "model": "gradient_boosting", "parameters": few})
    expected, record, _ = train_in(tmp_path / "one", problems[name], boosting)
    found, other_record, storage = train_in(tmp_path / "two", other, boosting)
    assert (found, other_record) == (expected, record)
    Bundle.load(storage.folder(f"bundles/{found}"), found).prove()


def test_the_record_names_the_bundle_the_libraries_and_the_rows_of_each_part(
    problems: Problems, tmp_path: Path
) -> None:
    problem = problems["time"]
    bundle, training, storage = train_in(tmp_path / "one", problem)
    record = read_training(training, storage)
    assert record["bundle"] == bundle
    assert {"scikit-learn", "onnx", "numpy", "python", "tollgate"} <= set(record["libraries"])
    tables = {name: problem.part(name) for name in PARTS[:-1]}
    assert record["rows"] == {name: table.num_rows for name, table in tables.items()}
    assert record["events"] == {
        name: table.column("default").to_pylist().count("1") for name, table in tables.items()
    }


def test_a_yardstick_is_always_kept_and_is_another_model_than_a_scorecard(
    problems: Problems, tmp_path: Path
) -> None:
    problem = problems["time"]
    section = TrainSection.read({**TRAIN, "model": "scorecard"})
    bundle, training, storage = train_in(tmp_path / "one", problem, section)
    plain, plain_training, plain_storage = train_in(tmp_path / "two", problem)
    rows_ = encode_table(problem.part("holdout"), problem.contract)
    yardstick = Scorer(read_relatives(training, storage)["yardstick"]).score(rows_).margin
    loaded = Bundle.load(plain_storage.folder(f"bundles/{plain}"), plain)
    np.testing.assert_array_equal(yardstick, loaded.score(rows_).margin)
    assert (
        read_relatives(plain_training, plain_storage)["yardstick"]
        == read_relatives(training, storage)["yardstick"]
    )
    scorecard = Bundle.load(storage.folder(f"bundles/{bundle}"), bundle)
    assert np.abs(scorecard.score(rows_).margin - yardstick).max() > 0.01


def flip_the_outcomes_of_the_holdout(folder: Path) -> None:
    """What a split would hold if every outcome of the holdout had been the other one."""
    path = folder / "holdout.parquet"
    table = pyarrow.parquet.read_table(path)
    flipped = pa.array([1.0 - event for event in table.column(EVENT).to_pylist()])
    table = table.set_column(table.column_names.index(EVENT), EVENT, flipped)
    other = pa.array(["1" if value == "0" else "0" for value in table.column("default").to_pylist()])
    table = table.set_column(table.column_names.index("default"), "default", other)
    pyarrow.parquet.write_table(table, path)


def test_the_outcomes_of_the_holdout_have_no_part_in_the_bundle(problems: Problems, tmp_path: Path) -> None:
    problem = problems["time"]
    expected, _, _ = train_in(tmp_path / "one", problem)
    shutil.copytree(problem.storage.root / "splits", tmp_path / "flipped" / "splits")
    flip_the_outcomes_of_the_holdout(tmp_path / "flipped" / "splits" / problem.splits)
    flipped = FolderStorage(tmp_path / "flipped")
    assert train_on(problem.splits, problem.contract, SECTION, flipped)[0] == expected


def test_no_file_that_training_leaves_is_a_pickle(problems: Problems, tmp_path: Path) -> None:
    bundle, training, storage = train_in(tmp_path / "one", problems["time"])
    paths = [
        *storage.folder(f"bundles/{bundle}").iterdir(),
        *storage.folder(f"training/{training}").iterdir(),
    ]
    assert len(paths) == 6 + 2 + len(read_relatives(training, storage))
    for path in paths:
        with pytest.raises(ValueError):
            pickletools.dis(path.read_bytes(), out=io.StringIO())


def test_another_section_gives_another_bundle(problems: Problems, tmp_path: Path) -> None:
    first, _, _ = train_in(tmp_path / "one", problems["time"])
    stricter = TrainSection.read({**TRAIN, "decision": {"approve_rate": 0.5}})
    assert train_in(tmp_path / "two", problems["time"], stricter)[0] != first
