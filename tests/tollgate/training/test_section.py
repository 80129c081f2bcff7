from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.training.section import TrainSection

COST = {"false_negative": 5, "false_positive": 1}


@pytest.mark.parametrize("decision", [{"threshold": 0.2}, {"approve_rate": 0.7}, {"cost": COST}])
def test_each_of_the_three_decision_rules_can_be_given(decision: dict[str, Any]) -> None:
    section = TrainSection.read({"model": "logistic", "decision": decision})
    assert section.as_json()["decision"] == decision


@pytest.mark.parametrize(
    "decision",
    [
        {},
        {"threshold": 0.2, "approve_rate": 0.7},
        {"threshold": 0.2, "cost": COST},
        {"threshold": 0.2, "approve_rate": 0.7, "cost": COST},
    ],
)
def test_no_rule_or_more_than_one_is_refused(decision: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="give exactly one of `threshold`, `approve_rate` and `cost`"):
        TrainSection.read({"model": "logistic", "decision": decision})


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"model": "forest"}, "model"),
        ({"calibration": "isotonic"}, "calibration"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "seed"),
        ({"seed": "7"}, "seed"),
        ({"decision": {"threshold": 0}}, "decision.threshold"),
        ({"decision": {"threshold": 1}}, "decision.threshold"),
        ({"decision": {"approve_rate": 70}}, "decision.approve_rate"),
        ({"decision": {"cost": {**COST, "false_negative": 0}}}, "decision.cost.false_negative"),
        ({"decision": {"cost": {"false_negative": 1}}}, "decision.cost.false_positive"),
        ({"epochs": 3}, "epochs"),
    ],
)
def test_an_impossible_setting_is_refused_by_its_key(change: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TrainSection.read({"model": "logistic", "decision": {"threshold": 0.2}, **change})
    assert [".".join(map(str, error["loc"])) for error in caught.value.errors()] == [key]
