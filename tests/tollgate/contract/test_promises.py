"""What a contract promised, and the one after it does not."""

from typing import Any

import pytest

from tollgate.contract import Column, Contract
from tollgate.contract.drift import compared

WAS: dict[str, dict[str, Any]] = {
    "loan": {"role": "id"},
    "cust": {"role": "group", "missing": "allowed"},
    "issued": {"role": "time"},
    "income": {"type": "number", "min": 0, "monotone": "decreasing"},
    "colour": {"type": "category", "values": ["red", "blue"]},
    "age": {"role": "protected", "type": "integer", "bands": [25, 40, 62]},
    "height": {"role": "protected", "type": "number"},
    "term": {"type": "integer", "max": 60},
    "sex": {"role": "protected", "type": "category", "values": ["f", "m", "x"]},
    "known": {"role": "ignore", "type": "date"},
    "y": {"role": "target", "positive": 1},
}


def contract(columns: dict[str, dict[str, Any]]) -> Contract:
    return Contract.of({name: Column.read(settings) for name, settings in columns.items()})


def found(now: dict[str, dict[str, Any]], was: dict[str, dict[str, Any]] | None = None) -> dict[str, str]:
    drift = compared(contract(WAS if was is None else was), contract(now))
    return {one.subject: one.said for one in drift.dropped}


