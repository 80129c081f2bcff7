"""Which value of the target is the event, and why the target may be missing."""

import datetime as dt
from pathlib import Path

import pytest

from tests.tollgate.look.books import ROWS, amounts, cycled, settings, told, write_table
from tollgate.errors import ConfigError
from tollgate.look.draft import Draft, draft


def look(folder: Path, *values: str, positive: str | None = None) -> Draft:
    columns = {"amount": amounts(), "y": cycled(*values)}
    return draft(str(write_table(folder / "rows.csv", columns)), "y", positive, None)


@pytest.mark.parametrize(
    ("values", "event"),
    [
        (("0", "1"), 1),
        (("no", "yes"), "yes"),
        (("Y", "N"), "Y"),
        (("TRUE", "FALSE"), "TRUE"),
        (("good", "bad"), "bad"),
        (("+", "-"), "+"),
        (("default", "paid"), "default"),
        (("Charged Off", "Fully Paid"), "Charged Off"),
        (("sim", "não"), "sim"),
        ((" 1", " 0"), " 1"),
        (("1.0", "0.0"), "1.0"),
    ],
)
def test_a_clear_pair_of_values_needs_no_help(tmp_path: Path, values: tuple[str, str], event: object) -> None:
    assert settings(look(tmp_path, *values), "y") == {"role": "target", "positive": event}


@pytest.mark.parametrize("values", [("1", "2"), ("approved", "rejected"), ("A", "B"), ("yes", "Yes")])
def test_any_other_pair_is_asked_about_with_its_counts(tmp_path: Path, values: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match=rf"'{min(values)}' \(200 rows\), '{max(values)}' \(200 rows\)"):
        look(tmp_path, *values)
    assert settings(look(tmp_path, *values, positive=values[1]), "y")["positive"] in (values[1], 2)


@pytest.mark.parametrize("words", [("false", "true"), ("False", "True"), ("0", "1")])
def test_rows_without_a_target_are_explained_by_the_columns_that_say_why(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    first = dt.date(2022, 1, 1)
    issued = [first + dt.timedelta(days=2 * row) for row in range(ROWS)]
    accepted = [row % 5 != 0 for row in range(ROWS)]
    known = [accepted[row] and row < 350 for row in range(ROWS)]
    columns = {
        "amount": amounts(),
        "issued": [str(day) for day in issued],
        "accepted": [words[told] for told in accepted],
        "outcome_known": [
            str(issued[row] + dt.timedelta(days=90)) if known[row] else "" for row in range(ROWS)
        ],
        "bad": [str(row % 3 // 2) if known[row] else "" for row in range(ROWS)],
    }
    found = draft(str(write_table(tmp_path / "rows.csv", columns)), "bad", None, None)
    assert found.labels == {"label": {"known_at": "outcome_known"}, "selection": {"accepted": "accepted"}}
    assert settings(found, "outcome_known") == {"type": "date", "role": "ignore", "missing": "allowed"}
    assert settings(found, "accepted") == {"type": "boolean", "role": "ignore"}
    assert told(found, "missing target") == {}


def test_rows_without_a_target_that_nothing_explains_are_told(tmp_path: Path) -> None:
    found = look(tmp_path, "0", "1", "", "1")
    assert told(found, "missing target")["y"].startswith(
        "the target is missing in 100 rows, which `tollgate run` refuses"
    )


def test_one_row_is_spoken_of_as_one(tmp_path: Path) -> None:
    columns = {"amount": amounts(), "y": ["", *cycled("0", "1")[1:]]}
    found = draft(str(write_table(tmp_path / "rows.csv", columns)), "y", None, None)
    assert "missing in 1 row, which" in told(found, "missing target")["y"]
    columns["y"] = ["1", *["0"] * (ROWS - 1)]
    found = draft(str(write_table(tmp_path / "rows.csv", columns)), "y", None, None)
    assert told(found, "few rows")["y"].startswith("only 1 row of the rarer outcome")
