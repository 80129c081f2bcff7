"""Models that never saw one of the features."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from sklearn.metrics import roc_auc_score

from tests.tollgate.training.frames import Frame, frame
from tollgate.bundle.scorer import Scorer
from tollgate.contract import Contract
from tollgate.training import dropped as module
from tollgate.training.models import find_model
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

KINDS = ["number", "number that may miss", "open category", "boolean"]
MODELS: list[dict[str, Any]] = [
    {"model": "logistic"},
    {"model": "scorecard"},
    {"model": "gradient_boosting", "parameters": {"max_iter": 30}},
]


@pytest.fixture(scope="module")
def problem() -> Frame:
    return frame(KINDS, seed=4, rows=400)


def without(trained: Trained) -> dict[str, Scorer]:
    """The models by the feature that they never saw."""
    return {
        name.removeprefix("without:"): Scorer(graph)
        for name, graph in trained.relatives.items()
        if name.startswith("without:")
    }


@pytest.mark.parametrize("settings", MODELS, ids=lambda one: str(one["model"]))
def test_they_take_every_feature_and_look_at_all_but_one(problem: Frame, settings: dict[str, Any]) -> None:
    found = without(problem.train(**settings))
    assert found
    other = problem.fresh[np.random.default_rng(0).permutation(len(problem.fresh))]
    for name, scorer in found.items():
        place = problem.contract.features.index(name)
        changed = problem.fresh.copy()
        changed[:, place] = other[:, place]
        assert not np.array_equal(changed[:, place], problem.fresh[:, place], equal_nan=True)
        np.testing.assert_array_equal(scorer.score(changed).margin, scorer.score(problem.fresh).margin)
        assert len(np.unique(scorer.score(problem.fresh).margin)) > 2


def test_they_are_the_model_that_a_contract_without_the_feature_gives(problem: Frame) -> None:
    trained = problem.train()
    for name, scorer in without(trained).items():
        place = problem.contract.features.index(name)
        kept = np.delete(np.arange(len(problem.contract.features)), place)
        less = {key: column for key, column in problem.contract.columns.items() if key != name}
        parts = {
            key: Part(part.rows[:, kept], part.events, part.order) for key, part in problem.parts.items()
        }
        section = TrainSection.read({"model": "logistic", "decision": {"threshold": 0.4}})
        alone = train(Contract.of(less), section, parts, problem.holdout[:, kept])
        expected = Scorer(alone.files["model.onnx"]).score(problem.fresh[:, kept]).margin
        np.testing.assert_allclose(scorer.score(problem.fresh).margin, expected, rtol=0, atol=1e-12)


def test_the_whole_model_on_the_same_rows_is_the_model_where_these_are_all(problem: Frame) -> None:
    for settings in MODELS:
        trained = problem.train(**settings)
        sampled, own = (
            Scorer(graph) for graph in (trained.relatives["sampled"], trained.files["model.onnx"])
        )
        np.testing.assert_array_equal(sampled.score(problem.fresh).margin, own.score(problem.fresh).margin)


def test_of_many_rows_some_are_drawn_for_the_whole_model_too(
    problem: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = problem.train()
    monkeypatch.setattr(module, "MOST_ROWS", 200)
    some = problem.train()
    assert some.facts["dropped"]["rows"] == 200
    assert some.relatives["sampled"] != whole.relatives["sampled"]
    assert some.digest == whole.digest, "the bundle does not know of them"
    assert problem.train().relatives == some.relatives, "the same rows each time"


def test_the_features_that_cost_most_come_first_and_those_that_cost_nothing_have_none() -> None:
    noisy = frame(["number"] * 8, seed=9, rows=800)
    draw = np.random.default_rng(2)
    parts = {}
    for name, part in noisy.parts.items():
        margin = 2 * part.rows[:, 5] / part.rows[:, 5].std() + part.rows[:, 2] / part.rows[:, 2].std()
        margin -= margin.mean()
        parts[name] = replace(
            part, events=(draw.random(len(margin)) < 1 / (1 + np.exp(-margin))).astype(np.float64)
        )
    trained = replace(noisy, parts=parts).train()
    features = noisy.contract.features
    assert trained.facts["dropped"]["features"] == [features[5], features[2]]
    rows, events = parts["threshold"].rows, parts["threshold"].events
    scorers = {"sampled": Scorer(trained.relatives["sampled"]), **without(trained)}
    area = {name: roc_auc_score(events, scorer.score(rows).margin) for name, scorer in scorers.items()}
    assert area[features[5]] < area[features[2]] < area["sampled"]


def test_at_most_five_are_left_out() -> None:
    many = frame(["number"] * 12, seed=6, rows=400)
    assert len(without(many.train())) == 5


def test_a_model_of_one_feature_has_none() -> None:
    alone = frame(["number"], seed=3, rows=200).train()
    assert without(alone) == {}
    assert alone.facts["dropped"] == {"rows": 200, "features": [], "failed": {}}


def test_one_that_cannot_be_fitted_is_told_and_stops_nothing(
    problem: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = problem.train()
    name = whole.facts["dropped"]["features"][0]
    fit = module._fit

    def failing(section: Any, parameters: Any, like: Any, contract: Contract, part: Part) -> Any:
        if name not in contract.features:
            raise ValueError("nothing to learn from")
        return fit(section, parameters, like, contract, part)

    monkeypatch.setattr(module, "_fit", failing)
    less = problem.train()
    assert less.facts["dropped"]["failed"] == {name: "nothing to learn from"}
    assert set(whole.relatives) - set(less.relatives) == {f"without:{name}"}


def test_gradient_boosting_is_fitted_again_with_as_many_trees(problem: Frame) -> None:
    settings: dict[str, Any] = {"model": "gradient_boosting", "parameters": {"max_iter": 60}}
    large = frame(["number", "number"], seed=5, rows=600)
    trees = large.train(**settings).facts["trees"]
    model = find_model("gradient_boosting")
    section = TrainSection.read({"decision": {"threshold": 0.4}, **settings})
    first = model(large.contract, section.read_parameters(settings["parameters"]), section.seed)
    first.fit(large.parts["fit"])
    assert isinstance(first, module.Sized)
    again = first.again(large.contract)
    again.fit(large.parts["fit"])
    assert again.facts() == first.facts() == {"trees": trees}
    assert again.explain() == first.explain()


def test_a_graph_of_some_features_takes_all_of_them_also_inside_of_its_branches() -> None:
    """The outer node asks whether there are rows; the branches look at the features from inside."""
    branches = []
    for factor in (2.0, 3.0):
        weights = numpy_helper.from_array(np.array([factor, factor]), "weights")
        body = helper.make_node("MatMul", ["features", "weights"], ["found"])
        found = helper.make_tensor_value_info("found", TensorProto.DOUBLE, [None])
        branches.append(helper.make_graph([body], "branch", [], [found], [weights]))
    nodes = [
        helper.make_node("Size", ["features"], ["size"]),
        helper.make_node("Cast", ["size"], ["some"], to=TensorProto.BOOL),
        helper.make_node("If", ["some"], ["margin"], then_branch=branches[0], else_branch=branches[1]),
        helper.make_node("Sigmoid", ["margin"], ["probability"]),
        helper.make_node("Less", ["margin", "zero"], ["approved"]),
    ]
    kinds = {"probability": TensorProto.DOUBLE, "margin": TensorProto.DOUBLE, "approved": TensorProto.BOOL}
    graph = helper.make_graph(
        nodes,
        "branches",
        [helper.make_tensor_value_info("features", TensorProto.DOUBLE, [None, 2])],
        [helper.make_tensor_value_info(name, kind, [None]) for name, kind in kinds.items()],
        [numpy_helper.from_array(np.array(0.0), "zero")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    whole = Scorer(module.taking_all(model.SerializeToString(), np.array([0, 2]), 3))
    rows = np.array([[1.0, 100.0, 2.0], [0.5, -7.0, 0.25]])
    np.testing.assert_allclose(whole.score(rows).margin, [6.0, 1.5])
