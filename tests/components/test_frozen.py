"""Snapshots and splits lie in storage under the digest of their content, and are checked whenever they are read."""

import contextlib
import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import pytest

from components.frozen import freeze, keep_splits, read_method, read_part, read_snapshot
from components.policy_file import POLICY_FILE
from tollgate.canonical import sha256
from tollgate.data.ingest import PART
from tollgate.data.section import DataSection
from tollgate.data.split import PARTS
from tollgate.data.split_section import SplitSection
from tollgate.data.validate import validate
from tollgate.errors import DataError, StorageError
from tollgate.storage.folder import FolderStorage

ROWS = [f"{number},{number % 7 / 10},{'yes' if number % 3 else 'no'}" for number in range(120)]
DATA: dict[str, Any] = {
    "columns": {"id": {"role": "id"}, "x": {"type": "number"}, "y": {"role": "target", "positive": "no"}}
}
SPLIT = SplitSection(method="random", holdout=0.25, salt="a")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "rows.csv"
    path.parent.mkdir()
    write(path, ROWS)
    return path


def write(path: Path, rows: list[str]) -> None:
    path.write_text("\n".join(["id,x,y", *rows]) + "\n")


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def split(source: Path, storage: FolderStorage) -> str:
    digest, _ = freeze(str(source), DATA, "", storage)
    section = DataSection.read({**DATA, "source": digest})
    validated = validate(read_snapshot(digest, storage), section, SPLIT)
    keep_splits(validated, storage)
    return validated.digest


def test_the_same_rows_are_frozen_once_and_change_nothing_the_second_time(
    source: Path, storage: FolderStorage
) -> None:
    first, _ = freeze(str(source), DATA, "", storage)
    before = contents(storage.root)
    second, _ = freeze(str(source), DATA, "", storage)
    assert first == second
    assert contents(storage.root) == before
    assert list((storage.root / ".staging").iterdir()) == []


