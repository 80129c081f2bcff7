import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.tollgate.training.frames import Frame, frame, frames
from tollgate.bundle.scorer import Floats, Scorer, Scores
from tollgate.contract import Column, Contract
from tollgate.training.reference import reference_profile, typical_values

pytestmark = pytest.mark.long


def profile(problem: Frame) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(problem.train().files["reference.json"])
    assert written["version"] == 1
    return written


@settings(max_examples=25, deadline=None, database=None)
@given(frames())
def test_every_row_is_counted_once_in_every_feature_and_in_the_score(problem: Frame) -> None:
    written = profile(problem)
    assert tuple(written["features"]) == tuple(sorted(problem.contract.features))
    for place, name in enumerate(problem.contract.features):
        feature = written["features"][name]
        rows = problem.parts["fit"].rows[:, place]
        assert sum(feature["counts"]) + feature.get("unseen", 0) + feature["missing"] == len(rows)
        assert feature["missing"] == np.isnan(rows).sum()
        assert feature.get("edges", []) == sorted(set(feature.get("edges", [])))
    assert sum(written["score"]["counts"]) == len(problem.parts["calibration"].rows)


def test_numbers_are_counted_between_the_edges_as_numpy_counts_them() -> None:
    problem = frame(["number"], seed=31, rows=200)
    feature = profile(problem)["features"]["0 number"]
    assert len(feature["edges"]) == 9, "deciles"
    assert feature["counts"] == histogram(problem.parts["fit"].rows[:, 0], feature["edges"])
    assert min(feature["counts"]) >= 10, "edges near the deciles part 200 rows into about 20 each"


def test_a_value_on_an_edge_belongs_to_the_bin_above() -> None:
    rows = np.repeat([1.0, 2.0], [50, 51])[:, None]
    scores = Scores(np.array([0.25]), np.array([0.0]), np.array([True]))
    written = json.loads(reference_profile(one_column({"type": "integer"}), rows, scores))
    assert written["features"]["x"] == {"edges": [1, 2], "counts": [0, 50, 51], "missing": 0}
    assert written["score"] == {"edges": [0.25], "counts": [0, 1], "missing": 0}


def test_categories_are_counted_by_value_in_the_order_of_the_contract() -> None:
    problem = frame(["open integer category"], seed=32)
    feature = profile(problem)["features"]["0 open integer category"]
    values = [row["0 open integer category"] for row in problem.raw["fit"]]
    assert feature["counts"] == [values.count(30), values.count(10), values.count(20)]
    assert feature["unseen"] == values.count(99)
    assert feature["missing"] == values.count(None)


def test_truths_are_counted_as_false_and_true() -> None:
    problem = frame(["boolean that may miss"], seed=33)
    feature = profile(problem)["features"]["0 boolean that may miss"]
    values = [row["0 boolean that may miss"] for row in problem.raw["fit"]]
    assert feature == {
        "counts": [values.count(False), values.count(True)],
        "unseen": 0,
        "missing": values.count(None),
    }


def test_a_column_that_was_missing_throughout_has_no_edges() -> None:
    feature = profile(frame(["missing in fit"], seed=34, rows=50))["features"]["0 missing in fit"]
    assert feature == {"edges": [], "counts": [0], "missing": 50}


def test_the_score_profile_is_that_of_the_calibration_part() -> None:
    problem = frame(["number", "date", "text category"], seed=35, rows=150)
    trained = problem.train()
    score = json.loads(trained.files["reference.json"])["score"]
    scorer = Scorer(trained.files["model.onnx"])
    counted = {
        name: histogram(scorer.score(part.rows).probability, score["edges"])
        for name, part in problem.parts.items()
    }
    assert score["counts"] == counted["calibration"]
    assert score["counts"] != counted["fit"], "else this could not tell them apart"
    assert score["counts"] != counted["threshold"]


@pytest.mark.parametrize(
    ("settings", "values", "allowed"),
    [
        ({"type": "number", "min": 12.345, "max": 12.349}, [12.345, 12.346, 12.349], (12.345, 12.349)),
        ({"type": "integer", "min": 17.5, "max": 18.5}, [18, 18, 18], (18, 18)),
        ({"type": "integer", "min": 1004, "max": 1006}, [1004, 1005, 1006], (1004, 1006)),
        ({"type": "number", "max": -0.12345}, [-0.12345, -0.2, -7], (-7, -0.12345)),
    ],
)
def test_typical_values_keep_the_limits_that_rounding_would_break(
    settings: dict[str, Any], values: list[float], allowed: tuple[float, float]
) -> None:
    typical = typical_values(one_column(settings), np.array(values, dtype=float)[:, None])["x"]
    assert typical
    assert all(allowed[0] <= value <= allowed[1] for value in typical)


def test_a_typical_value_never_stands_for_a_missing_one() -> None:
    contract = one_column({"type": "number", "missing": "allowed", "missing_values": [100]})
    typical = typical_values(contract, np.array([[7.0], [7.0], [99.9], [100.1], [100.2]]))["x"]
    assert 7.0 in typical
    assert 100.0 not in typical


def test_typical_numbers_have_two_digits_and_are_no_row_of_the_data() -> None:
    rows = np.random.default_rng(36).normal(5000, 700, (400, 1))
    typical = typical_values(one_column({"type": "number"}), rows)["x"]
    assert len(typical) == 5
    assert not set(typical) & set(rows[:, 0])
    assert all(float(f"{value:.1e}") == value for value in typical)


def one_column(settings: dict[str, Any]) -> Contract:
    columns = {"x": Column.read(settings), "outcome": Column.read({"role": "target", "positive": 1})}
    return Contract.of(columns)


def histogram(values: Floats, edges: list[float]) -> list[int]:
    counts, _ = np.histogram(values, [-np.inf, *edges, np.inf])
    return [int(count) for count in counts]
