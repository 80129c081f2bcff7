"""What is out of bounds and scored all the same is told, value by value."""

from typing import Any

import numpy as np
import pytest

from tollgate.contract import Column, Contract, Problem, RowChecker

TARGET: dict[str, Any] = {"role": "target", "positive": 1}
COLUMNS: dict[str, dict[str, Any]] = {
    "refused": {"type": "number", "min": 0, "max": 9},
    "watched": {"type": "number", "min": 0, "max": 9, "out_of_bounds": "warn", "missing": "allowed"},
    "clipped": {"type": "integer", "min": 0.5, "max": 9, "out_of_bounds": "clip"},
}
ROW = {"refused": 1.0, "watched": 2.5, "clipped": 3}


def checker(columns: dict[str, dict[str, Any]] = COLUMNS) -> RowChecker:
    settings = columns | {"y": TARGET}
    return RowChecker(Contract.of({name: Column.read(one) for name, one in settings.items()}))


def told(*rows: Any) -> list[tuple[int | None, str | None, str, str, str]]:
    encoded, problems = checker().check(rows)
    assert not problems
    return [
        (one.row, one.column, one.rule, one.value, one.message) for one in checker().warnings(rows, encoded)
    ]


def test_a_value_out_of_bounds_is_scored_as_it_is_or_as_the_bound() -> None:
    rows = [ROW, ROW | {"watched": -4, "clipped": 0}, ROW | {"watched": 9.5, "clipped": 10**9}]
    encoded, problems = checker().check(rows)
    assert not problems
    assert encoded.tolist() == [[1.0, 2.5, 3.0], [1.0, -4.0, 1.0], [1.0, 9.5, 9.0]]


def test_each_is_told_by_row_and_column_with_what_it_is_scored_as() -> None:
    assert told(ROW, ROW | {"watched": -4, "clipped": 0}, [1, 9.5, 10]) == [
        (1, "watched", "minimum", "-4", "at least 0 is expected; the value is scored as it is"),
        (1, "clipped", "minimum", "0", "at least 0.5 is expected; the value is scored as 1"),
        (2, "watched", "maximum", "9.5", "at most 9 is expected; the value is scored as it is"),
        (2, "clipped", "maximum", "10", "at most 9 is expected; the value is scored as 9"),
    ]


@pytest.mark.parametrize("row", [ROW | {"watched": 0, "clipped": 1}, [9.0, 9.0, 9], ROW | {"watched": None}])
def test_what_lies_on_a_bound_or_is_missing_is_not_told(row: Any) -> None:
    assert told(row) == []


def test_a_value_that_is_told_is_cut() -> None:
    ((_, _, _, value, _),) = told(ROW | {"watched": 10**99})
    assert len(value) == 64


def test_a_column_that_refuses_does_so_beside_others_that_do_not() -> None:
    rows = [ROW | {"refused": 10, "watched": 10}, "no row", [1], {"watched": 10}]
    encoded, problems = checker().check(rows)
    assert (problems[0].row, problems[0].column, problems[0].rule) == (0, "refused", "maximum")
    assert {one.row for one in problems} == {0, 1, 2, 3}
    assert {one.column for one in checker().warnings(rows, encoded)} == {"watched"}


@pytest.mark.parametrize("value", [1e101, "1", True, None, 1.5])
def test_what_breaks_another_rule_is_refused_however_bounds_are_taken(value: Any) -> None:
    _, problems = checker().check([ROW | {"clipped": value}])
    assert [(one.row, one.column) for one in problems] == [(0, "clipped")]


def test_where_no_column_warns_there_is_nothing_to_look_at() -> None:
    strict = checker({"refused": COLUMNS["refused"]})
    assert not strict.warns
    assert strict.warnings([[1.0]], np.array([[1.0]])) == []
    assert checker().warns


def test_a_warning_is_a_problem_as_any_other() -> None:
    rows = [ROW | {"watched": -4}]
    (found,) = checker().warnings(rows, checker().check(rows)[0])
    assert isinstance(found, Problem)
    assert set(found.as_json()) == {"row", "column", "rule", "value", "message"}
