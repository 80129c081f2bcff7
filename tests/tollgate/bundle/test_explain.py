"""explain.json: what it says of rows, worked out by hand."""

import json
from typing import Any

import numpy as np
import pytest

from tests.small import small_training
from tollgate.bundle.explain import Additive, Trees, read_explain, write_explain
from tollgate.bundle.scorer import Scorer
from tollgate.errors import BundleError

NAN = float("nan")
LINE = {"weight": 2.0, "centre": 10.0, "missing": -0.5}
STEPS = {"edges": [1.0, 3.0], "values": [0.1, 0.2, 0.4], "missing": 0.8}
# Two trees over (number, category): one asks x <= 5, then whether the category is 1 or 3; the other is one leaf.
TREES: dict[str, Any] = {
    "kind": "trees",
    "base": 1.0,
    "roots": [0, -4],
    "feature": [0, 1],
    "threshold": [5.0, 0.0],
    "categories": [[], [1, 3]],
    "missing_left": [False, True],
    "left": [-1, -2],
    "right": [1, -3],
    "leaves": [10.0, 20.0, 40.0, 0.5],
}


def test_a_line_and_steps_add_up_feature_by_feature() -> None:
    explainer = Additive({"base": 100.0, "features": {"line": LINE, "steps": STEPS}})
    rows = np.array([[11.0, 1.0], [9.0, 1.0000001], [NAN, 3.0], [10.0, 99.0], [10.0, NAN]])
    expected = [[2.0, 0.1], [-2.0, 0.2], [-0.5, 0.2], [0.0, 0.4], [0.0, 0.8]]
    np.testing.assert_allclose(explainer.terms(rows), expected, atol=1e-15)
    np.testing.assert_allclose(explainer.margin(rows), 100 + np.sum(expected, axis=1))


def test_terms_follow_the_order_of_the_features_not_that_of_the_file() -> None:
    explained = {"kind": "additive", "base": 0.0, "features": {"a": LINE, "b": STEPS}}
    content = write_explain(explained, ("b", "a"), np.zeros((1, 2)))
    explainer = read_explain(content).explainer
    assert isinstance(explainer, Additive)
    assert explainer.terms(np.array([[2.0, 11.0]])).tolist() == [[0.2, 2.0]]


@pytest.mark.parametrize(
    ("row", "margin"),
    [
        ([5.0, 0.0], 11.5),
        ([5.000001, 1.0], 21.5),
        ([6.0, 2.0], 41.5),
        ([6.0, 3.0], 21.5),
        ([NAN, 0.0], 41.5),
        ([NAN, NAN], 21.5),
    ],
)
def test_a_row_falls_through_trees_to_its_leaves(row: list[float], margin: float) -> None:
    assert Trees(TREES).margin(np.array([row])).tolist() == [margin]


def test_rows_together_get_what_each_gets_alone() -> None:
    rows = np.array([[5.0, 0.0], [6.0, 2.0], [NAN, NAN]])
    assert Trees(TREES).margin(rows).tolist() == [11.5, 41.5, 21.5]


def test_the_background_is_written_with_null_for_what_is_missing_and_reads_back() -> None:
    background = np.array([[1.5, NAN], [NAN, 2.0]])
    content = write_explain({"kind": "none"}, ("a", "b"), background)
    assert json.loads(content)["background"] == [[1.5, None], [None, 2]]
    explainer, found, _, _ = read_explain(content)
    assert explainer is None
    np.testing.assert_array_equal(found, background)


@pytest.mark.parametrize(
    ("model", "parameters"),
    [("logistic", {}), ("scorecard", {}), ("gradient_boosting", {"max_iter": 20, "min_samples_leaf": 5})],
)
def test_the_explainer_of_each_model_gives_the_margin_of_its_graph_on_any_rows(
    model: str, parameters: dict[str, Any]
) -> None:
    files = small_training(model=model, parameters=parameters).files
    explainer, background, _, _ = read_explain(files["explain.json"])
    assert explainer is not None
    draw = np.random.default_rng(1)
    rows = background[draw.integers(0, len(background), 500)]
    rows = np.where(draw.random(rows.shape) < 0.3, rows * draw.integers(0, 3, rows.shape), rows)
    rows[draw.random(rows.shape) < 0.1] = NAN
    rows[:, 4:7] = draw.integers(0, 3, (500, 3))  # codes
    margin = Scorer(files["model.onnx"]).score(rows).margin
    np.testing.assert_allclose(explainer.margin(rows), margin, rtol=1e-9, atol=1e-9)


def test_what_is_no_explain_json_is_refused() -> None:
    for content in (b"", b"\xff", b"[" * 100_000, b"{}", b"null", b'{"version": 1}'):
        with pytest.raises(BundleError, match=r"explain\.json cannot be read"):
            read_explain(content)
