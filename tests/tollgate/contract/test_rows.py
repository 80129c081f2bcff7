import math
from typing import Any

import numpy as np
import pytest

from tests.small import small_rows
from tollgate.contract import Column, Contract, RowChecker

ROW: dict[str, Any] = {
    "income": 52000.5,
    "months": 36,
    "utilization": None,
    "owner": True,
    "purpose": "home",
    "channel": "fair",
    "grade": 3,
    "since": "1970-01-11",
}
ENCODED = [52000.5, 36.0, math.nan, 1.0, 1.0, 2.0, 2.0, 10.0]


def test_an_object_and_a_list_give_the_same_numbers(contract: Contract) -> None:
    shuffled = dict(reversed(ROW.items()))
    encoded, problems = RowChecker(contract).check([ROW, shuffled, list(ROW.values())])
    assert not problems
    np.testing.assert_array_equal(encoded, [ENCODED] * 3)
    assert encoded.dtype == np.float64


REFUSED: list[tuple[str, Any, str, str]] = [
    ("income", "52000", "type", "a number is needed, not a text"),
    ("income", True, "type", "a number is needed, not true or false"),
    ("income", [1], "type", "a number is needed, not a list"),
    ("income", {"a": 1}, "type", "a number is needed, not an object"),
    ("income", None, "missing", "the contract refuses that"),
    ("income", math.nan, "not_finite", "not finite"),
    ("income", math.inf, "not_finite", "not finite"),
    ("income", 10**400, "not_finite", "beyond 1e100"),
    ("income", 1.1e100, "not_finite", "beyond 1e100"),
    ("utilization", -1.1e100, "not_finite", "beyond 1e100"),
    ("months", 1e300, "not_finite", "beyond 1e100"),
    ("income", -0.01, "minimum", "at least 0 is allowed"),
    ("income", 1_000_000.01, "maximum", "at most 1000000 is allowed"),
    ("months", 1.5, "type", "a whole number below 2^53"),
    ("months", -1.5, "type", "a whole number below 2^53"),
    ("months", 2**53, "type", "a whole number below 2^53"),
    ("months", 0, "minimum", "at least 1 is allowed"),
    ("owner", 1, "type", "true or false is needed, not a number"),
    ("owner", "true", "type", "true or false is needed, not a text"),
    ("purpose", "boat", "category", "allowed are car, home, other"),
    ("purpose", "Home", "category", "allowed are car, home, other"),
    ("purpose", 1, "type", "a text is needed, not a number"),
    ("channel", "", "category", "an empty text is none of branch, web; send null if it is missing"),
    ("grade", 4, "category", "allowed are 1, 2, 3"),
    ("grade", "1", "type", "a number is needed, not a text"),
    ("grade", True, "type", "a number is needed, not true or false"),
    ("since", "1970-1-11", "type", "a date is needed, written YYYY-MM-DD"),
    ("since", "2023-02-29", "type", "no such day in the calendar"),
    ("since", "1970-01-11T00:00:00", "type", "a date is needed"),
    ("since", "\uff11970-01-11", "type", "a date is needed"),
    ("since", 10, "type", "a date is needed"),
]


def test_after_very_many_problems_no_further_row_is_looked_at() -> None:
    columns = {f"x{number}": Column.read({"type": "number"}) for number in range(1000)}
    wide = Contract.of({**columns, "y": Column.read({"role": "target", "positive": 1})})
    _, problems = RowChecker(wide).check([{}] * 1000)
    assert len(problems) == 50_000
    assert problems[-1].row == 49


@pytest.mark.parametrize(("column", "value", "rule", "message"), REFUSED)
def test_a_cell_that_breaks_a_rule_is_named_by_row_and_column(
    contract: Contract, column: str, value: Any, rule: str, message: str
) -> None:
    _, problems = RowChecker(contract).check([ROW, ROW | {column: value}])
    assert [(found.row, found.column, found.rule) for found in problems] == [(1, column, rule)]
    assert message in problems[0].message


