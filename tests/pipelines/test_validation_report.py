"""The report on the data through the command line: where it is, what it says, and what it never says."""

import csv
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from components.validated import read_validation
from tests.pipelines.command import Ended, tollgate
from tests.pipelines.places import FirstRun, Place
from tests.tollgate.report.reader import Reader
from tollgate.data.validation import Validation

pytestmark = pytest.mark.long

ROW = 2
# By column a value that breaks a rule of its column where it has one, and is not to be seen anywhere.
PLANTED = {
    "loan_id": "PLANT-ID",
    "income": "-7391.25",
    "loan_amount": "-7392.25",
    "term_months": "-7393",
    "interest_rate": "7394.5",
    "debt_to_income": "-7395.5",
    "employment_years": "-7396.5",
    "delinquencies_2y": "-7397",
    "credit_lines": "-7398",
    "utilization": "-7399.5",
    "purpose": "PLANT-PURPOSE",
    "home_ownership": "PLANT-HOME",
    "channel": "PLANT-CHANNEL",
    "region": "PLANT-REGION",
    "age": "-7390",
    "default": "PLANT-LABEL",
}
SECRETS = ("PLANT", "7390", *(f"739{digit}" for digit in range(1, 10)))
BROKEN = set(PLANTED) - {"loan_id", "channel", "region"}  # these have no rule to break
Runs = Mapping[str, tuple[Place, Future[Ended]]]


def plant(path: Path) -> None:
    """Put the planted values into a row whose label is known, and repeat the row."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    known = [row for row in rows if row["accepted"] == "true" and row["outcome_known"]]
    for row in known[:ROW]:
        row.update(PLANTED)
    assert {row["accepted"] for row in known[:ROW]} == {"true"}
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def runs(book: Place, first_run: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Runs on planted data, without and with --show-values, and one whose contract is not the champion's."""
    folder = tmp_path_factory.mktemp("validation")
    hidden, changed = book.copy(folder / "hidden"), first_run.place.copy(folder / "changed")
    plant(hidden.folder / "loans.csv")
    shown = hidden.copy(folder / "shown")
    changed.change("loan_amount: {type: number, min: 0,", "loan_amount: {type: number,")
    changed.change("    region: {role: ignore}\n", "")
    with ThreadPoolExecutor(2) as pool:
        yield {
            "hidden": (hidden, pool.submit(tollgate, hidden.folder, "run")),
            "shown": (shown, pool.submit(tollgate, shown.folder, "run", "--show-values", "--json")),
            "changed": (changed, pool.submit(tollgate, changed.folder, "run")),
        }


def only_validation(place: Place) -> tuple[Path, Validation]:
    (folder,) = (place.storage.root / "validations").iterdir()
    return folder / "validation.html", read_validation(folder.name, place.storage)


def texts(place: Place) -> dict[str, str]:
    """What the storage holds to be read: everything but Parquet and ONNX."""
    files = [
        path for path in place.storage.root.rglob("*") if path.suffix in (".json", ".html", ".txt", ".yaml")
    ]
    return {str(path.relative_to(place.storage.root)): path.read_text() for path in files}


def test_bad_data_exits_1_with_every_finding_and_the_path_of_the_report(runs: Runs) -> None:
    place, future = runs["hidden"]
    ended = future.result()
    assert ended.status == 1
    page, report = only_validation(place)
    assert {finding.column for finding in report.of_level("error")} == BROKEN
    for column in BROKEN:
        assert f"column {column}: " in ended.out
    unwrapped = "".join(line.strip("│ ") for line in ended.out.splitlines())
    assert f"All of it is in {page}" in unwrapped
    assert "Traceback" not in ended.out + ended.err
    assert place.target.current() is None


def test_the_message_names_the_row_and_the_report_what_to_do(runs: Runs) -> None:
    place, future = runs["hidden"]
    assert future.result().status == 1
    page, report = only_validation(place)
    (income,) = [finding for finding in report.of_level("error") if finding.column == "income"]
    with (place.folder / "loans.csv").open(newline="") as file:
        rows = [number for number, row in enumerate(csv.DictReader(file), 1) if row["loan_id"] == "PLANT-ID"]
    assert [at.row for at in income.first] == rows
    text = Reader(page.read_text()).text
    assert f"First: rows {rows[0]}, {rows[1]}." in text
    assert "What to do: mend the rows, or set another min." in text


