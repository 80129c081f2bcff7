"""Contributions are those that the shap package finds."""

import warnings
from typing import Any

import numpy as np
import pytest

from tests.tollgate.training.scored import contract_of, fitted, part_of
from tollgate.bundle.explain import write_explain
from tollgate.reasons.reasoner import Reasoner

NUMBERS = {f"number_{place}": {"type": "number", "missing": "allowed"} for place in range(6)}


@pytest.fixture(scope="module")
def shap() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it says of others at its import is not ours to mend
        return pytest.importorskip("shap")


def problem() -> tuple[Any, Any]:
    draw = np.random.default_rng(5)
    rows = draw.normal(size=(1500, len(NUMBERS)))
    rows = rows.astype(np.float32).astype(
        np.float64
    )  # shap reads rows as float32, and errs at thresholds between
    odds = rows[:, 0] - rows[:, 1] * (rows[:, 2] > 0) + np.sin(rows[:, 3])
    return rows, draw.random(1500) < 1 / (1 + np.exp(-odds))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("missing", [False, True], ids=["whole", "with missing values"])
def test_gradient_boosting_gets_the_values_of_tree_explainer(shap: Any, missing: bool) -> None:
    rows, events = problem()
    if missing:
        rows[np.random.default_rng(1).random(rows.shape) < 0.1] = np.nan
    contract = contract_of(**NUMBERS)
    model = fitted("gradient_boosting", contract, part_of(rows, events), max_iter=40, max_leaf_nodes=12)
    background, asked = rows[:64], rows[100:150]
    reasoner = Reasoner(write_explain(model.explain(), contract.features, background), contract)
    explainer = shap.TreeExplainer(model.estimator, background, feature_perturbation="interventional")
    expected = explainer.shap_values(asked, check_additivity=False)
    np.testing.assert_allclose(reasoner.contributions(asked), expected, rtol=0, atol=1e-6)
    assert reasoner.base == pytest.approx(float(np.ravel(explainer.expected_value)[0]), abs=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_logistic_gets_the_values_of_linear_explainer(shap: Any) -> None:
    rows, events = problem()
    contract = contract_of(**NUMBERS)
    model = fitted("logistic", contract, part_of(rows, events))
    background, asked = rows[:64], rows[100:150]
    reasoner = Reasoner(write_explain(model.explain(), contract.features, background), contract)
    scale = model.estimator.named_steps["encode"].named_transformers_["numbers"]
    regression = model.estimator.named_steps["fit"]
    weights = regression.coef_[0][: len(NUMBERS)]
    explainer = shap.LinearExplainer((weights, regression.intercept_[0]), scale.transform(background))
    expected = explainer.shap_values(scale.transform(asked))
    np.testing.assert_allclose(reasoner.contributions(asked), expected, rtol=0, atol=1e-9)