@pytest.mark.parametrize(
    ("column", "value", "number"),
    [
        ("income", 0, 0.0),
        ("income", 1_000_000, 1e6),
        ("income", 1e-320, 1e-320),
        ("months", 12.0, 12.0),
        ("utilization", -1e100, -1e100),
        ("utilization", 1e100, 1e100),
        ("utilization", -1, math.nan),
        ("utilization", -1.0, math.nan),
        ("owner", False, 0.0),
        ("channel", "web", 1.0),
        ("channel", None, math.nan),
        ("grade", 1.0, 0.0),
        ("since", "1969-12-31", -1.0),
        ("since", "0001-01-01", -719162.0),
        ("since", "2024-02-29", 19782.0),
    ],
)
def test_a_cell_that_keeps_the_rules_becomes_its_number(
    contract: Contract, column: str, value: Any, number: float
) -> None:
    checker = RowChecker(contract)
    encoded, problems = checker.check([ROW | {column: value}])
    assert not problems
    np.testing.assert_array_equal(encoded[0, checker.features.index(column)], number)


def test_every_problem_of_every_row_is_told(contract: Contract) -> None:
    rows = [ROW | {"income": "x", "grade": 9}, ROW, ROW | {"months": 0, "owner": None}]
    _, problems = RowChecker(contract).check(rows)
    assert [(found.row, found.column, found.rule) for found in problems] == [
        (0, "income", "type"),
        (0, "grade", "category"),
        (2, "months", "minimum"),
        (2, "owner", "missing"),
    ]


def test_a_row_with_an_unknown_column_is_refused_by_name(contract: Contract) -> None:
    _, problems = RowChecker(contract).check([ROW | {"incom": 1}])
    assert [(found.column, found.rule) for found in problems] == [("incom", "unknown_column")]


def test_the_target_may_not_come_along_but_id_time_and_protected_may(contract: Contract) -> None:
    checker = RowChecker(contract)
    encoded, problems = checker.check([ROW | {"loan_id": "L1", "issued": "never", "age": [17]}])
    assert not problems
    np.testing.assert_array_equal(encoded, [ENCODED])
    _, problems = checker.check([ROW | {"default": 1}])
    assert [(found.column, found.rule) for found in problems] == [("default", "unknown_column")]


def test_an_absent_column_is_not_a_missing_value(contract: Contract) -> None:
    row = {name: value for name, value in ROW.items() if name != "utilization"}
    _, problems = RowChecker(contract).check([row])
    assert [(found.column, found.rule) for found in problems] == [("utilization", "missing_column")]
    assert "send null" in problems[0].message


@pytest.mark.parametrize("row", [[], list(ROW.values())[:-1], [*ROW.values(), 1]])
def test_a_list_of_another_length_is_refused_with_the_order(contract: Contract, row: list[Any]) -> None:
    _, problems = RowChecker(contract).check([row])
    assert [(found.row, found.column, found.rule) for found in problems] == [(0, None, "shape")]
    assert f"{len(row)} values" in problems[0].value
    assert ", ".join(ROW) in problems[0].message


@pytest.mark.parametrize("row", [None, 1, "income", True])
def test_what_is_no_row_is_refused(contract: Contract, row: Any) -> None:
    _, problems = RowChecker(contract).check([row, ROW])
    assert [(found.row, found.column, found.rule) for found in problems] == [(0, None, "type")]


def test_a_long_value_is_cut_to_one_short_line(contract: Contract) -> None:
    _, problems = RowChecker(contract).check([ROW | {"purpose": "x\n" * 500, "y" * 500: 1}])
    assert all(len(found.value) <= 64 and "\n" not in found.value for found in problems)
    assert all(len(found.column or "") <= 64 for found in problems)


def test_many_allowed_categories_are_told_in_short() -> None:
    columns = [
        {"name": "zip", "type": "category", "values": [f"z{n}" for n in range(40)]},
        {"name": "y", "role": "target", "positive": 1},
    ]
    _, problems = RowChecker(Contract.from_json({"version": 1, "columns": columns})).check([{"zip": "w"}])
    assert "z9 and 30 more" in problems[0].message


def test_no_rows_are_no_problem_here(contract: Contract) -> None:
    encoded, problems = RowChecker(contract).check([])
    assert encoded.shape == (0, len(contract.features))
    assert not problems


def test_many_rows_keep_their_order(contract: Contract) -> None:
    rows = small_rows(200)
    encoded, problems = RowChecker(contract).check(rows)
    assert not problems
    assert encoded[:, 0].tolist() == [row["income"] for row in rows]
