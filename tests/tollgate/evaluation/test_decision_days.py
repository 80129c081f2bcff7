"""Which days on file may be those of the decisions, in contracts without a time column."""

import dataclasses
import datetime as dt
from collections.abc import Set
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.made import exam_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.decision_days import decision_days

ROWS = 1000
DRAW = np.random.default_rng(8)
DATE = {"role": "ignore", "type": "date"}


def bundle(folder: Path, settings: dict[str, Any]) -> Bundle:
    columns = {name: COLUMNS[name] for name in ("income", "outcome")}
    return bundle_of(folder / "bundle", {**columns, "day": settings})


def days(years: float, last: dt.date = dt.date(2025, 6, 1), missing: float = 0.0) -> list[dt.date | None]:
    """Days of so many years up to the last one, some of them missing."""
    back = DRAW.uniform(0, 365.25 * years, ROWS)
    gone = np.arange(ROWS) < missing * ROWS
    return [
        None if absent else last - dt.timedelta(days=int(one)) for one, absent in zip(back, gone, strict=True)
    ]


def written(found: list[dt.date | None], form: str) -> pa.Array:
    return pa.array([day and day.strftime(form) for day in found], pa.string())


def found_in(folder: Path, column: pa.Array, settings: dict[str, Any], **population: Any) -> tuple[str, ...]:
    event = (np.arange(ROWS) % 3 == 0).astype(np.float64)
    made = exam_of(
        bundle(folder, settings),
        event,
        np.full(ROWS, 0.3),
        income=pa.array(DRAW.uniform(1, 100, ROWS)),
        outcome=pa.array(["1"] * ROWS),
        day=column,
    )
    return decision_days(dataclasses.replace(made, facts={"population": population}))


def dates(found: list[dt.date | None]) -> pa.Array:
    return pa.array(found, pa.date32())


@pytest.mark.parametrize(
    "settings",
    [DATE, {"type": "date"}, {"type": "date", "known": "before"}, {"role": "protected", "type": "date"}],
    ids=["ignored", "feature", "feature known before", "protected"],
)
def test_days_of_some_years_may_be_the_decisions_whatever_the_role(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    assert found_in(tmp_path, dates(days(3)), settings) == ("day",)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m", "%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d 10:30:00"])
@pytest.mark.parametrize("role", ["ignore", "id", "group"])
def test_days_that_the_contract_calls_texts_are_days_all_the_same(
    tmp_path: Path, form: str, role: str
) -> None:
    assert found_in(tmp_path, written(days(3), form), {"role": role}) == ("day",)


def test_days_that_the_contract_calls_categories_are_days_all_the_same(tmp_path: Path) -> None:
    column = written(days(1), "%Y-%m-%d")
    values = sorted(set(column.to_pylist()))
    settings = {"role": "ignore", "type": "category", "values": values}
    assert found_in(tmp_path, column, settings) == ("day",)


@pytest.mark.parametrize(("missing", "told"), [(0.05, True), (0.06, False), (1.0, False)])
def test_a_decision_has_its_day_in_nearly_every_row(tmp_path: Path, missing: float, told: bool) -> None:
    assert found_in(tmp_path, dates(days(3, missing=missing)), DATE | {"missing": "allowed"}) == (
        ("day",) if told else ()
    )


def left(found: list[dt.date | None], taken: Set[dt.date | None]) -> list[dt.date | None]:
    """The days as they are read where some of them stand for a missing one."""
    return [None if day in taken else day for day in found]


def with_missing(taken: Set[dt.date | None], form: str = "%Y-%m-%d") -> dict[str, Any]:
    return {"missing": "allowed", "missing_values": sorted(day.strftime(form) for day in taken if day)}


@pytest.mark.parametrize(
    "kept", [0.85, 0.3, 0.02], ids=["most are left", "few are left", "next to none are left"]
)
def test_days_that_the_contract_takes_out_are_decisions_all_the_same(tmp_path: Path, kept: float) -> None:
    found = days(3)
    ordered = sorted({day for day in found if day})
    odd = {"missing_values": ["9999-12-31", *with_missing(set(ordered[200:]))["missing_values"]]}
    column = dates(left(found, set(ordered[200:])))
    assert found_in(tmp_path / "odd", column, DATE | with_missing(set()) | odd) == ("day",)
    for name, taken in (
        ("old", ordered[: -int(kept * len(ordered))]),
        ("some", ordered[:: round(1 / (1 - kept))]),
    ):
        column = left(found, set(taken))
        assert column.count(None) > 0.05 * ROWS
        assert found_in(tmp_path / name, dates(column), DATE | with_missing(set(taken))) == ("day",)


def test_days_of_which_the_contract_leaves_one_or_none_are_decisions_all_the_same(tmp_path: Path) -> None:
    found = days(3)
    ordered = sorted({day for day in found if day})
    for name, count in (("one", 1), ("none", 0)):
        taken = set(ordered[count:])
        assert found_in(tmp_path / name, dates(left(found, taken)), DATE | with_missing(taken)) == ("day",)


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%d.%m.%y", "%Y-%m"])
def test_texts_that_the_contract_takes_out_are_days_all_the_same(tmp_path: Path, form: str) -> None:
    found = days(2)
    taken = {day for day in found if day and day.month in (3, 8)}
    settings = {"role": "ignore", **with_missing(taken, form)}
    settings["missing_values"] = sorted(set(settings["missing_values"]))
    assert found_in(tmp_path, written(left(found, taken), form), settings) == ("day",)


@pytest.mark.parametrize(
    "values", [["1900-01-01"], ["9999-12-31", "0001-01-01"], ["1970-01-01"], ["none"]], ids=lambda one: one[0]
)
def test_what_stands_for_no_day_in_a_column_of_rare_days_is_not_taken_out(
    tmp_path: Path, values: list[str]
) -> None:
    settings = DATE | {"missing": "allowed", "missing_values": values}
    assert found_in(tmp_path, dates(days(6, missing=0.6)), settings) == ()
    assert found_in(tmp_path / "empty", dates([None] * ROWS), settings) == ()


@pytest.mark.parametrize("years", [20, 45])
def test_days_of_birth_are_of_more_years_than_decisions(tmp_path: Path, years: float) -> None:
    born = days(years, last=dt.date(2007, 1, 1))
    expected = ("day",) if years < 30 else ()
    assert found_in(tmp_path / "date", dates(born), DATE) == expected
    assert found_in(tmp_path / "text", written(born, "%d/%m/%Y"), {"role": "ignore"}) == expected


def test_the_day_on_which_the_label_was_known_is_another(tmp_path: Path) -> None:
    column = dates(days(3))
    assert found_in(tmp_path / "label", column, DATE, label_column="day") == ()
    assert found_in(tmp_path / "other", column, DATE, label_column="another") == ("day",)


def test_one_day_in_all_rows_parts_nothing(tmp_path: Path) -> None:
    assert found_in(tmp_path, dates([dt.date(2025, 1, 1)] * ROWS), DATE) == ()


def test_the_time_column_is_none_of_them(tmp_path: Path) -> None:
    assert found_in(tmp_path, dates(days(3)), {"role": "time"}) == ()


def test_texts_that_are_mostly_days_are_none(tmp_path: Path) -> None:
    texts = written(days(3), "%Y-%m-%d").to_pylist()
    assert found_in(tmp_path, pa.array([*texts[:-1], "unknown"]), {"role": "ignore"}) == ()
