"""Contributions are Shapley values: what the definition says, and adding up to the margin."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small import small_contract, small_rows, small_training
from tests.tollgate.reasons.brute import shapley
from tests.tollgate.reasons.forests import Grown, rows_for, two_questions
from tollgate.bundle.explain import Additive, Trees, read_explain
from tollgate.bundle.scorer import Scorer
from tollgate.contract import RowChecker
from tollgate.reasons import boxes, trees
from tollgate.reasons.additive import AdditiveShapley
from tollgate.reasons.pairs import Pairs
from tollgate.reasons.reasoner import Reasoner
from tollgate.reasons.tables import Tables
from tollgate.reasons.trees import TreeShapley

MODELS: dict[str, dict[str, Any]] = {
    "logistic": {},
    "scorecard": {},
    "gradient_boosting": {"max_iter": 25, "min_samples_leaf": 5, "max_leaf_nodes": 31},
}
NAN = float("nan")
EXAMPLES = 60
SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module", params=MODELS)
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return small_training(model=request.param, parameters=MODELS[request.param]).files


def rows_of(count: int) -> Any:
    rows, problems = RowChecker(small_contract()).check(small_rows(count, 77))
    assert not problems
    assert np.isnan(rows).any()
    return rows


def test_contributions_of_each_model_are_what_the_definition_says(files: dict[str, bytes]) -> None:
    explainer, background, _, _ = read_explain(files["explain.json"])
    assert explainer is not None
    rows = rows_of(12)
    found = Reasoner(files["explain.json"], small_contract()).contributions(rows)
    expected = np.array([shapley(explainer.margin, row, background) for row in rows])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    assert np.abs(expected).max() > 0.01


def test_base_and_contributions_add_up_to_the_margin_of_the_graph(files: dict[str, bytes]) -> None:
    reasoner, scorer = Reasoner(files["explain.json"], small_contract()), Scorer(files["model.onnx"])
    rows = rows_of(400)
    found = reasoner.base + reasoner.contributions(rows).sum(axis=1)
    np.testing.assert_allclose(found, scorer.score(rows).margin, rtol=0, atol=1e-9)
    background = read_explain(files["explain.json"]).background
    assert reasoner.base == pytest.approx(scorer.score(background).margin.mean(), abs=1e-9)


def test_rows_together_get_what_each_gets_alone(files: dict[str, bytes]) -> None:
    reasoner, rows = Reasoner(files["explain.json"], small_contract()), rows_of(9)
    alone = np.concatenate([reasoner.contributions(row[None]) for row in rows])
    np.testing.assert_array_equal(reasoner.contributions(rows), alone)
    assert reasoner.contributions(rows[:0]).shape == (0, rows.shape[1])


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(SEEDS, st.integers(1, 5), st.integers(0, 6))
def test_any_trees_are_explained_as_the_definition_says(seed: int, features: int, depth: int) -> None:
    draw = np.random.default_rng(seed)
    grown = Grown(draw, features, trees=3, depth=depth).trees
    background, rows = rows_for(draw, features, 7), rows_for(draw, features, 3)
    expected = np.array([shapley(grown.margin, row, background) for row in rows])
    explained = TreeShapley(grown, background)
    np.testing.assert_allclose(explained.contributions(rows), expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        explained.base + explained.contributions(rows).sum(axis=1), grown.margin(rows), rtol=0, atol=1e-9
    )


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(SEEDS, st.sampled_from([0, 1, 60, 10**9]), st.integers(0, 8))
def test_leaves_without_tables_count_the_same(seed: int, room: int, slots: int) -> None:
    draw = np.random.default_rng(seed)
    grown = Grown(draw, 9, trees=2, depth=6).trees
    background, rows = rows_for(draw, 9, 5), rows_for(draw, 9, 4)
    tabled = TreeShapley(grown, background).contributions(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "MOST_NUMBERS", room)
        patch.setattr(boxes, "MOST_SLOTS", slots)
        explained = TreeShapley(grown, background)
    kinds = {type(part) for part in explained._parts}
    assert kinds <= {Pairs} or room * slots > 0
    assert kinds <= {Tables} or room < 10**9 or slots < 6
    np.testing.assert_allclose(explained.contributions(rows), tabled, rtol=0, atol=1e-12)


def test_leaves_below_hundreds_of_features_are_explained() -> None:
    """A chain of questions, each for another feature: more slots than a machine word has bits."""
    features = 150
    chain = {
        "base": 0.0,
        "roots": [0],
        "feature": list(range(features)),
        "threshold": [0.5] * features,
        "categories": [[]] * features,
        "missing_left": [True] * features,
        "left": [-1 - place for place in range(features)],
        "right": [*range(1, features), -1 - features],
        "leaves": np.linspace(-1, 1, features + 1).tolist(),
    }
    explained = TreeShapley(Trees(chain), np.zeros((3, features)))
    rows = np.array([np.ones(features), np.r_[1.0, 1.0, np.zeros(features - 2)]])
    found = explained.contributions(rows)
    np.testing.assert_allclose(explained.base + found.sum(axis=1), Trees(chain).margin(rows), atol=1e-9)
    step = 2 / features  # of the two that differ from the background, the first opens the way for the second
    np.testing.assert_allclose(found[1, :3], [1.5 * step, 0.5 * step, 0.0], atol=1e-12)


LINES = st.fixed_dictionaries({name: st.floats(-5, 5) for name in ("weight", "centre", "missing")})


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(0, 6))
    coded = draw(st.booleans())
    own = draw(st.lists(st.floats(-3, 6), min_size=count, max_size=count, unique=True))
    edges = [code + 0.5 for code in range(count)] if coded else sorted(own)
    values = draw(st.lists(st.floats(-5, 5), min_size=count + 1, max_size=count + 1))
    return {"edges": edges, "values": values, "missing": draw(st.floats(-5, 5))}


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(st.lists(st.one_of(LINES, steps()), min_size=1, max_size=6), SEEDS)
def test_any_additive_margin_is_explained_as_the_definition_says(
    terms: list[dict[str, Any]], seed: int
) -> None:
    explainer = Additive({"base": 0.25, "features": {str(at): term for at, term in enumerate(terms)}})
    draw = np.random.default_rng(seed)
    background, rows = rows_for(draw, len(terms), 5), rows_for(draw, len(terms), 3)
    rows += draw.choice([0.0, 0.5, 0.25], rows.shape)
    explained = AdditiveShapley(explainer, background)
    found = explained.contributions(rows)
    expected = np.array([shapley(explainer.margin, row, background) for row in rows])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(explained.base + found.sum(axis=1), explainer.margin(rows), rtol=0, atol=1e-9)


def test_a_feature_that_no_tree_asks_for_contributes_nothing() -> None:
    grown = Grown(np.random.default_rng(3), 3, trees=5, depth=4).trees
    background, rows = (rows_for(np.random.default_rng(seed), 5, 6) for seed in (4, 5))
    assert TreeShapley(grown, background).contributions(rows)[:, 3:].tolist() == [[0.0, 0.0]] * 6


def test_trees_of_one_leaf_explain_with_nothing() -> None:
    grown = Grown(np.random.default_rng(0), 2, trees=2, depth=0).trees
    explained = TreeShapley(grown, np.zeros((2, 2)))
    assert explained.contributions(np.array([[1.0, NAN]])).tolist() == [[0.0, 0.0]]
    assert explained.base == pytest.approx(grown.margin(np.zeros((1, 2)))[0])


def test_a_question_that_no_root_leads_to_counts_for_nothing() -> None:
    change = {
        "threshold": [0.5, 0.0],
        "categories": [[], [1]],
        "left": [-1, -1],
        "right": [-2, -2],
        "leaves": [1.0, 2.0],
    }
    explained = TreeShapley(two_questions(**change), np.zeros((2, 2)))
    assert explained.contributions(np.array([[1.0, 1.0]])).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("right", [[1, 0], [1, 1]], ids=["in circles", "one node below two"])
def test_trees_that_are_none_are_refused(right: list[int]) -> None:
    none = two_questions(left=[-1, -1], right=right, leaves=[1.0])
    with pytest.raises(ValueError, match="two ways lead to a node"):
        TreeShapley(none, np.zeros((1, 2)))


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(SEEDS)
def test_values_beside_and_between_those_that_are_named_are_explained(seed: int) -> None:
    draw = np.random.default_rng(seed)
    grown = Grown(draw, 4, trees=3, depth=4).trees
    rows = rows_for(draw, 4, 8) + draw.choice([0.0, 1e-12, -1e-12, 0.5, -1e100, 1e100], (8, 4))
    background, asked = rows[:5], rows[5:]
    expected = np.array([shapley(grown.margin, row, background) for row in asked])
    found = TreeShapley(grown, background).contributions(asked)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
