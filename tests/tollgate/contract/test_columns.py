from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.contract import Column

NUMBER: dict[str, Any] = {"type": "number"}
CATEGORY: dict[str, Any] = {"type": "category", "values": ["a", "b"]}
TARGET: dict[str, Any] = {"role": "target", "positive": 1}

REASON: dict[str, Any] = {"reason": {"high": "too much"}}

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "a feature column needs a type"),
    ({"role": "protected", "type": "number"} | REASON, "`reason` and `reason_group` belong to a feature"),
    ({"role": "ignore", "reason_group": "debts"}, "`reason` and `reason_group` belong to a feature"),
    (CATEGORY | {"reason": {"low": "x"}}, "`reason.low` belongs to a number, integer or date"),
    ({"type": "boolean", "reason": {"low": "x"}}, "`reason.low` belongs to a number, integer or date"),
    (NUMBER | {"reason": {"missing": "x"}}, "`reason.missing` needs `missing: allowed`"),
    (NUMBER | {"reason": {"high": "  "}}, "a reason must say something"),
    (NUMBER | {"reason": {"high": "x" * 201}}, "at most 200 characters"),
    (NUMBER | {"reason": {"middle": "x"}}, "Extra inputs are not permitted"),
    (NUMBER | {"reason": "too much"}, "should be an object"),
    (NUMBER | {"reason_group": " "}, "`reason_group` must be a name"),
    (NUMBER | {"reason_group": ""}, "at least 1 character"),
    ({"role": "protected"}, "a protected column needs a type"),
    ({"role": "time", "type": "number"}, "a time column is a date"),
    ({"role": "time", "missing": "allowed"}, "a time column has a value in every row"),
    ({"role": "target"}, "`positive` (the value that is the event) belongs to the target column"),
    (NUMBER | {"positive": 1}, "`positive` (the value that is the event) belongs to the target column"),
    (NUMBER | {"bands": [1]}, "`bands` cut a protected number or integer column"),
    ({"role": "protected", "type": "date", "bands": [1]}, "`bands` cut a protected number or integer column"),
    ({"role": "protected", "type": "number", "bands": [40, 25]}, "`bands` must rise"),
    ({"role": "protected", "type": "number", "bands": [25, 25]}, "`bands` must rise"),
    ({"type": "category"}, "`values` belong to a category column, and are needed there"),
    (NUMBER | {"values": ["a"]}, "`values` belong to a category column"),
    ({"type": "category", "values": []}, "1 to 1000 values"),
    ({"type": "category", "values": list(range(1001))}, "1 to 1000 values"),
    ({"type": "category", "values": ["a", "a"]}, "`values` must differ"),
    ({"type": "category", "values": ["a", ""]}, "none may be empty"),
    ({"type": "category", "values": [1, "a"]}, "values"),
    ({"type": "category", "values": [True, False]}, "values"),
    ({"type": "category", "values": [1.5]}, "values"),
    ({"type": "category", "values": [2**53]}, "below 2^53: write them in quotes"),
    (CATEGORY | TARGET, "`positive` is 1, which is none of the `values`"),
    (NUMBER | {"unknown": "other"}, "`unknown` belongs to a category column"),
    (CATEGORY | {"unknown": "guess"}, "'refuse' or 'other'"),
    (CATEGORY | {"monotone": "increasing"}, "`monotone` belongs to"),
    ({"type": "boolean", "monotone": "increasing"}, "`monotone` belongs to"),
    ({"role": "protected", "type": "number", "monotone": "decreasing"}, "`monotone` belongs to"),
    (CATEGORY | {"min": 1}, "`min` and `max` belong to a number or integer column"),
    ({"type": "date", "max": 1}, "`min` and `max` belong to a number or integer column"),
    (NUMBER | {"min": 2, "max": 1}, "`min` 2.0 is above `max` 1.0"),
    (NUMBER | {"min": "1"}, "valid number"),
    (NUMBER | {"min": 1e101}, "`min` and `max` leave no value"),
    (NUMBER | {"max": -1e101}, "`min` and `max` leave no value"),
    (NUMBER | {"min": 0, "out_of_bounds": "ignore"}, "'refuse', 'warn' or 'clip'"),
    (NUMBER | {"out_of_bounds": "warn"}, "`out_of_bounds` belongs to a number or integer feature with"),
    (CATEGORY | {"out_of_bounds": "clip"}, "`out_of_bounds` belongs to a number or integer feature with"),
    (
        NUMBER | {"role": "protected", "min": 0, "out_of_bounds": "warn"},
        "`out_of_bounds` belongs to a number or integer feature with",
    ),
    (
        {"type": "integer", "min": 0.2, "max": 0.8, "out_of_bounds": "clip"},
        "there is no whole number between `min` 0.2 and `max` 0.8",
    ),
    (NUMBER | {"missing_values": [-1]}, "`missing_values` need `missing: allowed`"),
    (NUMBER | {"missing": "allowed", "missing_values": ["-1"]}, "write -1 without quotes"),
    ({"type": "integer", "missing": "allowed", "missing_values": ["9e2"]}, "write 9e2 without quotes"),
    (CATEGORY | {"missing": "allowed", "missing_values": [999]}, 'write "999" in quotes'),
    ({"type": "date", "missing": "allowed", "missing_values": [0]}, 'write "0" in quotes'),
    (NUMBER | {"missing": "allowed", "missing_values": [2**53]}, "below 2^53"),
    (NUMBER | {"missing": "allowed", "missing_values": [True]}, "missing_values"),
    (NUMBER | {"missing": "yes"}, "'refused' or 'allowed'"),
    ({"type": "text"}, "'number', 'integer', 'boolean', 'category' or 'date'"),
    (NUMBER | {"role": "label"}, "role"),
    (NUMBER | {"bound": 1}, "Extra inputs are not permitted"),
]

