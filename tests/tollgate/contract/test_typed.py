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
    {"income": 1e100},
    {"income": -0.0},
    {"income": 0, "rate": 0.0, "months": 0, "owner": False, "purpose": "car"},
    {"rate": 1},
    {"rate": None, "purpose": None},
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
    {"income": 1.1e100},
    {"rate": -0.1},
    {"rate": 1.1},
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


def short(checker: RowChecker, rows: list[Any], into: Any) -> bool:
    """Whether the short way takes rows."""
    typed = checker.typed.typed(rows)
    return typed is not None and checker.typed.encode(typed, into)


@pytest.mark.parametrize("change", READ)
def test_a_usual_row_is_read_in_either_form(checker: RowChecker, change: dict[str, Any]) -> None:
    row = ROW | change
    in_order = [row[name] for name in checker.features]
    expected = np.array([3.5, 0.25, 1.0, 36.0, 1.0])
    for place, name in enumerate(checker.features):
        if name in change:
            expected[place] = number(name, row[name])
    for rows in ([row, row], [in_order, row], [in_order]):
        into = np.full((len(rows), 5), 9.0)
        assert short(checker, rows, into)
        assert into.tobytes() == np.tile(expected, len(rows)).tobytes()
        assert checker.check(rows)[0].tobytes() == into.tobytes()


def number(name: str, value: Any) -> float:
    if value is None:
        return math.nan
    return float(["car", "home"].index(value) if name == "purpose" else value) + 0.0


@pytest.mark.parametrize("change", GIVEN_UP)
def test_any_other_row_is_given_up(checker: RowChecker, change: dict[str, Any]) -> None:
    assert not short(checker, [ROW, ROW | change], np.zeros((2, 5)))


@pytest.mark.parametrize("row", [[], [1.0] * 4, [1.0] * 6, {}, "row", None, 1, {"income": 3.5}])
def test_what_has_not_a_value_for_each_feature_is_given_up(checker: RowChecker, row: Any) -> None:
    assert not short(checker, [row], np.zeros((1, 5)))


def test_limits_between_which_no_whole_number_lies_take_no_row() -> None:
    column = {"type": "integer", "min": 2.2, "max": 2.8}
    empty = Contract.of({"months": Column.read(column), "target": Column.read(COLUMNS["target"])})
    assert not short(RowChecker(empty), [{"months": 2}], np.zeros((1, 1)))
    assert RowChecker(empty).check([{"months": 2}])[1][0].rule == "minimum"


def wide() -> RowChecker:
    numbers = {name: Column.read({"type": "number"}) for name in "abc"}
    return RowChecker(Contract.of(numbers | {"target": Column.read(COLUMNS["target"])}))


def test_the_largest_numbers_are_read() -> None:
    into = np.zeros((1, 3))
    assert short(wide(), [[1e100, -1e100, 1e99]], into)
    assert into.tolist() == [[1e100, -1e100, 1e99]]


@pytest.mark.parametrize("beyond", [math.nextafter(1e100, math.inf), 1e160, 1.7e308, 10**101])
@pytest.mark.parametrize("sign", [1, -1])
def test_larger_ones_are_read_neither_way(sign: int, beyond: float) -> None:
    numbers = [sign * beyond, -sign * beyond, 1.0]
    assert not short(wide(), [numbers], np.zeros((1, 3)))
    _, problems = wide().check([numbers])
    assert [(found.column, found.rule) for found in problems] == [("a", "not_finite"), ("b", "not_finite")]


@pytest.mark.parametrize("missing", [{}, {"missing": "allowed", "missing_values": [-1]}])
@pytest.mark.parametrize("policy", ["warn", "clip"])
def test_a_number_out_of_bounds_is_left_to_the_long_way_which_warns(
    policy: str, missing: dict[str, Any]
) -> None:
    column = Column.read({"type": "number", "max": 1, "out_of_bounds": policy} | missing)
    checker = RowChecker(Contract.of({"a": column, "target": Column.read(COLUMNS["target"])}))
    assert short(checker, [[1.0]], np.zeros((1, 1)))
    assert not short(checker, [[5.0]], np.zeros((1, 1)))
    encoded, problems = checker.check([[5.0]])
    assert not problems
    assert encoded.tolist() == [[5.0 if policy == "warn" else 1.0]]
    assert [found.rule for found in checker.warnings([[5.0]], encoded)] == ["maximum"]


def test_a_single_feature_is_a_row() -> None:
    one = Contract.of({name: Column.read(COLUMNS[name]) for name in ("income", "target")})
    into = np.zeros((1, 1))
    assert short(RowChecker(one), [{"income": 4}], into)
    assert into.tolist() == [[4.0]]


def of_one_column(name: str) -> RowChecker:
    return RowChecker(
        Contract.of({name: Column.read(COLUMNS["income"]), "target": Column.read(COLUMNS["target"])})
    )


@pytest.mark.parametrize("name", ["class", "a b", "größe", "c0", "o0", "1", "x" * 300, "'"])
def test_a_column_may_have_any_name(name: str) -> None:
    assert short(of_one_column(name), [{name: 4}], np.zeros((1, 1)))


@pytest.mark.parametrize("name", ['say "a"', "a\\b", "a\nb"])
def test_an_object_with_a_name_that_must_be_escaped_is_read_the_long_way(name: str) -> None:
    checker = of_one_column(name)
    assert short(checker, [[4]], np.zeros((1, 1)))
    assert not short(checker, [{name: 4}], np.zeros((1, 1)))
    encoded, problems = checker.check([{name: 4}])
    assert (encoded.tolist(), problems) == ([[4.0]], [])


def test_the_keys_of_rows_are_counted(checker: RowChecker) -> None:
    typed = checker.typed.typed([ROW, ROW | {"loan": 1}, list(ROW.values())])
    assert typed is not None
    assert checker.typed.keys(typed) == 11
