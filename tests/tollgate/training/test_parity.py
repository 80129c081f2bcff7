"""The graph against scikit-learn, on rows that training has never seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from threadpoolctl import threadpool_limits

from tests.tollgate.training.frames import KINDS, Frame, frame, frames
from tollgate.bundle.scorer import Floats, Scorer
from tollgate.training.logistic import Logistic

UNSEEN = 1e12


def scored_by_both(problem: Frame, rows: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Probability and margin of rows by scikit-learn, then by the graph."""
    model = Logistic(problem.contract, 0)
    calibration = problem.parts["calibration"]
    pipeline = CalibratedClassifierCV(FrozenEstimator(model.estimator), method="sigmoid", cv=3)
    with threadpool_limits(limits=1):
        model.fit(problem.parts["fit"].rows, problem.parts["fit"].events)
        pipeline.fit(calibration.rows, calibration.events)
    tip = 1 / (2 * len(calibration.events))
    probability = np.clip(pipeline.predict_proba(rows)[:, 1], tip, 1 - tip)
    found = Scorer(problem.train().files["model.onnx"]).score(rows)
    return probability, model.estimator.decision_function(rows), found.probability, found.margin


@settings(max_examples=60, deadline=None, database=None)
@given(frames())
def test_the_graph_agrees_with_the_pipeline_on_rows_it_has_not_seen(problem: Frame) -> None:
    expected, _, found, _ = scored_by_both(problem, problem.fresh)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_graph_agrees_on_a_column_alone(kind: str) -> None:
    problem = frame([kind], seed=3)
    expected, expected_margin, found, found_margin = scored_by_both(problem, problem.fresh)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found_margin, expected_margin, rtol=1e-9, atol=1e-9)


def test_the_graph_agrees_far_outside_of_what_was_fitted() -> None:
    problem = frame(["number", "number that may miss", "open category"], seed=5)
    rows = problem.fresh.copy()
    rows[::2, 0] = UNSEEN
    rows[1::2, 1] = -UNSEEN
    expected, _, found, _ = scored_by_both(problem, rows)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_a_row_scores_the_same_alone_and_among_others() -> None:
    problem = frame(["number", "date", "open category", "boolean that may miss"], seed=7)
    scorer = Scorer(problem.train().files["model.onnx"])
    together = scorer.score(problem.fresh).probability
    alone = np.concatenate([scorer.score(row[None]).probability for row in problem.fresh])
    np.testing.assert_allclose(alone, together, rtol=0, atol=1e-12)
