"""The yardstick: a plain logistic model, whatever else is trained, on the very same parts."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.tollgate.training.frames import PARTS, Frame, frame
from tollgate.bundle.scorer import Scorer

DECISION = {"approve_rate": 0.6}


@pytest.fixture(scope="module")
def problem() -> Frame:
    return frame(["number", "number that may miss", "open category"], seed=111, rows=300, calibration=3500)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"model": "scorecard"},
        {"model": "gradient_boosting", "parameters": {"max_iter": 5}},
        {"calibration": "isotonic"},
        {"parameters": {"C": 1e-4}},
        {"model": "scorecard", "search": {"trials": 3}},
    ],
    ids=str,
)
def test_it_is_the_plain_logistic_model_of_the_same_parts(problem: Frame, settings: dict[str, Any]) -> None:
    trained = problem.train(DECISION, **settings)
    assert trained.relatives["yardstick"] == problem.train(DECISION).files["model.onnx"]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_shapes_it_as_it_shapes_the_model(problem: Frame, part: str) -> None:
    whole = problem.parts[part]
    fewer = whole.only(np.arange(len(whole.events)) % 7 > 0)
    other = replace(problem, parts={**problem.parts, part: fewer})
    assert other.train(DECISION).relatives["yardstick"] != problem.train(DECISION).relatives["yardstick"]


def test_its_own_threshold_is_chosen_on_the_threshold_part(problem: Frame) -> None:
    trained = problem.train(DECISION, model="gradient_boosting", parameters={"max_iter": 5})
    rows = problem.parts["threshold"].rows
    assert Scorer(trained.relatives["yardstick"]).score(rows).approved.mean() == pytest.approx(0.6, abs=0.01)


def test_the_holdout_leaves_no_trace_in_it(problem: Frame) -> None:
    assert (
        replace(problem, holdout=problem.fresh).train().relatives["yardstick"]
        == problem.train().relatives["yardstick"]
    )