def but(**columns: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return WAS | columns


def without(*names: str) -> dict[str, dict[str, Any]]:
    return {name: settings for name, settings in WAS.items() if name not in names}


IGNORED = {"role": "ignore", "type": "date"}


@pytest.mark.parametrize(
    ("now", "subject", "said"),
    [
        (but(y={"role": "target", "positive": 0}), "target", "the event is y = 0, and was y = 1"),
        (
            but(y={"role": "ignore"}, late={"role": "target", "positive": 1}),
            "target",
            "the event is late = 1, and was y = 1",
        ),
        (
            without("y") | {"y2": {"role": "target", "positive": 1}},
            "target",
            "the event is y2 = 1, and was y = 1",
        ),
        (but(cust={"role": "ignore"}), "group", "the group column is none, and was cust"),
        (but(cust={"role": "id"}, loan={"role": "group"}), "group", "the group column is loan, and was cust"),
        (
            without("cust") | {"custs": {"role": "group"}},
            "group",
            "the group column is custs, and was cust",
        ),
        (but(loan={"role": "ignore"}), "id", "the id column is none, and was loan"),
        (without("loan") | {"loans": {"role": "id"}}, "id", "the id column is loans, and was loan"),
        (
            but(cust={**WAS["cust"], "missing_values": ["A1", "A2"]}),
            "columns.cust.missing_values",
            "it is A1, A2, and was none",
        ),
        (
            but(age={**WAS["age"], "missing": "allowed", "missing_values": [18, 19]}),
            "columns.age.missing_values",
            "it is 18, 19, and was none",
        ),
        (
            but(known={**WAS["known"], "missing": "allowed", "missing_values": ["2024-01-01"]}),
            "columns.known.missing_values",
            "it is 2024-01-01, and was none",
        ),
        (
            but(income={"type": "number", "monotone": "decreasing"}),
            "columns.income.min",
            "it is none, and was 0",
        ),
        (
            but(income={**WAS["income"], "min": -0.5}),
            "columns.income.min",
            "it is -0.5, and was 0",
        ),
        (but(term={**WAS["term"], "max": 72.9}), "columns.term.max", "it is 72, and was 60"),
        (but(term={"type": "integer"}), "columns.term.max", "it is none, and was 60"),
        (
            but(height={**WAS["height"], "bands": [300]}),
            "columns.height.bands",
            "it is 300, and was none",
        ),
        (but(issued=IGNORED), "time", "the time column is none, and was issued"),
        (without("issued"), "time", "the time column is none, and was issued"),
        (
            but(issued=IGNORED, known={"role": "time"}),
            "time",
            "the time column is known, and was issued",
        ),
        (
            but(income={"type": "number", "min": 0}),
            "columns.income.monotone",
            "it is none, and was decreasing",
        ),
        (
            but(income={"type": "number", "min": 0, "monotone": "increasing"}),
            "columns.income.monotone",
            "it is increasing, and was decreasing",
        ),
        (
            without("income") | {"incomes": {"type": "number", "min": 0}},
            "columns.income.monotone",
            "it is none, and was decreasing",
        ),
        (
            but(income={**WAS["income"], "out_of_bounds": "clip"}),
            "columns.income.out_of_bounds",
            "it is clip, and was refuse",
        ),
        (
            but(colour={**WAS["colour"], "unknown": "other"}),
            "columns.colour.unknown",
            "it is other, and was refuse",
        ),
        (
            but(age={"role": "ignore", "type": "integer"}),
            "columns.age.role",
            "it is ignore, and was protected",
        ),
        (without("age"), "columns.age.role", "it is gone, and was protected"),
        (
            but(age={**WAS["age"], "bands": [40]}),
            "columns.age.bands",
            "it is 40, and was 25, 40, 62",
        ),
        (
            but(age={"role": "protected", "type": "integer"}),
            "columns.age.bands",
            "it is none, and was 25, 40, 62",
        ),
        (
            but(sex={**WAS["sex"], "values": ["f", "m"], "unknown": "other"}),
            "columns.sex.values",
            "it is f, m, and was f, m, x",
        ),
        (
            but(sex={"role": "protected", "type": "number"}),
            "columns.sex.type",
            "it is number, and was category",
        ),
    ],
)
def test_a_promise_that_is_dropped_is_told_with_what_it_was(
    now: dict[str, dict[str, Any]], subject: str, said: str
) -> None:
    assert found(now) == {subject: f"{said} in the contract of the champion"}


@pytest.mark.parametrize(
    "now",
    [
        WAS,
        but(y={"role": "target", "positive": "1"}),
        but(y={"role": "target", "type": "number", "positive": 1.0}),
        but(colour={"type": "number", "monotone": "increasing"}),
        but(known={"role": "protected", "type": "date"}),
        but(age={**WAS["age"], "bands": [18, 25, 40, 62]}),
        but(sex={**WAS["sex"], "values": ["f", "m", "x", "unsaid"]}),
        but(income={"role": "ignore"}),
        but(income={**WAS["income"], "min": 5}),
        but(income={**WAS["income"], "min": 0.0, "max": 1e6}),
        but(term={"type": "integer", "max": 60.9}),
        but(term={"type": "category", "values": [12, 24]}),
        but(term={**WAS["term"], "missing": "allowed", "missing_values": [0]}),
        but(age={**WAS["age"], "missing": "allowed"}),
        without("colour"),
        without("age") | {"ages": WAS["age"]},
    ],
)
def test_to_promise_more_or_the_same_or_to_leave_out_a_feature_drops_nothing(
    now: dict[str, dict[str, Any]],
) -> None:
    assert found(now) == {}


def test_bounds_that_are_new_break_no_promise() -> None:
    was = but(income={"type": "number"})
    assert found(but(income={"type": "number", "min": 0, "out_of_bounds": "warn"}), was) == {}


def test_a_target_that_looks_renamed_is_another_event_all_the_same() -> None:
    was = without("y") | {"late_60": {"role": "target", "positive": 1}}
    now = without("y") | {"late_90": {"role": "target", "positive": 1}}
    (renamed,) = [one for one in compared(contract(was), contract(now)).changes if one.kind == "renamed"]
    assert (renamed.was, renamed.now) == ("late_60", "late_90")
    assert list(found(now, was)) == ["target"]


def test_an_id_that_is_the_group_now_is_kept_in_one_part_as_before() -> None:
    was = without("cust")
    assert found(but(loan={"role": "group"}, cust={"role": "ignore"}), was) == {}
    assert list(found(but(loan={"role": "ignore"}), was)) == ["id"]


def test_values_that_counted_as_missing_before_are_no_promise_dropped() -> None:
    was = but(cust={**WAS["cust"], "missing_values": ["A1", "A2"]})
    assert found(but(cust={**WAS["cust"], "missing_values": ["A2"]}), was) == {}
    assert list(found(but(cust={**WAS["cust"], "missing_values": ["A3"]}), was)) == [
        "columns.cust.missing_values"
    ]


def test_bounds_that_refused_nothing_may_be_widened() -> None:
    was = but(income={**WAS["income"], "out_of_bounds": "clip"})
    assert found(but(income={**WAS["income"], "min": -5, "out_of_bounds": "clip"}), was) == {}
    assert found(but(income={**WAS["income"], "min": -5}), was) == {}


def test_bounds_that_refuse_no_more_are_told_once_whatever_they_are() -> None:
    now = but(income={**WAS["income"], "min": -5, "out_of_bounds": "warn"})
    assert list(found(now)) == ["columns.income.out_of_bounds"]


def test_a_first_time_column_is_no_promise_dropped() -> None:
    assert found(WAS, was=without("issued")) == {}


def test_what_was_dropped_is_written_with_the_drift_and_reads_back() -> None:
    drift = compared(contract(WAS), contract(but(issued=IGNORED)))
    assert drift.dropped
    assert type(drift).read(drift.as_json()) == drift