def test_the_order_of_the_rows_does_not_matter_but_a_value_does(source: Path, storage: FolderStorage) -> None:
    first, _ = freeze(str(source), DATA, "", storage)
    shuffled = ROWS[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - any order will do
    write(source, shuffled)
    assert freeze(str(source), DATA, "", storage)[0] == first
    write(source, [ROWS[0].replace("0.0", "0.1"), *ROWS[1:]])
    assert freeze(str(source), DATA, "", storage)[0] != first


def test_every_row_comes_back(source: Path, storage: FolderStorage) -> None:
    digest, population = freeze(str(source), DATA, "", storage)
    table = read_snapshot(digest, storage)
    assert sorted(table.column("id").to_pylist(), key=int) == [str(number) for number in range(120)]
    assert (population["read"], population["used"]) == (120, 120)


@pytest.mark.parametrize("given", ["2025-03-31", ""])
def test_the_population_says_as_of_which_day(source: Path, storage: FolderStorage, given: str) -> None:
    before = dt.datetime.now(dt.UTC).date()
    _, population = freeze(str(source), DATA, given, storage)
    after = dt.datetime.now(dt.UTC).date()
    assert population["as_of"] in ([given] if given else [str(before), str(after)])


@pytest.mark.parametrize(("prefix", "allowed"), [("{folder}/", True), ("/elsewhere/", False)])
def test_a_source_is_taken_only_from_where_the_policy_allows(
    source: Path,
    storage: FolderStorage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    prefix: str,
    allowed: bool,
) -> None:
    (tmp_path / "policy.yaml").write_text(f"sources: ['{prefix.format(folder=source.parent)}']\n")
    monkeypatch.setenv(POLICY_FILE, str(tmp_path / "policy.yaml"))
    if allowed:
        freeze(str(source), DATA, "", storage)
        return
    with pytest.raises(DataError, match="the policy does not allow this source"):
        freeze(str(source), DATA, "", storage)
    assert not storage.root.exists()


def test_bad_data_leaves_nothing_in_storage(source: Path, storage: FolderStorage) -> None:
    write(source, [*ROWS, "120,many,no"])
    with pytest.raises(DataError, match=r"rows\.csv: column x: 1 value .*121"):
        freeze(str(source), DATA, "", storage)
    assert contents(storage.root) == {}
    assert list((storage.root / ".staging").iterdir()) == []


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_a_snapshot_that_was_damaged_is_found(source: Path, storage: FolderStorage) -> None:
    digest, _ = freeze(str(source), DATA, "", storage)
    damage(storage.root / "snapshots" / digest / PART)
    with pytest.raises(StorageError, match=f"{PART}: is not the file that manifest.json names"):
        read_snapshot(digest, storage)


@pytest.mark.parametrize("lost", [PART, "manifest.json"])
def test_a_snapshot_that_lost_a_file_is_found(source: Path, storage: FolderStorage, lost: str) -> None:
    digest, _ = freeze(str(source), DATA, "", storage)
    (storage.root / "snapshots" / digest / lost).unlink()
    with pytest.raises(StorageError, match="cannot be read"):
        read_snapshot(digest, storage)


def test_a_snapshot_that_was_never_there_is_told(storage: FolderStorage) -> None:
    with pytest.raises(StorageError, match="is not there; was the storage cleared"):
        read_snapshot("0" * 64, storage)


def test_the_four_parts_hold_every_row_once(source: Path, storage: FolderStorage) -> None:
    splits = split(source, storage)
    ids = [row for name in PARTS for row in read_part(splits, name, storage, ["id"]).column("id").to_pylist()]
    assert sorted(ids, key=int) == [str(number) for number in range(120)]
    assert read_method(splits, storage) == "random"


def test_a_part_gives_only_the_columns_that_are_asked_for(source: Path, storage: FolderStorage) -> None:
    assert read_part(split(source, storage), "holdout", storage, ["x"]).column_names == ["x"]


def test_a_part_that_was_damaged_is_found_unless_its_values_are_whole(
    source: Path, storage: FolderStorage
) -> None:
    """Some bytes of a Parquet file mean nothing for its values, such as the smallest of them in a page."""
    splits = split(source, storage)
    path, expected = (
        storage.root / "splits" / splits / "fit.parquet",
        read_part(split(source, storage), "fit", storage),
    )
    whole = path.read_bytes()
    found = 0
    for place in range(0, len(whole), len(whole) // 60):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with contextlib.suppress(StorageError):
            assert read_part(splits, "fit", storage).equals(expected)
            continue
        found += 1
    assert found > 20


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_was_cut_short_is_found(source: Path, storage: FolderStorage, name: str) -> None:
    splits = split(source, storage)
    path = storage.root / "splits" / splits / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StorageError, match=rf"{name}\.parquet: .* Delete its folder"):
        read_part(splits, name, storage)


@pytest.mark.parametrize("lost", ["holdout.parquet", "manifest.json"])
def test_a_split_that_lost_a_file_is_found(source: Path, storage: FolderStorage, lost: str) -> None:
    splits = split(source, storage)
    (storage.root / "splits" / splits / lost).unlink()
    with pytest.raises(StorageError, match=f"{lost}: cannot be read"):
        read_part(splits, "holdout", storage)


def test_a_split_of_the_format_before_is_told_with_what_to_do(source: Path, storage: FolderStorage) -> None:
    splits = split(source, storage)
    path = storage.root / "splits" / splits / "manifest.json"
    path.write_text('{"files":{},"method":"random","version":2}')
    words = "has the format 2, and this Tollgate reads 3. Delete its folder: the next run makes it anew"
    with pytest.raises(StorageError, match=words):
        read_part(splits, "holdout", storage)
    with pytest.raises(StorageError, match=words):
        read_method(splits, storage)


@pytest.mark.parametrize("written", ["", "[]", "{}", "3", "[" * 100_000, '{"version":3}'])
def test_a_manifest_of_a_split_that_is_none_is_found(
    source: Path, storage: FolderStorage, written: str
) -> None:
    splits = split(source, storage)
    (storage.root / "splits" / splits / "manifest.json").write_text(written)
    with pytest.raises(StorageError, match=r"manifest\.json: .* Delete its folder"):
        read_method(splits, storage)


def test_the_manifest_of_a_split_is_its_content(source: Path, storage: FolderStorage) -> None:
    splits = split(source, storage)
    written = (storage.root / "splits" / splits / "manifest.json").read_bytes()
    assert sha256(written) == splits
    content = json.loads(written)
    assert (content["version"], content["method"], list(content["parts"])) == (3, "random", sorted(PARTS))
    for name in PARTS:
        assert content["parts"][name]["rows"] == read_part(splits, name, storage).num_rows
        assert [column for column, _ in content["parts"][name]["columns"]] == ["id", "x", "y", "__event__"]
