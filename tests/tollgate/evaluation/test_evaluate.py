"""Measuring two models on the same rows, and the curve of one."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.metrics import auc
from sklearn.metrics import roc_curve as roc_curve_by_scikit_learn

from tests.tollgate.evaluation.models import scored
from tollgate.bundle.scorer import Scores
from tollgate.canonical import canonical_json
from tollgate.evaluation.evaluate import ALL, CURVE_POINTS, evaluate, roc_curve
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling import Sampling

SECTION = Sampling(bootstraps=200, seed=3)


def test_without_a_champion_there_is_nothing_to_compare() -> None:
    found = evaluate(scored(1), None, SECTION)
    assert set(found["metrics"]) == set(ALL)
    assert found["champion_metrics"] == found["differences"] == {}


def test_without_a_yardstick_there_is_nothing_of_it() -> None:
    assert evaluate(scored(1), scored(1), SECTION)["yardstick_metrics"] == {}


@pytest.mark.parametrize("champion", [None, scored(1, strength=0.7)], ids=["no champion", "a champion"])
def test_a_yardstick_changes_no_other_figure_and_gets_the_interval_it_would_have_alone(
    champion: Scored | None,
) -> None:
    yardstick = scored(1, strength=0.5)
    found = evaluate(scored(1), champion, SECTION, yardstick)
    assert found.pop("yardstick_metrics") == evaluate(yardstick, None, SECTION)["metrics"]
    plain = evaluate(scored(1), champion, SECTION)
    assert found == {key: plain[key] for key in found}


def test_the_same_seed_gives_the_same_figures() -> None:
    one, again = (evaluate(scored(1), scored(1, strength=0.6), SECTION) for _ in range(2))
    assert one == again
    other = evaluate(scored(1), scored(1, strength=0.6), Sampling(bootstraps=200, seed=4))
    assert other["metrics"]["roc_auc"].value == one["metrics"]["roc_auc"].value
    assert other["metrics"]["roc_auc"].low != one["metrics"]["roc_auc"].low


def test_differences_are_challenger_minus_champion_and_paired() -> None:
    found = evaluate(scored(1, strength=0.9), scored(1, strength=0.8), SECTION)
    for name in ALL:
        mine, theirs, between = (found[key][name] for key in ("metrics", "champion_metrics", "differences"))
        assert mine.value is not None
        assert theirs.value is not None
        assert between.value == pytest.approx(mine.value - theirs.value)
    assert width(found["differences"]["roc_auc"]) < 0.7 * width(found["metrics"]["roc_auc"]), (
        "two models move together on the same draws, so that their difference moves less than either"
    )


def test_the_interval_of_a_difference_lies_on_the_side_of_the_better_model() -> None:
    better, worse = scored(1, strength=0.9), scored(1, strength=0.4)
    gain, loss = (
        evaluate(*models, SECTION)["differences"]["roc_auc"] for models in ((better, worse), (worse, better))
    )
    assert gain.low is not None
    assert loss.high is not None
    assert loss.high < 0 < gain.low


def width(figure: Figure) -> float:
    assert figure.low is not None
    assert figure.high is not None
    return figure.high - figure.low


def test_a_model_compared_with_itself_differs_by_nothing() -> None:
    found = evaluate(scored(1), scored(1), SECTION)
    for name in ALL:
        figure = found["differences"][name]
        assert (figure.value, figure.low, figure.high) == (0, 0, 0)


def test_a_metric_that_is_not_finite_is_written_as_null_with_its_reason() -> None:
    rows = scored(1)
    certain = np.where(rows.event == 1, 0.0, rows.scores.probability)
    wrong = Scored(rows.event, Scores(certain, rows.scores.margin, np.ones(len(certain), dtype=bool)))
    found = evaluate(wrong, wrong, SECTION)
    for key in ("metrics", "champion_metrics", "differences"):
        for name in ("log_loss", "precision"):
            figure = found[key][name]
            assert (figure.value, figure.low, figure.high) == (None, None, None)
            assert figure.reason == "the metric is not defined on these rows"
    assert b"NaN" not in canonical_json(found["metrics"]["log_loss"].as_json())


def ranked(margins: list[float], seed: int) -> Scored:
    margin = np.array(margins)
    event = np.random.default_rng(seed).integers(0, 2, len(margin)).astype(np.float64)
    event[:2] = (0, 1)
    return Scored(event, Scores(1 / (1 + np.exp(-margin)), margin, margin < 0))


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.lists(st.integers(-3, 3).map(float) | st.floats(-5, 5), min_size=2, max_size=50), st.integers(0, 99)
)
@example([1.0, 1.0, 1.0], 0)
def test_the_curve_of_few_rows_is_that_of_scikit_learn(margins: list[float], seed: int) -> None:
    rows = ranked(margins, seed)
    flagged, caught, _ = roc_curve_by_scikit_learn(rows.event, rows.scores.margin, drop_intermediate=False)
    found = np.array(roc_curve(rows))
    np.testing.assert_allclose(found[:, 0], flagged, atol=1e-12)
    np.testing.assert_allclose(found[:, 1], caught, atol=1e-12)


def test_a_point_of_the_curve_is_what_declining_from_its_threshold_on_gives() -> None:
    rows = ranked([float(margin) for margin in np.random.default_rng(1).normal(size=60)], 2)
    for flagged, caught, threshold in roc_curve(rows)[1:]:
        declined = rows.scores.probability >= threshold
        assert caught == pytest.approx(declined[rows.event == 1].mean())
        assert flagged == pytest.approx(declined[rows.event == 0].mean())


@pytest.mark.parametrize("rows", [2, 199, 200, 5000])
def test_a_curve_has_finite_points_at_most_200_of_them_from_corner_to_corner(rows: int) -> None:
    points = np.array(roc_curve(scored(5, rows=rows)))
    assert len(points) <= CURVE_POINTS == 200
    assert np.isfinite(points).all()
    assert points[0].tolist() == [0, 0, 1]
    assert points[-1, :2].tolist() == [1, 1]
    assert (np.diff(points[:, :2], axis=0) >= 0).all()
    assert (np.diff(points[:, 2]) <= 0).all()


def test_200_points_keep_the_area_under_the_curve() -> None:
    rows = scored(6, rows=5000)
    points = np.array(roc_curve(rows))
    whole = evaluate(rows, None, SECTION)["metrics"]["roc_auc"].value
    assert auc(points[:, 0], points[:, 1]) == pytest.approx(whole, abs=1e-3)
