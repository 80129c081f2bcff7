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
        ({"calibration": "beta"}, "calibration"),
        ({"search": {}}, "search.trials"),
        ({"search": {"trials": 1}}, "search.trials"),
        ({"search": {"trials": 1001}}, "search.trials"),
        ({"search": {"trials": 5, "share": 0.5}}, "search.share"),
        ({"search": {"trials": 5, "share": 0}}, "search.share"),
        ({"search": {"trials": 5, "jobs": 2}}, "search.jobs"),
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


@pytest.mark.parametrize(
    ("model", "parameters", "said"),
    [
        (
            "logistic",
            {"C": 0},
            "`parameters.C` of logistic: Input should be greater than or equal to 0.0",
        ),
        ("scorecard", {"bins": 1}, "`parameters.bins` of scorecard"),
        ("scorecard", {"min_bin_share": 0.5}, "`parameters.min_bin_share` of scorecard"),
        ("gradient_boosting", {"learning_rate": 2}, "`parameters.learning_rate` of gradient_boosting"),
        ("gradient_boosting", {"max_leaf_nodes": 256}, "`parameters.max_leaf_nodes` of gradient_boosting"),
        ("gradient_boosting", {"depth": 3}, "`parameters.depth` of gradient_boosting"),
        ("logistic", {"bins": 3}, "`parameters.bins` of logistic"),
    ],
)
def test_parameters_are_those_of_the_model(model: str, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TrainSection.read({"model": model, "parameters": parameters, "decision": {"threshold": 0.2}})
    assert said in caught.value.errors()[0]["msg"]


def test_whole_numbers_may_be_written_as_floats_as_runners_do() -> None:
    section = TrainSection.read(
        {"model": "scorecard", "parameters": {"bins": 6.0, "C": 2}, "decision": {"threshold": 0.2}}
    )
    read = section.read_parameters(section.parameters)
    assert read.model_dump() == {"bins": 6, "min_bin_share": 0.03, "C": 2.0}
