"""Which rows may be used on a day: only those whose label was known on it."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.tollgate.data.small_data import ingested, section, snapshot, write_csv
from tollgate.errors import DataError

COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"role": "id"},
    "day": {"role": "time"},
    "x": {"type": "number"},
    "taken": {"type": "boolean", "role": "ignore", "missing": "allowed"},
    "paid": {"type": "date", "role": "ignore", "missing": "allowed"},
    "y": {"role": "target", "positive": 1},
}
HEADER = list(COLUMNS)
DECIDED = ["2022-02-28", "2022-03-01", "2022-03-02", "2023-03-01", "2023-03-02"]


def used(tmp_path: Path, rows: list[list[str]], as_of: str, **data: Any) -> tuple[list[str], dict[str, int]]:
    """The ids of the rows that are used, and how many are left out for which reason."""
    source = write_csv(tmp_path / "a.csv", rows, HEADER)
    day = dt.date.fromisoformat(as_of)
    found = ingested(source, tmp_path / "out", section(COLUMNS, **data), as_of=day).population
    assert found.read == found.used + found.rejected + found.future + found.immature
    counts = {"rejected": found.rejected, "future": found.future, "immature": found.immature}
    return snapshot(tmp_path / "out").column("id").to_pylist(), counts


def decided(days: list[str]) -> list[list[str]]:
    return [[day, day, "1", "", "", "0"] for day in days]


def test_a_decision_of_the_day_itself_is_used_and_one_of_the_next_is_not(tmp_path: Path) -> None:
    ids, counts = used(tmp_path, decided(DECIDED), "2023-03-01")
    assert ids == DECIDED[:4]
    assert counts == {"rejected": 0, "future": 1, "immature": 0}


def test_a_label_matures_on_its_day_and_not_before(tmp_path: Path) -> None:
    """Decided on 1 March 2022, twelve months later is 1 March 2023."""
    ids, counts = used(tmp_path, decided(DECIDED), "2023-03-01", label={"matures_after": "12 months"})
    assert ids == ["2022-02-28", "2022-03-01"]
    assert counts == {"rejected": 0, "future": 1, "immature": 2}


@pytest.mark.parametrize(
    ("period", "as_of", "last"),
    [
        ("90 days", "2022-05-29", "2022-02-28"),
        ("90 days", "2022-05-30", "2022-03-01"),
        ("2 weeks", "2022-03-15", "2022-03-01"),
        ("1 year", "2024-03-01", "2023-03-01"),
        ("0 days", "2022-03-02", "2022-03-02"),
    ],
)
def test_periods_of_all_units_have_an_exact_last_day(
    tmp_path: Path, period: str, as_of: str, last: str
) -> None:
    ids, _ = used(tmp_path, decided(DECIDED), as_of, label={"matures_after": period})
    assert ids[-1] == last


def test_a_label_is_known_from_its_own_day_on(tmp_path: Path) -> None:
    rows = [
        ["before", "2022-01-01", "1", "", "2023-02-28", "0"],
        ["on", "2022-01-01", "1", "", "2023-03-01", "1"],
        ["after", "2022-01-01", "1", "", "2023-03-02", "0"],
        ["never", "2022-01-01", "1", "", "", ""],
    ]
    ids, counts = used(tmp_path, rows, "2023-03-01", label={"known_at": "paid"})
    assert ids == ["before", "on"]
    assert counts == {"rejected": 0, "future": 0, "immature": 2}


def test_each_row_is_left_out_for_one_reason(tmp_path: Path) -> None:
    rows = [
        ["used", "2022-01-01", "1", "true", "2022-06-01", "1"],
        ["rejected", "2022-01-01", "1", "false", "", ""],
        ["rejected in future", "2024-01-01", "1", "false", "", ""],
        ["nobody knows whether accepted", "2022-01-01", "1", "", "2022-06-01", "1"],
        ["future", "2023-03-02", "1", "true", "", ""],
        ["immature", "2023-01-01", "1", "true", "", ""],
    ]
    data: dict[str, Any] = {"label": {"known_at": "paid"}, "selection": {"accepted": "taken"}}
    ids, counts = used(tmp_path, rows, "2023-03-01", **data)
    assert ids == ["used"]
    assert counts == {"rejected": 3, "future": 1, "immature": 1}


def test_a_selection_is_stated_in_words(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", [["a", "2022-01-01", "1", "true", "", "0"]], HEADER)
    data = section(COLUMNS, selection={"accepted": "taken"})
    assert ingested(source, tmp_path / "out", data).population.states == "only rows with taken true"


@pytest.mark.parametrize(
    ("data", "words", "column"),
    [
        ({}, "from the start", None),
        ({"label": {"known_at": "paid"}}, "on the day in paid", "paid"),
        ({"label": {"matures_after": "12 months"}}, "12 months after the decision", None),
    ],
)
def test_when_a_label_is_known_is_stated_in_words(
    tmp_path: Path, data: dict[str, Any], words: str, column: str | None
) -> None:
    source = write_csv(tmp_path / "a.csv", [["a", "2022-01-01", "1", "true", "2022-06-01", "0"]], HEADER)
    found = ingested(source, tmp_path / "out", section(COLUMNS, **data))
    assert (found.population.label_known, found.population.label_column) == (words, column)


def test_nothing_usable_is_refused_with_the_counts(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        used(tmp_path, decided(DECIDED), "2022-03-01", label={"matures_after": "12 months"})
    message = (
        "none of the 5 rows can be used as of 2022-03-01: 0 were rejected, 3 lie in the future, 2 have no"
    )
    assert message in str(refused.value)


def test_the_digest_depends_on_the_rows_used_and_not_on_the_day(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", decided(DECIDED), HEADER)
    digests = [
        ingested(source, tmp_path / as_of, section(COLUMNS), as_of=dt.date.fromisoformat(as_of)).digest
        for as_of in ("2022-12-01", "2023-01-01", "2023-03-01")
    ]
    assert digests[0] == digests[1] != digests[2]
