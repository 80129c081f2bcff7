from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.gates.section import GatesSection
from tollgate.policy import Policy

GATES: dict[str, Any] = {
    "metric": [{"name": "roc_auc", "at_least": 0.65}, {"name": "brier", "at_most": 0.2}],
    "champion": {"margin": 0.01},
}


def weaker(policy: dict[str, Any], **gates: Any) -> list[str]:
    """In which ways GATES, with some of it changed or (None) left out, are weaker than a policy."""
    changed = {name: value for name, value in (GATES | gates).items() if value is not None}
    return Policy.read(policy).weaker(GatesSection.read(changed))


def test_without_settings_both_gates_are_required_and_no_limit_is() -> None:
    assert weaker({}) == []
    assert weaker({}, champion=None) == ["the gate champion is required"]
    assert weaker({}, metric=[]) == ["the gate metric is required"]
    assert weaker({}, metric=None) == [], "left out, it has its default limit"


def test_what_is_required_can_be_set() -> None:
    assert weaker({"required": []}, champion=None) == []
    assert weaker({"required": ["champion"]}, metric=None) == []
    assert weaker({"required": ["metric"]}, metric=[]) == ["the gate metric is required"]


@pytest.mark.parametrize(
    ("floor", "reasons"),
    [(0.6, []), (0.65, []), (0.66, ["roc_auc at_least is 0.65, at least 0.66 is required"])],
)
def test_a_limit_where_more_is_better_may_not_lie_below_the_floor(floor: float, reasons: list[str]) -> None:
    assert weaker({"limits": {"roc_auc": floor}}) == reasons


@pytest.mark.parametrize(
    ("floor", "reasons"),
    [(0.25, []), (0.2, []), (0.19, ["brier at_most is 0.2, at most 0.19 is allowed"])],
)
def test_a_limit_where_less_is_better_may_not_lie_above_the_floor(floor: float, reasons: list[str]) -> None:
    assert weaker({"limits": {"brier": floor}}) == reasons


def test_a_limit_that_is_not_set_is_required() -> None:
    assert weaker({"limits": {"ks": 0.2}}) == ["a limit for ks is required"]
    assert weaker({"limits": {"roc_auc": 0.6}}, metric=[]) == [
        "the gate metric is required",
        "a limit for roc_auc is required",
    ]


@pytest.mark.parametrize(("margin", "allowed"), [(0.01, True), (0.02, True), (0.0201, False), (0.05, False)])
def test_the_margin_may_not_be_wider_than_the_policy_says(margin: float, allowed: bool) -> None:
    reasons = weaker({"margin": 0.02}, champion={"margin": margin})
    assert reasons == ([] if allowed else [f"champion.margin is {margin:g}, at most 0.02 is allowed"])


def test_the_default_margin_of_the_gate_is_held_against_the_policy_too() -> None:
    assert weaker({"margin": 0.005}, champion={}) == ["champion.margin is 0.01, at most 0.005 is allowed"]


def test_every_way_of_being_weaker_is_named_at_once() -> None:
    policy = {"limits": {"roc_auc": 0.9, "brier": 0.1, "ks": 0.3}, "margin": 0}
    assert len(weaker(policy)) == 4


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("data/loans.csv", True),
        ("data/2024/*.parquet", True),
        ("s3://bank/loans/", True),
        ("s3://bank-of-others/loans/", False),
        ("other/loans.csv", False),
        ("/data/loans.csv", False),
        ("", False),
        ("data/../secrets.csv", False),
        ("data/2024/../../secrets.csv", False),
        ("data/..", False),
        ("data/a..b.csv", True),
    ],
)
def test_rows_come_only_from_the_sources_that_the_policy_names(source: str, allowed: bool) -> None:
    assert Policy.read({"sources": ["data/", "s3://bank/"]}).allows(source) == allowed


def test_a_policy_that_names_no_source_allows_any() -> None:
    assert Policy().allows("../anywhere.csv")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"limits": {"auc": 0.6}}, "there is no metric 'auc'; there are roc_auc"),
        ({"limits": {"roc_auc": "0.6"}}, "valid number"),
        ({"margin": 0.06}, "less than or equal to 0.05"),
        ({"margin": -0.01}, "greater than or equal to 0"),
        ({"required": ["fairness"]}, "'metric' or 'champion'"),
        ({"version": 2}, "Input should be 1"),
        ({"gates": {}}, "Extra inputs"),
    ],
)
def test_a_policy_that_means_nothing_is_refused(value: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Policy.read(value)
