"""The validation report in storage: under the digest of what it was made from, whole, also where the step fails."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components.frozen import freeze, read_part
from components.progress import heard
from components.validate import validate
from components.validated import JSON, PAGE, Kept, keep_validation, main_facts, read_validation
from tollgate.canonical import canonical_json, sha256
from tollgate.errors import DataError, StorageError
from tollgate.storage.folder import FolderStorage

ROWS = [f"{number},{number % 7 / 10},{'yes' if number % 3 else 'no'},z" for number in range(120)]
BAD = [*ROWS[:-1], "119,-73915.5,no,z"]
DATA: dict[str, Any] = {
    "columns": {
        "id": {"role": "id"},
        "x": {"type": "number", "min": 0},
        "y": {"role": "target", "positive": "no"},
    }
}
SPLIT: dict[str, Any] = {"method": "random", "holdout": 0.25, "salt": "a"}


def write(folder: Path, **files: list[str]) -> str:
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text("\n".join(["id,x,y,more", *rows]) + "\n")
    return str(folder)


def frozen(source: str, storage: FolderStorage) -> tuple[str, str]:
    snapshot, population = freeze(source, DATA, "2025-06-01", storage)
    return snapshot, json.dumps(population)


def kept(
    source: str, storage: FolderStorage, show_values: bool = False, data: dict[str, Any] = DATA, **split: Any
) -> Kept:
    snapshot, population = frozen(source, storage)
    return keep_validation(snapshot, population, data, SPLIT | split, show_values, storage)


@pytest.fixture
def good(tmp_path: Path) -> str:
    return write(tmp_path / "good", rows=ROWS)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    return write(tmp_path / "bad", one=BAD[:100], two=BAD[100:])


def test_report_and_page_lie_under_the_digest_of_the_report(good: str, storage: FolderStorage) -> None:
    found = kept(good, storage)
    folder = storage.root / "validations" / found.digest
    assert {path.name for path in folder.iterdir()} == {JSON, PAGE}
    assert sha256((folder / JSON).read_bytes()) == found.digest
    assert found.place == folder / PAGE
    assert found.place.read_text() == found.page
    assert read_validation(found.digest, storage) == found.report
    assert read_part(found.splits, "fit", storage).num_rows == found.report.parts["fit"]["rows"]


def test_the_columns_that_were_dropped_are_counted_and_named(good: str, storage: FolderStorage) -> None:
    found = kept(good, storage)
    assert (found.report.population["dropped"], found.report.population["dropped_columns"]) == (1, ["more"])
    (note,) = found.report.of_level("note")
    assert note.said == "1 column of the source is not read: more"


def test_of_many_dropped_columns_a_hundred_are_handed_on_and_long_names_are_cut(
    tmp_path: Path, storage: FolderStorage
) -> None:
    names = [f"{'long' * 50}{number}" for number in range(150)]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([",".join(["id,x,y", *names]), *(row[:-1] + "," * 149 for row in ROWS)]) + "\n")
    _, population = freeze(str(path), DATA, "", storage)
    assert population["dropped"] == 150
    assert population["dropped_columns"] == [name[:64] for name in names[:100]]


def test_data_that_cannot_be_used_has_a_report_too_but_no_parts(bad: str, storage: FolderStorage) -> None:
    found = kept(bad, storage)
    assert found.splits == ""
    assert not storage.exists("splits")
    (error,) = read_validation(found.digest, storage).of_level("error")
    assert (error.column, error.rule, error.where) == ("x", "minimum", "row 20 of two.csv")
    with pytest.raises(DataError, match="column x: 1 row breaks the rule minimum"):
        found.report.refuse(str(found.place))


def test_the_same_again_has_the_same_name_and_anything_else_another(
    good: str, tmp_path: Path, storage: FolderStorage
) -> None:
    other = write(tmp_path / "other", rows=[*ROWS, "120,0.5,yes,z"])
    bounded = {"columns": DATA["columns"] | {"x": {"type": "number", "min": -1}}}
    names = [
        kept(good, storage).digest,
        kept(good, storage, show_values=True).digest,
        kept(good, storage, data=bounded).digest,
        kept(good, storage, salt="b").digest,
        kept(other, storage).digest,
    ]
    snapshot, population = frozen(good, storage)
    told = json.dumps(json.loads(population) | {"read": 500, "rejected": 380})
    names.append(keep_validation(snapshot, told, DATA, SPLIT, False, storage).digest)
    assert len(set(names)) == len(names)
    assert kept(good, storage).digest == names[0]


def test_row_numbers_belong_to_the_files_of_which_the_snapshot_was_made(
    bad: str, tmp_path: Path, storage: FolderStorage
) -> None:
    kept(bad, storage)
    renamed = write(tmp_path / "renamed", a=BAD[100:], b=BAD[:100])
    (error,) = kept(renamed, storage).report.of_level("error")
    assert error.where == "row 20 of two.csv", "the snapshot in storage was read from these"


def test_a_report_that_was_changed_or_lost_is_not_believed(good: str, storage: FolderStorage) -> None:
    found = kept(good, storage)
    path = found.place.with_name(JSON)
    path.write_bytes(path.read_bytes().replace(b'"rows":120', b'"rows":121'))
    with pytest.raises(StorageError, match="was changed or damaged"):
        read_validation(found.digest, storage)
    path.unlink()
    with pytest.raises(StorageError, match="cannot be read"):
        read_validation(found.digest, storage)
    with pytest.raises(StorageError):
        read_validation("0" * 64, storage)


def test_a_report_of_another_format_is_told_and_not_read(good: str, storage: FolderStorage) -> None:
    found = kept(good, storage)
    older = canonical_json(found.report.as_json() | {"version": 1})
    storage.place(f"validations/{sha256(older)}", {JSON: older})
    with pytest.raises(StorageError, match="is no report that this Tollgate reads"):
        read_validation(sha256(older), storage)


def test_the_main_facts_hold_no_value_even_where_the_report_shows_them(
    tmp_path: Path, storage: FolderStorage
) -> None:
    twice = write(tmp_path / "twice", rows=[*ROWS, ROWS[7]])
    found = kept(twice, storage, show_values=True).report
    assert "'7'" in [value for finding in found.of_level("warning") for value in finding.values]
    facts = main_facts(found)
    assert (facts["warnings"], facts["notes"]) == (len(found.of_level("warning")), 1)
    assert "values" not in json.dumps(facts)
    assert [one["level"] for one in facts["first"]] == ["warning"] * facts["warnings"] + ["note"]


def run_step(source: str, storage: FolderStorage, page: Path) -> Any:
    snapshot, population = frozen(source, storage)
    place, report = str(storage.root), SimpleNamespace(path=str(page))
    return validate.python_func(snapshot, "0", population, DATA, SPLIT, False, place, "image", report)


def test_the_step_hands_on_the_page_as_an_artifact(
    good: str, storage: FolderStorage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    splits, validation = run_step(good, storage, tmp_path / "page.html")
    assert storage.exists(f"splits/{splits}")
    assert (tmp_path / "page.html").read_bytes() == storage.read(f"validations/{validation}/{PAGE}")
    told = heard(capsys.readouterr().out.splitlines()[-1])
    assert told is not None
    assert (told["facts"]["validation"], told["facts"]["splits"]) == (validation, splits)


def test_a_step_that_fails_names_the_report_and_no_value(
    bad: str, storage: FolderStorage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run_step(bad, storage, tmp_path / "page.html")
    assert left.value.code == 1
    out = capsys.readouterr().out
    told = heard(out.splitlines()[-1])
    assert told is not None
    (name,) = (path.name for path in (storage.root / "validations").iterdir())
    assert told["facts"]["validation"] == name
    assert told["message"].endswith(f"All of it is in {storage.root}/validations/{name}/{PAGE}")
    assert "73915" not in out
