"""Probabilities against a calibration worked out independently, from raw rows by pandas and plain scikit-learn."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tests.tollgate.training.frames import Frame, frame
from tollgate.bundle.scorer import Floats, Scorer, Scores
from tollgate.training.part import Part

COLUMNS = ["number", "number that may miss", "integer", "boolean", "text category", "open category"]


def scores(problem: Frame, rows: Floats) -> Scores:
    return Scorer(problem.train().files["model.onnx"]).score(rows)


def platt(margin: Floats, events: Floats, rows: Floats) -> Floats:
    """The sigmoid of Platt (1999) with his targets: each row counts as an event to the degree of its target."""
    positives = events.sum()
    target = np.where(events == 1, (positives + 1) / (positives + 2), 1 / (len(events) - positives + 2))
    twice, weight = np.r_[margin, margin][:, None], np.r_[target, 1 - target]
    sigmoid = LogisticRegression(C=1e12, tol=1e-10, max_iter=10_000)
    sigmoid.fit(twice, np.repeat([1, 0], len(margin)), sample_weight=weight)
    return np.asarray(sigmoid.predict_proba(rows[:, None])[:, 1])


def by_hand(problem: Frame) -> tuple[Floats, Floats]:
    """Margins of the calibration part and of the fresh rows by a plain scikit-learn pipeline over raw rows."""
    frames = {name: pd.DataFrame(rows) for name, rows in problem.raw.items()}
    names = list(problem.contract.features)
    plain = [name for name in names if "category" not in name]
    encode = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), plain),
        (OneHotEncoder(categories=[["a", "b", "c"]] * 2, handle_unknown="ignore"), names[-2:]),
        ("passthrough", ["absent"]),
    )
    for values in frames.values():
        values[plain] = values[plain].astype(float)
        values["absent"] = values[names[1]].isna().astype(float)
    model = make_pipeline(encode, LogisticRegression(tol=1e-10, max_iter=10_000))
    model.fit(frames["fit"], problem.parts["fit"].events)
    return model.decision_function(frames["calibration"]), model.decision_function(frames["fresh"])


def test_probabilities_are_those_of_a_plain_pipeline_with_a_sigmoid_fitted_by_hand() -> None:
    problem = frame(COLUMNS, seed=21, rows=300)
    calibration, fresh = by_hand(problem)
    expected = platt(calibration, problem.parts["calibration"].events, fresh)
    found = scores(problem, problem.fresh)
    np.testing.assert_allclose(found.margin, fresh, atol=1e-4)
    np.testing.assert_allclose(found.probability, expected, atol=1e-4)


def test_calibration_looks_at_the_calibration_part_alone() -> None:
    problem = frame(COLUMNS, seed=22, rows=100)
    part = problem.parts["calibration"]
    rarer = part.events * (np.arange(len(part.events)) % 3 == 1)
    moved = replace(problem, parts={**problem.parts, "calibration": replace(part, events=rarer)})
    before, after = scores(problem, problem.fresh), scores(moved, problem.fresh)
    np.testing.assert_array_equal(before.margin, after.margin)
    assert after.probability.mean() == pytest.approx(rarer.mean(), abs=0.05)
    assert before.probability.mean() == pytest.approx(part.events.mean(), abs=0.05)


@pytest.mark.parametrize("rows", [20, 75])
def test_a_probability_keeps_half_a_row_of_the_calibration_part_away_from_0_and_1(rows: int) -> None:
    problem = frame(["number"], seed=23, rows=120)
    parts = {name: separable(part) for name, part in problem.parts.items()}
    parts["calibration"] = parts["calibration"].only(np.arange(120) < rows)
    certain = replace(problem, parts=parts)
    probability = scores(certain, np.array([[-1e6], [1e6], [40.0]])).probability
    assert probability[0] == 1 / (2 * rows)
    assert probability[1] == 1 - 1 / (2 * rows)
    assert probability[0] < probability[2] < probability[1]


def separable(part: Part) -> Part:
    return replace(part, events=(part.rows[:, 0] > 40).astype(np.float64))
