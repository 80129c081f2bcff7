"""What training makes of its parts; see test_parity for the graph and test_decision for the rules."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.small import small_training
from tests.tollgate.training.frames import PARTS, Frame, frame
from tollgate.bundle.files import FILES, MANIFEST
from tollgate.bundle.scorer import Scorer
from tollgate.canonical import sha256
from tollgate.errors import ModelError
from tollgate.training.graph import GraphBuilder
from tollgate.training.logistic import Logistic
from tollgate.training.models import MODELS
from tollgate.training.part import Part

KINDS = ["number", "number that may miss", "open category", "boolean", "date"]
PARAMETERS = {"gradient_boosting": {"max_iter": 20}}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")


@pytest.fixture(scope="module")
def problem() -> Frame:
    return frame(KINDS, seed=11, rows=80)


def test_a_bundle_has_all_its_files_and_is_named_by_its_manifest(problem: Frame) -> None:
    trained = problem.train()
    assert set(trained.files) == {*FILES, MANIFEST}
    assert trained.digest == sha256(trained.files[MANIFEST])
    assert list(trained.files)[-1] == MANIFEST


def test_the_same_input_and_seed_give_the_same_bytes(problem: Frame) -> None:
    again = frame(KINDS, seed=11, rows=80)
    assert problem.train().files == again.train().files


def test_another_process_with_other_threads_and_hash_seed_makes_the_same_bundle() -> None:
    code = "from tests.small import small_training; print(small_training().digest)"
    root = str(Path(__file__).parents[3])
    threads = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "PYTHONHASHSEED": "5", "PYTHONPATH": root}
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **threads},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == small_training().digest


def test_the_holdout_leaves_no_trace_in_the_bundle(problem: Frame) -> None:
    other = replace(problem, holdout=problem.fresh[:7])
    assert other.train().files == problem.train().files


@pytest.mark.parametrize("part", PARTS)
def test_each_part_leaves_its_trace_in_the_bundle(problem: Frame, part: str) -> None:
    decision = {"approve_rate": 0.6}
    assert changed(problem, part).train(decision).digest != problem.train(decision).digest


def test_the_facts_say_what_went_in_and_what_came_out(problem: Frame) -> None:
    facts = problem.train({"approve_rate": 0.6}).facts
    assert facts["model"] == "logistic"
    assert facts["rows"] == {"fit": 80, "calibration": 80, "threshold": 80}
    assert facts["events"] == {name: int(np.sum(part.events)) for name, part in problem.parts.items()}
    assert facts["approve_rate"] == pytest.approx(0.6, abs=0.02)
    assert facts["parity"]["rows"] == 4 * 80
    assert 0 <= facts["parity"]["worst"] <= 1e-9
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_the_threshold_is_chosen_on_the_threshold_part_alone(problem: Frame) -> None:
    trained = problem.train({"approve_rate": 0.6})
    scorer = Scorer(trained.files["model.onnx"])
    approved = scorer.score(problem.parts["threshold"].rows).approved
    assert approved.mean() == trained.facts["approve_rate"] == 48 / 80
    moved = changed(problem, "threshold")
    other = moved.train({"approve_rate": 0.6})
    assert other.facts["threshold"] != trained.facts["threshold"]
    rows = np.concatenate([problem.fresh, problem.holdout, moved.parts["threshold"].rows])
    before, after = (Scorer(t.files["model.onnx"]).score(rows) for t in (trained, other))
    np.testing.assert_array_equal(before.probability, after.probability)
    np.testing.assert_array_equal(before.margin, after.margin)
    assert (before.approved != after.approved).any()


def test_the_rate_that_ties_allow_is_stated_not_the_one_asked_for() -> None:
    tied = frame(["boolean"], seed=13, rows=80)
    trained = tied.train({"approve_rate": 0.9})
    scorer = Scorer(trained.files["model.onnx"])
    rate = scorer.score(tied.parts["threshold"].rows).approved.mean()
    truths = tied.parts["threshold"].rows[:, 0].mean()
    assert trained.facts["approve_rate"] == rate
    possible = (0.0, truths, 1 - truths, 1.0)
    assert rate == min(possible, key=lambda one: (abs(one - 0.9), one))
    assert rate != 0.9


@pytest.mark.parametrize("model", sorted(MODELS))
@pytest.mark.parametrize("part", ["calibration", "threshold"])
def test_only_the_fit_part_shapes_the_margin(problem: Frame, model: str, part: str) -> None:
    settings: dict[str, Any] = {
        "model": model,
        "search": {"trials": 2},
        "parameters": PARAMETERS.get(model, {}),
    }
    other = replace(changed(problem, part), holdout=problem.fresh[:9])
    before, after = (Scorer(p.train(**settings).files["model.onnx"]) for p in (problem, other))
    np.testing.assert_array_equal(before.score(problem.fresh).margin, after.score(problem.fresh).margin)


def test_the_outcomes_of_the_threshold_part_count_only_where_costs_do(problem: Frame) -> None:
    part = problem.parts["threshold"]
    flipped = with_part(problem, "threshold", replace(part, events=1 - part.events))
    for decision in ({"threshold": 0.3}, {"approve_rate": 0.6}):
        assert flipped.train(decision).files == problem.train(decision).files
    costly = {"cost": {"false_negative": 5, "false_positive": 1}}
    assert flipped.train(costly).facts["threshold"] != problem.train(costly).facts["threshold"]


def test_a_row_is_approved_exactly_when_its_probability_lies_below_the_threshold(problem: Frame) -> None:
    first = problem.train({"threshold": 0.5})
    probability = Scorer(first.files["model.onnx"]).score(problem.fresh).probability
    threshold = float(np.sort(probability)[30])  # that of a row: just not below
    trained = problem.train({"threshold": threshold})
    assert trained.facts["threshold"] == threshold
    scores = Scorer(trained.files["model.onnx"]).score(problem.fresh)
    np.testing.assert_array_equal(scores.probability, probability)
    np.testing.assert_array_equal(scores.approved, probability < threshold)


class Skewed(Logistic):
    """A model whose graph is off by a little."""

    by: float

    def margin(self, builder: GraphBuilder) -> str:
        return builder.node("Add", super().margin(builder), builder.constant(self.by))


@pytest.mark.parametrize("by", [1e-4, -1.0, float("nan"), float("inf")])
def test_a_graph_that_does_not_do_what_the_model_does_stops_training(
    problem: Frame, monkeypatch: pytest.MonkeyPatch, by: float
) -> None:
    monkeypatch.setitem(MODELS, "skewed", f"{__name__}:Skewed")
    monkeypatch.setattr(Skewed, "by", by, raising=False)
    with pytest.raises(
        ModelError, match=r"the graph differs from the trained pipeline by up to .* allowed is 1e-09"
    ):
        problem.train(model="skewed")


@pytest.mark.parametrize("part", ["fit", "calibration"])
@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_a_part_with_one_outcome_only_stops_training(problem: Frame, part: str, outcome: float) -> None:
    whole = problem.parts[part]
    spoiled = with_part(problem, part, replace(whole, events=np.full(len(whole.events), outcome)))
    with pytest.raises(ModelError, match=f"all rows of the {part} part have the same outcome"):
        spoiled.train()


def test_two_events_in_the_calibration_part_are_enough(problem: Frame) -> None:
    part = problem.parts["calibration"]
    events = np.zeros(len(part.events))
    events[:2] = 1
    rare = with_part(problem, "calibration", replace(part, events=events))
    assert rare.train().facts["events"]["calibration"] == 2


def changed(problem: Frame, name: str) -> Frame:
    """The problem with the rows of one part drawn anew."""
    other = frame(KINDS, seed=12, rows=80)
    return with_part(problem, name, other.parts[name])


def with_part(problem: Frame, name: str, part: Part) -> Frame:
    parts: dict[str, Any] = {**problem.parts, name: part}
    return replace(problem, parts=parts)
