"""Who can rewrite storage between the steps, manifests and all, is not believed: each digest holds its content."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from components.frozen import MANIFEST, freeze, read_method, read_part
from components.measured import gather_evidence
from components.trained import train_on
from components.validated import JSON, keep_validation
from tests.components.let_through import SERVING, TRAIN
from tests.components.parted import AS_OF, COLUMNS, PARTS, SPLITS, Parted, parted, rows
from tollgate.canonical import canonical_json, sha256
from tollgate.data.column_digest import column_digest
from tollgate.data.ingest import PART, ROW_NUMBER
from tollgate.data.section import Format
from tollgate.data.validate import EVENT
from tollgate.errors import StorageError
from tollgate.evaluation.section import EvaluateSection
from tollgate.storage.folder import FolderStorage
from tollgate.training.section import TrainSection

Change = Callable[[pa.Table], pa.Table]
Row = dict[str, str]
DATA: dict[str, Any] = {"columns": COLUMNS}


def flipped(table: pa.Table) -> pa.Table:
    """Every outcome the other one, in the target and in what was derived from it."""
    other = pa.array(["1" if value == "0" else "0" for value in table.column("default").to_pylist()])
    return only_events_flipped(replaced(table, "default", other))


def only_events_flipped(table: pa.Table) -> pa.Table:
    return replaced(table, EVENT, pa.array(1 - table.column(EVENT).to_numpy()))


def one_feature(table: pa.Table) -> pa.Table:
    amounts = table.column("amount").to_numpy().copy()
    amounts[0] = np.nextafter(amounts[0], 0)
    return replaced(table, "amount", pa.array(amounts))


def one_purpose_missing(table: pa.Table) -> pa.Table:
    return replaced(table, "purpose", pa.array([None, *table.column("purpose").to_pylist()[1:]], pa.string()))


def a_row_less(table: pa.Table) -> pa.Table:
    return table.slice(1)


def rows_swapped(table: pa.Table) -> pa.Table:
    return table.take(pa.array([1, 0, *range(2, table.num_rows)]))


def turned(table: pa.Table) -> pa.Table:
    """The last rows of the file as its first, for training by order."""
    return replaced(table, ROW_NUMBER, pa.array(-table.column(ROW_NUMBER).to_numpy()))


def replaced(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def copied(problem: Parted, folder: Path) -> Parted:
    """A problem whose storage a test may change."""
    shutil.copytree(problem.storage.root, folder)
    return Parted(FolderStorage(folder), problem.splits, problem.validation, problem.contract)


def rewrite(problem: Parted, change: Change, method: str = "", parts: tuple[str, ...] = PARTS) -> None:
    """Change the files of a split, and its manifest so that it is about these very files."""
    folder = problem.storage.root / "splits" / problem.splits
    content = json.loads((folder / MANIFEST).read_bytes())
    content["method"] = method or content["method"]
    for name in parts:
        path = folder / f"{name}.parquet"
        table = change(pyarrow.parquet.read_table(path))
        pyarrow.parquet.write_table(table, path)
        columns = [[column, column_digest(table.column(column))] for column in table.column_names]
        content["parts"][name] = {"rows": table.num_rows, "columns": columns}
    (folder / MANIFEST).write_bytes(canonical_json(content))


def train_in(problem: Parted) -> tuple[str, str]:
    section = TrainSection.read(TRAIN)
    bundle, training, _ = train_on(problem.splits, problem.contract, section, problem.storage)
    return bundle, training


def measure(problem: Parted, bundle: str, training: str) -> None:
    given = (bundle, training, problem.splits, problem.validation, "{}", EvaluateSection(), Format(), SERVING)
    gather_evidence(*given, problem.storage, "local")


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Parted]:
    folder = tmp_path_factory.mktemp("problems")
    leave_out: dict[str, tuple[str, ...]] = {"random": ("day",), "order": ("day",), "time": ()}
    return {method: parted(folder / method, method, leave_out[method]) for method in SPLITS}


@pytest.fixture(scope="module")
def trained(problems: Mapping[str, Parted]) -> tuple[str, str]:
    return train_in(problems["random"])


# By name: the method of the split, and what is changed in the files.
REWRITTEN: dict[str, tuple[str, Change]] = {
    "outcomes": ("random", flipped),
    "events alone": ("random", only_events_flipped),
    "a feature of one row": ("random", one_feature),
    "a value left out": ("time", one_purpose_missing),
    "a row left out": ("random", a_row_less),
    "the order": ("random", rows_swapped),
    "row numbers, where rows are parted by order": ("order", turned),
}


@pytest.mark.parametrize("name", REWRITTEN)
@pytest.mark.parametrize("and_manifest", [True, False])
def test_a_split_that_was_rewritten_is_not_trained_on(
    problems: Mapping[str, Parted], tmp_path: Path, name: str, and_manifest: bool
) -> None:
    method, change = REWRITTEN[name]
    problem = copied(problems[method], tmp_path / "storage")
    folder = problem.storage.root / "splits" / problem.splits
    before = (folder / MANIFEST).read_bytes()
    rewrite(problem, change, parts=PARTS[:1])
    if not and_manifest:
        (folder / MANIFEST).write_bytes(before)
    with pytest.raises(StorageError, match=r"changed or damaged.* Delete its folder"):
        train_in(problem)


@pytest.mark.parametrize("name", [name for name, (method, _) in REWRITTEN.items() if method == "random"])
@pytest.mark.parametrize("and_manifest", [True, False])
def test_a_holdout_that_was_rewritten_is_not_measured_on(
    problems: Mapping[str, Parted], trained: tuple[str, str], tmp_path: Path, name: str, and_manifest: bool
) -> None:
    problem = copied(problems["random"], tmp_path / "storage")
    folder = problem.storage.root / "splits" / problem.splits
    before = (folder / MANIFEST).read_bytes()
    rewrite(problem, REWRITTEN[name][1], parts=PARTS[-1:])
    if not and_manifest:
        (folder / MANIFEST).write_bytes(before)
    with pytest.raises(StorageError, match=r"changed or damaged.* Delete its folder"):
        measure(problem, *trained)


def test_a_holdout_that_was_not_is_measured_on(
    problems: Mapping[str, Parted], trained: tuple[str, str], tmp_path: Path
) -> None:
    measure(copied(problems["random"], tmp_path / "storage"), *trained)


def test_another_method_in_the_manifest_is_noticed(problems: Mapping[str, Parted], tmp_path: Path) -> None:
    problem = copied(problems["order"], tmp_path / "storage")
    rewrite(problem, lambda table: table, method="random")
    with pytest.raises(StorageError, match="changed or damaged"):
        read_method(problem.splits, problem.storage)
    with pytest.raises(StorageError, match="changed or damaged"):
        train_in(problem)


def test_another_split_in_the_place_of_one_is_noticed(
    problems: Mapping[str, Parted], trained: tuple[str, str], tmp_path: Path
) -> None:
    """Both are as Tollgate wrote them: only the name tells."""
    problem = copied(problems["random"], tmp_path / "storage")
    other = parted(tmp_path / "other", "random", ["day"], rows(seed=2))
    shutil.rmtree(problem.storage.root / "splits" / problem.splits)
    shutil.copytree(
        other.storage.root / "splits" / other.splits, problem.storage.root / "splits" / problem.splits
    )
    with pytest.raises(StorageError, match="changed or damaged"):
        train_in(problem)
    with pytest.raises(StorageError, match="changed or damaged"):
        measure(problem, *trained)


@pytest.mark.parametrize("column", [EVENT, "default", "amount"])
def test_columns_that_are_read_alone_are_held_as_well(
    problems: Mapping[str, Parted], tmp_path: Path, column: str
) -> None:
    problem = copied(problems["random"], tmp_path / "storage")
    path = problem.storage.root / "splits" / problem.splits / "holdout.parquet"
    table = pyarrow.parquet.read_table(path)
    pyarrow.parquet.write_table(one_feature(flipped(table)), path)
    with pytest.raises(StorageError, match=f"column {column} .*changed or damaged"):
        read_part(problem.splits, "holdout", problem.storage, [column])
    found = read_part(problem.splits, "holdout", problem.storage, ["purpose"])
    assert found.column("purpose").to_pylist() == table.column("purpose").to_pylist()


def test_nothing_is_read_that_the_digest_does_not_hold(
    problems: Mapping[str, Parted], tmp_path: Path
) -> None:
    problem = copied(problems["random"], tmp_path / "storage")
    path = problem.storage.root / "splits" / problem.splits / "holdout.parquet"
    table = pyarrow.parquet.read_table(path)
    assert ROW_NUMBER not in table.column_names, "the same rows from other files are the same split"
    pyarrow.parquet.write_table(table.append_column("more", pa.array(range(table.num_rows))), path)
    assert problem.part("holdout").equals(table)
    with pytest.raises(StorageError, match="has no column more"):
        read_part(problem.splits, "holdout", problem.storage, ["more"])


# How other writers, or other versions of this one, might lay out the same rows.
WRITTEN: dict[str, Callable[[pa.Table, Path], None]] = {
    "small row groups": lambda table, path: pyarrow.parquet.write_table(table, path, row_group_size=7),
    "no compression, no dictionary": lambda table, path: pyarrow.parquet.write_table(
        table, path, compression="none", use_dictionary=False, version="1.0"
    ),
    "dictionaries in memory": lambda table, path: pyarrow.parquet.write_table(
        replaced(table, "purpose", table.column("purpose").dictionary_encode()), path
    ),
    "large texts": lambda table, path: pyarrow.parquet.write_table(
        replaced(table, "loan", table.column("loan").cast(pa.large_string())), path
    ),
    "columns turned round": lambda table, path: pyarrow.parquet.write_table(
        table.select(table.column_names[::-1]), path
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_same_rows_written_in_another_way_are_the_same_split(
    problems: Mapping[str, Parted], trained: tuple[str, str], tmp_path: Path, name: str
) -> None:
    problem = copied(problems["random"], tmp_path / "storage")
    for part in PARTS:
        path = problem.storage.root / "splits" / problem.splits / f"{part}.parquet"
        before = path.read_bytes()
        WRITTEN[name](pyarrow.parquet.read_table(path), path)
        assert path.read_bytes() != before
        assert problem.part(part).equals(problems["random"].part(part))
    assert train_in(problem) == trained


def forge_snapshot(found: list[Row], storage: FolderStorage, digest: str) -> None:
    """Put other rows, with a manifest that is about them, in the place of a snapshot."""
    folder = storage.root.parent / "forged"
    source = write_source(folder, found)
    forgery = FolderStorage(folder / "storage")
    forged, _ = freeze(source, DATA, AS_OF, forgery, True)
    assert forged != digest
    shutil.rmtree(storage.root / "snapshots" / digest)
    shutil.move(forgery.root / "snapshots" / forged, storage.root / "snapshots" / digest)


def write_source(folder: Path, found: list[Row]) -> str:
    folder.mkdir()
    path = folder / "loans.csv"
    path.write_text("\n".join([",".join(COLUMNS), *(",".join(row.values()) for row in found)]) + "\n")
    return str(path)


FORGED: dict[str, Callable[[list[Row]], list[Row]]] = {
    "an outcome": lambda found: [{**found[0], "default": str(1 - int(found[0]["default"]))}, *found[1:]],
    "a feature": lambda found: [{**found[0], "amount": "100.5"}, *found[1:]],
    "a row less": lambda found: found[1:],
    "the order": lambda found: [found[1], found[0], *found[2:]],
}


@pytest.mark.parametrize("name", FORGED)
def test_a_snapshot_that_was_rewritten_is_not_parted(tmp_path: Path, name: str) -> None:
    storage, found = FolderStorage(tmp_path / "storage"), rows()
    digest, _ = freeze(write_source(tmp_path / "data", found), DATA, AS_OF, storage, True)
    forge_snapshot(FORGED[name](found), storage, digest)
    with pytest.raises(StorageError, match=r"changed or damaged.* Delete its folder"):
        keep_validation(digest, "{}", DATA, SPLITS["order"], False, storage)
    assert not storage.exists("splits")


def test_row_numbers_that_were_rewritten_do_not_turn_the_order(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "storage")
    digest, _ = freeze(write_source(tmp_path / "data", rows()), DATA, AS_OF, storage, True)
    folder = storage.root / "snapshots" / digest
    write_snapshot(folder, turned(pyarrow.parquet.read_table(folder / PART)))
    with pytest.raises(StorageError, match="changed or damaged"):
        keep_validation(digest, "{}", DATA, SPLITS["order"], False, storage)


def test_a_snapshot_whose_digest_leaves_the_order_open_is_not_parted_by_it(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "storage")
    digest, _ = freeze(write_source(tmp_path / "data", rows()), DATA, AS_OF, storage)
    with pytest.raises(StorageError, match="does not hold the order of its rows"):
        keep_validation(digest, "{}", DATA, SPLITS["order"], False, storage)
    keep_validation(digest, "{}", DATA, SPLITS["time"], False, storage)


@pytest.mark.parametrize("ordered", [True, False])
def test_a_snapshot_that_was_written_in_another_way_is_the_same(tmp_path: Path, ordered: bool) -> None:
    storage = FolderStorage(tmp_path / "storage")
    digest, _ = freeze(write_source(tmp_path / "data", rows()), DATA, AS_OF, storage, ordered)
    split = SPLITS["order" if ordered else "time"]
    expected = keep_validation(digest, "{}", DATA, split, False, storage)
    folder = storage.root / "snapshots" / digest
    table = pyarrow.parquet.read_table(folder / PART)
    write_snapshot(folder, table.set_column(4, "purpose", table.column("purpose").dictionary_encode()))
    found = keep_validation(digest, "{}", DATA, split, False, storage)
    assert (found.digest, found.splits) == (expected.digest, expected.splits)


def write_snapshot(folder: Path, table: pa.Table) -> None:
    """Rows in the place of a snapshot's, in small row groups; what its manifest says of the file is kept true."""
    pyarrow.parquet.write_table(table, folder / PART, row_group_size=100)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"] = {PART: sha256((folder / PART).read_bytes())}
    (folder / MANIFEST).write_bytes(canonical_json(manifest))


def test_a_report_on_the_data_that_was_rewritten_is_not_measured_with(
    problems: Mapping[str, Parted], trained: tuple[str, str], tmp_path: Path
) -> None:
    problem = copied(problems["random"], tmp_path / "storage")
    folder = problem.storage.root / "validations" / problem.validation
    report = json.loads((folder / JSON).read_bytes())
    (folder / JSON).write_bytes(canonical_json({**report, "repeats": [], "embargoed": 1}))
    with pytest.raises(StorageError, match=r"validation\.json: was changed or damaged"):
        measure(problem, *trained)