ALLOWED: list[dict[str, Any]] = [
    NUMBER | {"min": 1, "max": 1},
    NUMBER | {"missing": "allowed", "missing_values": [-1, 0.5, "?", "nan"]},
    NUMBER | {"monotone": "decreasing", "known": "before"},
    {"type": "integer", "min": 0.5},
    {"type": "integer", "min": 0.5, "out_of_bounds": "clip"},
    NUMBER | {"max": 1e300, "out_of_bounds": "warn"},
    NUMBER | {"max": 1, "out_of_bounds": "refuse"},
    {"type": "boolean", "missing": "allowed", "missing_values": [-1]},
    {"type": "category", "values": [1, 2.0]},
    {"type": "category", "values": ["yes", "no"], "unknown": "other"},
    {"type": "category", "values": [1, 2], "missing": "allowed", "missing_values": [-1, "none"]},
    {"type": "date", "monotone": "increasing", "missing": "allowed", "missing_values": ["9999-12-31"]},
    {"role": "protected", "type": "integer", "bands": [25, 40, 62]},
    {"role": "time"},
    {"role": "time", "type": "date"},
    {"role": "id"},
    {"role": "ignore"},
    NUMBER | REASON | {"reason_group": "debts"},
    CATEGORY | {"missing": "allowed", "reason": {"high": "the purpose", "missing": "no purpose"}},
    TARGET,
    TARGET | {"positive": "bad"},
    TARGET | {"type": "category", "values": [1, 2]},
]


@pytest.mark.parametrize(("settings", "reason"), REFUSED)
def test_an_incoherent_column_is_refused_with_its_reason(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Column.read(settings)
    assert reason in str(refused.value)


@pytest.mark.parametrize("settings", ALLOWED)
def test_a_coherent_column_keeps_its_settings(settings: dict[str, Any]) -> None:
    assert Column.read(Column.read(settings).as_json()) == Column.read(settings)
    assert Column.read(settings).as_json() == settings


def test_a_column_says_nothing_of_what_was_left_out() -> None:
    column = Column.read({"type": "number"})
    assert (column.role, column.missing, column.known) == ("feature", "refused", "unconfirmed")
    assert column.as_json() == {"type": "number"}


def test_settings_cannot_be_changed_afterwards() -> None:
    column = Column.read({"type": "number"})
    with pytest.raises(ValidationError, match="frozen"):
        column.min = 3.0


@pytest.mark.parametrize(
    ("settings", "lacking"),
    [
        (NUMBER, ("high", "low")),
        (NUMBER | REASON | {"missing": "allowed"}, ("low", "missing")),
        (NUMBER | {"reason": {"high": "x", "low": "y"}}, ()),
        (CATEGORY, ("high",)),
        (CATEGORY | REASON | {"missing": "allowed"}, ("missing",)),
        ({"type": "boolean"} | REASON, ()),
        ({"type": "date"} | REASON, ("low",)),
    ],
)
def test_a_feature_knows_which_texts_it_lacks(settings: dict[str, Any], lacking: tuple[str, ...]) -> None:
    assert Column.read(settings).lacking_texts == lacking
