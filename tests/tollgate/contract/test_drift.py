"""How a contract differs from the one before."""

from typing import Any

import pytest

from tollgate.contract import Column, Contract
from tollgate.contract.drift import KINDS, Change, Drift, changes

WAS: dict[str, dict[str, Any]] = {
    "id": {"role": "id"},
    "income": {"type": "number", "min": 0, "max": 100},
    "age": {"role": "protected", "type": "integer"},
    "colour": {"type": "category", "values": ["red", "blue"]},
    "note": {"role": "ignore"},
    "y": {"role": "target", "positive": "bad"},
}


def contract(columns: dict[str, dict[str, Any]]) -> Contract:
    return Contract.of({name: Column.read(settings) for name, settings in columns.items()})


def found(now: dict[str, dict[str, Any]]) -> list[tuple[str, str | None, str, str]]:
    return [
        (change.kind, change.column, change.was, change.now)
        for change in changes(contract(WAS), contract(now))
    ]


def but(name: str, **settings: Any) -> dict[str, dict[str, Any]]:
    return WAS | {name: WAS[name] | settings}


def without(*names: str) -> dict[str, dict[str, Any]]:
    return {name: settings for name, settings in WAS.items() if name not in names}


def test_a_contract_does_not_differ_from_itself() -> None:
    assert found(WAS) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (WAS | {"months": {"type": "integer"}}, ("added", "months", "", "feature, integer")),
        (without("note"), ("removed", "note", "ignore", "")),
        (but("note", role="group"), ("role", "note", "ignore", "group")),
        (but("age", type="number"), ("type", "age", "integer", "number")),
        (but("colour", values=["red", "blue", "green"]), ("categories_added", "colour", "", "green")),
        (but("colour", values=["blue"]), ("categories_removed", "colour", "red", "")),
        (but("income", min=-5), ("loosened", "income", "min 0", "min -5")),
        (but("income", min=5), ("tightened", "income", "min 0", "min 5")),
        (but("income", max=200), ("loosened", "income", "max 100", "max 200")),
        (but("income", max=50), ("tightened", "income", "max 100", "max 50")),
        (but("income", max=None), ("loosened", "income", "max 100", "no max")),
        (but("age", min=18), ("tightened", "age", "no min", "min 18")),
        (but("income", missing="allowed"), ("missing_allowed", "income", "refused", "allowed")),
        (
            but("colour", unknown="other"),
            ("loosened", "colour", "unknown categories refused", "unknown categories taken as other"),
        ),
        (
            but("income", out_of_bounds="warn"),
            (
                "loosened",
                "income",
                "values out of bounds refused",
                "values out of bounds scored as they are",
            ),
        ),
        (but("income", monotone="increasing"), ("setting", "income", "monotone none", "monotone increasing")),
        (
            but("income", reason={"high": "too high", "low": "too low"}),
            ("setting", "income", "reason none", "reason high 'too high', low 'too low'"),
        ),
        (
            but("income", reason_group="debts"),
            ("setting", "income", "reason_group none", "reason_group debts"),
        ),
        (but("y", positive="good"), ("setting", "y", "positive bad", "positive good")),
    ],
)
def test_one_change_is_told_with_what_was_and_what_is(
    now: dict[str, dict[str, Any]], expected: tuple[str, str | None, str, str]
) -> None:
    assert found(now) == [expected]
    (change,) = changes(contract(WAS), contract(now))
    assert change.kind in KINDS


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ({"out_of_bounds": "clip"}, {}, "tightened"),
        ({}, {"out_of_bounds": "clip"}, "loosened"),
        ({"out_of_bounds": "clip"}, {"out_of_bounds": "warn"}, "setting"),
    ],
)
def test_what_happens_to_values_out_of_bounds_is_loosened_or_tightened(
    was: dict[str, Any], now: dict[str, Any], kind: str
) -> None:
    (change,) = changes(contract(but("income", **was)), contract(but("income", **now)))
    assert (change.kind, change.column) == (kind, "income")


def test_new_bounds_that_refuse_nothing_loosen_nothing() -> None:
    found = changes(
        contract(WAS | {"x": {"type": "number"}}),
        contract(WAS | {"x": {"type": "number", "min": 1, "out_of_bounds": "warn"}}),
    )
    assert [change.kind for change in found] == ["tightened", "setting"]


def test_what_may_no_longer_be_missing_is_told() -> None:
    lenient, strict = contract(but("income", missing="allowed")), contract(WAS)
    assert [change.kind for change in changes(lenient, strict)] == ["missing_refused"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("income", "Income"), ("income", "in_come"), ("income", "incomes"), ("colour", "paint")],
    ids=["case", "underscore", "nearly", "by its categories"],
)
def test_a_column_that_looks_renamed_is_told_as_one(old: str, new: str) -> None:
    now = {new if name == old else name: settings for name, settings in WAS.items()}
    assert found(now) == [("renamed", new, old, new)]


def test_what_else_changed_of_a_renamed_column_is_told_too() -> None:
    now = {
        ("INCOME" if name == "income" else name): settings for name, settings in but("income", max=7).items()
    }
    assert found(now) == [
        ("renamed", "INCOME", "income", "INCOME"),
        ("tightened", "INCOME", "max 100", "max 7"),
    ]


def test_another_name_of_another_kind_is_no_renaming() -> None:
    now = {("incomes" if name == "income" else name): settings for name, settings in WAS.items()}
    now["incomes"] = {"type": "integer"}
    assert [change[0] for change in found(now)] == ["removed", "added"]


def test_another_order_of_the_features_is_told_and_that_of_the_others_is_not() -> None:
    turned = dict(reversed(WAS.items()))
    assert found(turned) == [("order", None, "income, colour", "colour, income")]
    assert found({"note": WAS["note"], **WAS}) == []


def test_a_thousand_columns_that_are_all_others_are_compared_at_once() -> None:
    many = {f"column_{number}": {"type": "number"} for number in range(900)} | {"y": WAS["y"]}
    others = {f"other_{number}": {"type": "number"} for number in range(900)} | {"y": WAS["y"]}
    kinds = [change.kind for change in changes(contract(many), contract(others))]
    assert kinds == ["removed"] * 900 + ["added"] * 900


def test_all_changes_on_one_line() -> None:
    now = {**without("note", "age"), "income": {"type": "number", "min": 1, "max": 100}}
    drift = Drift(version=1, state="compared", changes=changes(contract(WAS), contract(now)))
    assert drift.summary == "2 columns removed, 1 rule tightened"
    assert Drift(version=1, state="none").summary == ""


def test_drift_reads_back_with_its_version() -> None:
    change = Change(kind="order", column=None, was="a", now="b")
    drift = Drift(version=1, state="compared", changes=(change,))
    assert drift.as_json()["version"] == 1
    assert Drift.read(drift.as_json()) == drift
