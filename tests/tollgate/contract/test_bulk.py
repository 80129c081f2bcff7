"""The short way for a row gives the numbers of the long way, or gives up."""

import math
from typing import Any

import numpy as np
import pytest

from tollgate.contract import Column, Contract, RowChecker

COLUMNS: dict[str, dict[str, Any]] = {
    "income": {"type": "number"},
    "rate": {"type": "number", "min": 0, "max": 1, "missing": "allowed"},
    "purpose": {"type": "category", "values": ["car", "home"], "missing": "allowed", "unknown": "other"},
    "months": {"type": "integer"},
    "owner": {"type": "boolean"},
    "loan": {"role": "id"},
    "target": {"role": "target", "positive": 1},
}
ROW: dict[str, Any] = {"income": 3.5, "rate": 0.25, "purpose": "home", "months": 36, "owner": True}
READ = [
    {},
    {"income": 7},
    {"income": 2**60 + 1},
    {"income": -0.0},
    {"income": 0, "rate": 0.0, "months": 0, "owner": False, "purpose": "car"},
    {"rate": 1},
    {"loan": ["anything"]},
]
GIVEN_UP = [
    {"income": True},
    {"rate": True},
    {"income": "3.5"},
    {"income": None},
    {"income": [3.5]},
    {"income": math.nan},
    {"income": math.inf},
    {"income": 10**400},
    {"rate": -0.1},
    {"rate": 1.1},
    {"rate": None},
    {"purpose": None},
    {"purpose": "boat"},
    {"purpose": ["car"]},
    {"months": 1.5},
    {"months": 2**53},
    {"months": -(2**53)},
    {"owner": 1},
    {"target": 1},
]


@pytest.fixture
def checker() -> RowChecker:
    return RowChecker(Contract.of({name: Column.read(settings) for name, settings in COLUMNS.items()}))


@pytest.mark.parametrize("change", READ)
def test_a_usual_row_is_read_in_either_form(checker: RowChecker, change: dict[str, Any]) -> None:
    row = ROW | change
    in_order = [row[name] for name in checker.features]
    expected = np.array([3.5, 0.25, 1.0, 36.0, 1.0])
    for place, name in enumerate(checker.features):
        if name in change:
            expected[place] = (
                ["car", "home"].index(row[name]) if name == "purpose" else float(row[name]) + 0.0
            )
    for one in (row, in_order):
        into = np.full((2, 5), 9.0)
        assert checker.read(one, into, into[0].nbytes)
        assert into.tobytes() == np.stack([np.full(5, 9.0), expected]).tobytes()
        assert checker.check([one])[0].tobytes() == expected.tobytes()


@pytest.mark.parametrize("change", GIVEN_UP)
def test_any_other_row_is_given_up_and_nothing_is_written(
    checker: RowChecker, change: dict[str, Any]
) -> None:
    into = np.full(5, 9.0)
    assert not checker.read(ROW | change, into)
    assert into.tolist() == [9.0] * 5


@pytest.mark.parametrize("row", [[], [1.0] * 4, [1.0] * 6, {}, "row", None, 1, (3.5, 0.25, "home", 36, True)])
def test_what_has_not_a_value_for_each_feature_is_given_up(checker: RowChecker, row: Any) -> None:
    assert not checker.read(row, np.zeros(6))


def wide() -> RowChecker:
    return RowChecker(
        Contract.of(
            {name: Column.read({"type": "number"}) for name in "abc"}
            | {"target": Column.read(COLUMNS["target"])}
        )
    )


def test_the_largest_numbers_are_read_the_long_way() -> None:
    numbers = [1e100, -1e100, 1e99]
    assert not wide().read(numbers, np.zeros(3))
    encoded, problems = wide().check([numbers])
    assert not problems
    assert encoded.tolist() == [numbers]


@pytest.mark.parametrize("beyond", [math.nextafter(1e100, math.inf), 1e160, 1.7e308, 10**101])
@pytest.mark.parametrize("sign", [1, -1])
def test_larger_ones_are_read_neither_way_nor_do_two_make_up_for_each_other(sign: int, beyond: float) -> None:
    numbers = [sign * beyond, -sign * beyond, 1.0]
    assert not wide().read(numbers, np.zeros(3))
    _, problems = wide().check([numbers])
    assert [(found.column, found.rule) for found in problems] == [("a", "not_finite"), ("b", "not_finite")]


def test_a_number_out_of_bounds_is_read_where_it_is_scored_as_it_is_and_left_where_it_is_clipped() -> None:
    columns = {"a": {"type": "number", "max": 1, "out_of_bounds": "warn"}, "target": COLUMNS["target"]}
    into = np.zeros(1)
    for policy, read in (("warn", True), ("clip", False), ("refuse", False)):
        columns["a"]["out_of_bounds"] = policy
        checker = RowChecker(Contract.of({name: Column.read(one) for name, one in columns.items()}))
        assert checker.read([5.0], into) == read


def test_a_single_feature_is_a_row() -> None:
    one = Contract.of({name: Column.read(COLUMNS[name]) for name in ("income", "target")})
    into = np.zeros(1)
    assert RowChecker(one).read({"income": 4}, into)
    assert into.tolist() == [4.0]
