"""Which split is proposed: by time over a long enough history, else at random, with enough held out."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.tollgate.look.books import Column, amounts, looked_at, write_table
from tollgate.look.draft import draft


def history(rows: int, days: int) -> Column:
    first = dt.date(2022, 3, 1)
    return [str(first + dt.timedelta(days=row * days // rows)) for row in range(rows)]


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        (5 * 365, {"method": "time", "holdout": "12 months", "calibration": "12 months"}),
        (365, {"method": "time", "holdout": "2 months", "calibration": "2 months"}),
        (100, {"method": "time", "holdout": "20 days", "calibration": "20 days"}),
        (30, {"method": "random", "holdout": 0.2, "calibration": 0.2}),
    ],
)
def test_a_fifth_of_the_history_is_held_out(tmp_path: Path, days: int, wanted: dict[str, Any]) -> None:
    found = looked_at(tmp_path, {"issued": history(4000, days)})
    assert found.split == {**wanted, "salt": "a1"}


def test_a_history_whose_end_has_one_outcome_is_parted_at_random(tmp_path: Path) -> None:
    rows = 1000
    columns = {"amount": amounts(rows), "issued": history(rows, 800)}
    columns["bad"] = [str(row % 2 if row < 600 else 0) for row in range(rows)]
    found = draft(str(write_table(tmp_path / "rows.csv", columns)), "bad", None, None)
    assert found.split["method"] == "random"


@pytest.mark.parametrize(("rows", "holdout"), [(4000, 0.2), (2000, 0.25), (1200, 0.4), (300, 0.3)])
def test_more_is_held_out_where_that_lets_gates_decide(tmp_path: Path, rows: int, holdout: float) -> None:
    found = looked_at(tmp_path, {"x": amounts(rows, seed=9)})
    assert found.split["holdout"] == holdout
    assert ("few rows" in {finding.kind for finding in found.findings}) == (rows == 300)


def test_two_dates_are_no_time_unless_one_is_named_so(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"first": history(2000, 900), "second": history(2000, 800)})
    assert found.split["method"] == "random"
    assert {plan.name: plan.role for plan in found.plans if plan.name != "amount"} == {
        "first": "ignore",
        "second": "ignore",
        "bad": "target",
    }
    found = looked_at(tmp_path, {"first": history(2000, 900), "application_date": history(2000, 800)})
    assert found.split["method"] == "time"
    assert next(plan.role for plan in found.plans if plan.name == "application_date") == "time"
