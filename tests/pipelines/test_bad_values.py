"""Values that cannot be trained on: each refusal names the column, the rows and what to do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pipelines.bad_input import DATA, Bad, Results, attempted, check_refused, sample
from tests.pipelines.places import FirstRun

pytestmark = pytest.mark.long

Values = dict[str, str]
FILE = r"ingest: \S*/data\.csv"
LINES: list[str] = []  # filled before the cases are made
BOOK: list[str] = []


def bad(change: Callable[[int, Values], None], *says: str, lines: list[str] = LINES) -> Bad:
    """A book in which each row, from 1, was changed in place."""

    def make(folder: Path) -> None:
        names = lines[0].split(",")
        with (folder / DATA).open("w") as file:
            file.write(f"{lines[0]}\n")
            for number, line in enumerate(lines[1:], 1):
                values = dict(zip(names, line.split(","), strict=True))
                change(number, values)
                file.write(",".join(values.values()) + "\n")

    return Bad(make, says)


def setting(column: str, value: str, *rows: int) -> Callable[[int, Values], None]:
    """The same value in some rows, or in all of them."""

    def change(number: int, values: Values) -> None:
        if not rows or number in rows:
            values[column] = value

    return change


def no_target(number: int, values: Values) -> None:
    if values["outcome_known"]:
        values["default"] = ""


def third(number: int, values: Values) -> None:
    if values["default"] == "1" and number % 3 == 0:
        values["default"] = "2"


def rare(number: int, values: Values) -> None:
    if values["default"] == "1" and number > 100:
        values["default"] = "0"


def two_formats(number: int, values: Values) -> None:
    if number % 2:
        year, month, day = values["issued"].split("-")
        values["issued"] = f"{day}/{month}/{year}"


def many_categories(number: int, values: Values) -> None:
    values["purpose"] = f"purpose {number}"


CASES = {
    "no_target": bad(
        no_target,
        r"validate: the data breaks the contract:\ncolumn default: [\d,]+ rows break the rule missing \(rows \d+",
        "its label should be known by now; see data.label and data.selection",
    ),
    "three": bad(
        third,
        "validate: the data breaks the contract:\ncolumn default: the target must have two values, but has 3: ",
        r"\(rows? \d+.*--show-values",
    ),
    "one_class": bad(
        setting("default", "0"),
        "validate: .*column default: `positive` is 1, but no usable row has that",
        "column default: the target must have two values, but has 1",
    ),
    "rare": bad(
        rare,
        r"validate: .*column default: the \w+ part has [01] events and \d+ others: each needs at least 2",
        "change the section split",
    ),
    "infinite": bad(
        setting("income", "-inf", 5, 9),
        rf"{FILE}: column income: 2 values are no finite number \(rows 5, 9\)",
        "Mend the values",
    ),
    "huge": bad(
        setting("income", "1e400", 5),
        rf"{FILE}: column income: 1 value is no finite number \(row 5\)",
        "Mend the values",
    ),
    "enormous": bad(
        setting("income", "1e200", 5),
        rf"{FILE}: column income: 1 value is no finite number up to 1e100 \(row 5\)",
    ),
    "no_day": bad(
        setting("issued", "2023-02-30", 8),
        rf"{FILE}: column issued: 1 value is no date \(YYYY-MM-DD\) \(row 8\)",
    ),
    "two_formats": bad(
        two_formats, rf"{FILE}: column issued: 1000 values are no date \(YYYY-MM-DD\) \(rows 1, 3, 5, 7, 9\)"
    ),
    "categories": bad(
        many_categories,
        r"validate: the data breaks the contract:\ncolumn purpose: [\d,]+ rows break the rule category \(rows \d+",
        "add it to `values`, or set `unknown: other`",
        lines=BOOK,
    ),
}


@pytest.fixture(scope="module")
def results(first_run: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    LINES[:] = sample(first_run.place)
    BOOK[:] = (first_run.place.folder / "loans.csv").read_text().splitlines()[:10_001]
    folder = tmp_path_factory.mktemp("values")
    with attempted(first_run.place, folder, CASES) as results:
        yield results


@pytest.mark.parametrize("name", CASES)
def test_values_that_cannot_be_used_end_the_run_and_nothing_else(
    first_run: FirstRun, results: Results, name: str
) -> None:
    check_refused(first_run.place, CASES[name], results[name].result())