def test_no_value_of_a_row_is_told_anywhere_unless_asked_for(runs: Runs) -> None:
    place, future = runs["hidden"]
    ended = future.result()
    for name, text in {**texts(place), "standard output": ended.out, "standard error": ended.err}.items():
        assert not [secret for secret in SECRETS if secret in text], name


def test_where_asked_for_the_report_shows_them_and_nothing_else_does(runs: Runs) -> None:
    place, future = runs["shown"]
    ended = future.result()
    assert ended.status == 1
    told = json.loads(ended.out)
    page, report = only_validation(place)
    assert told["validation"] == str(page)
    shown = {value for finding in report.findings for value in finding.values}
    assert {"'PLANT-ID'", "'PLANT-PURPOSE'", "-7391.25", "'PLANT-CHANNEL'", "'PLANT-LABEL'"} <= shown
    assert "PLANT-PURPOSE" in page.read_text()
    leaks = {name for name, text in texts(place).items() if any(secret in text for secret in SECRETS)}
    assert {Path(name).parts[0] for name in leaks} == {"validations"}
    assert not [secret for secret in SECRETS if secret in ended.out + ended.err]


def test_a_good_run_says_where_the_report_on_the_data_is(first_run: FirstRun) -> None:
    page, report = only_validation(first_run.place)
    (line,) = [line for line in first_run.ended.out.splitlines() if "│ data " in line]
    assert first_run.place.folder / line.strip("│ ").split(maxsplit=1)[1] == page
    assert "The data can be used" in Reader(page.read_text()).text
    assert report.parts["fit"]["rows"] > 0


def test_the_report_of_the_run_has_the_main_facts_of_the_data(first_run: FirstRun) -> None:
    page, report = only_validation(first_run.place)
    text = Reader((first_run.place.latest_run / "report.html").read_text()).text
    assert f"0 warnings and {len(report.of_level('note'))} notes" in text
    assert f"validations/{page.parent.name}/validation.html" in text
    assert str(report.of_level("note")[0]) in text


def test_the_waterfall_adds_up(first_run: FirstRun) -> None:
    _, report = only_validation(first_run.place)
    told = report.population
    assert told["read"] - told["rejected"] - told["future"] - told["immature"] == report.rows == told["used"]
    assert sum(part["rows"] for part in report.parts.values()) + report.embargoed == report.rows
    assert told["states"] == "only rows with accepted true"


def test_another_contract_than_the_champions_is_told_in_one_line_and_in_the_report(runs: Runs) -> None:
    place, future = runs["changed"]
    ended = future.result()
    assert ended.status in (0, 3)
    assert "the contract differs from the champion's: 1 column removed, 1 rule loosened" in ended.out
    text = Reader((place.latest_run / "report.html").read_text()).text
    assert "column removed region ignore" in text
    assert "rule loosened loan_amount min 0 no min" in text
    evidence = json.loads((place.latest_run / "evidence.json").read_text())
    assert (evidence["version"], evidence["drift"]["state"]) == (3, "compared")


def test_the_first_model_has_nothing_to_differ_from(first_run: FirstRun) -> None:
    assert "the contract differs" not in first_run.ended.out
    evidence = json.loads((first_run.place.latest_run / "evidence.json").read_text())
    assert evidence["drift"]["state"] == "none"


def test_the_same_day_and_data_have_one_report(first_run: FirstRun, tmp_path: Path) -> None:
    place = first_run.place.copy(tmp_path / "again")
    folder, _ = only_validation(place)
    assert tollgate(place.folder, "run", "--no-deploy").status == 3
    found = list((place.storage.root / "validations").iterdir())
    day = json.loads(folder.with_name("validation.json").read_text())["population"]["as_of"]
    if day == str(dt.datetime.now(dt.UTC).date()):  # a test at midnight sees two days
        assert found == [folder.parent]
