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


def test_numbers_whose_sum_is_no_float_are_read_the_long_way(checker: RowChecker) -> None:
    row = ROW | {"income": 1.7e308, "months": 2**52}
    assert checker.read(row, np.zeros(5))
    wide = Contract.of(
        {name: Column.read({"type": "number"}) for name in "abc"} | {"target": Column.read(COLUMNS["target"])}
    )
    encoded, problems = RowChecker(wide).check([{"a": 1.7e308, "b": 1.7e308, "c": 1}])
    assert not problems
    assert encoded.tolist() == [[1.7e308, 1.7e308, 1.0]]


def test_a_single_feature_is_a_row() -> None:
    one = Contract.of({name: Column.read(COLUMNS[name]) for name in ("income", "target")})
    into = np.zeros(1)
    assert RowChecker(one).read({"income": 4}, into)
    assert into.tolist() == [4.0]
