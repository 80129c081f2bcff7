import numpy as np
import pytest

from tollgate.bundle.scorer import Floats, Scores
from tollgate.evaluation import draws
from tollgate.evaluation.bootstrap import estimate, measure, resample
from tollgate.evaluation.metrics import DESCRIPTIVE, METRICS, Scored

ALL = METRICS | DESCRIPTIVE
RATE = {"approve_rate": DESCRIPTIVE["approve_rate"]}


def scored(seed: int, rows: int = 150, flip: bool = False) -> Scored:
    generator = np.random.default_rng(seed)
    margin = generator.normal(size=rows)
    event = (generator.random(rows) < 1 / (1 + np.exp(-margin))).astype(np.float64)
    probability = 1 / (1 + np.exp(margin if flip else -margin))
    return Scored(event, Scores(probability, -margin if flip else margin, probability < 0.5))


def approving(approved: Floats) -> Scored:
    """Rows of which only the approve rate is of interest."""
    return Scored(np.zeros(len(approved)), Scores(approved, approved, approved == 1))


def test_the_same_seed_gives_the_same_draws() -> None:
    one, again, other = (resample([scored(1)], ALL, 300, seed)[0] for seed in (5, 5, 6))
    for name in ALL:
        assert one[name].shape == (300,)
        np.testing.assert_array_equal(one[name], again[name])
    assert (one["roc_auc"] != other["roc_auc"]).any()


@pytest.mark.parametrize("threads", [1, 3])
def test_how_many_threads_there_are_changes_no_bit(threads: int) -> None:
    usual, other = (resample([scored(1)], ALL, 130, 3, threads=count)[0] for count in (2, threads))
    for name in ALL:
        np.testing.assert_array_equal(usual[name], other[name])


def test_summing_in_small_lots_changes_no_figure_by_more_than_rounding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = resample([scored(1)], ALL, 50, 3)[0]
    monkeypatch.setattr(draws, "ROWS_AT_ONCE", 7)
    lots = resample([scored(1)], ALL, 50, 3)[0]
    for name in ALL:
        np.testing.assert_allclose(lots[name], whole[name], rtol=1e-12)


def test_models_are_measured_on_the_same_draws() -> None:
    """A model against its own mirror image: the two AUC add up to 1 on each draw, if and only if draws are shared."""
    drawn = resample([scored(2), scored(2, flip=True)], {"roc_auc": METRICS["roc_auc"]}, 200, 0)
    np.testing.assert_allclose(drawn[0]["roc_auc"] + drawn[1]["roc_auc"], 1, rtol=1e-12)
    assert drawn[0]["roc_auc"].std() > 0


def test_paired_draws_give_a_difference_of_nothing_for_the_same_model() -> None:
    drawn = resample([scored(3), scored(3)], ALL, 200, 0)
    for name in ALL:
        np.testing.assert_array_equal(drawn[0][name], drawn[1][name])


def test_each_draw_takes_as_many_rows_as_there_are() -> None:
    approved = np.r_[np.ones(10), np.zeros(30)]
    drawn = resample([approving(approved)], RATE, 400, 0)[0]["approve_rate"]
    np.testing.assert_allclose(drawn * 40, np.round(drawn * 40), atol=1e-9)
    assert drawn.mean() == pytest.approx(0.25, abs=0.015)
    assert drawn.std() == pytest.approx(np.sqrt(0.25 * 0.75 / 40), rel=0.15)


@pytest.mark.parametrize("place", [0, 17, 39])
def test_every_row_is_drawn_as_often_as_any_other(place: int) -> None:
    one = approving(np.eye(40)[place])
    drawn = resample([one], RATE, 4000, 0)[0]["approve_rate"]
    assert drawn.mean() == pytest.approx(1 / 40, rel=0.1)


def test_the_value_is_that_of_the_rows_as_they_are() -> None:
    rows = scored(4)
    values = measure(rows, ALL)
    assert set(values) == set(ALL)
    assert values["brier"] == pytest.approx(np.mean((rows.scores.probability - rows.event) ** 2))


def test_the_interval_is_that_between_the_two_tails_of_the_draws() -> None:
    found = estimate(0.5, np.arange(1001.0))
    assert found.value == 0.5
    assert found.low == pytest.approx(25)
    assert found.high == pytest.approx(975)
    assert found.reason == ""


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """The share approved of 200 rows, truly 0.3: about 95 of 100 intervals hold it (seeded: always the same)."""
    generator = np.random.default_rng(8)
    held = 0
    for trial in range(300):
        approved = (generator.random(200) < 0.3).astype(np.float64)
        drawn = resample([approving(approved)], RATE, 300, trial)[0]["approve_rate"]
        found = estimate(float(approved.mean()), drawn)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.3 <= found.high
    assert 0.91 <= held / 300 <= 0.98


def test_the_interval_of_a_mean_is_about_two_standard_errors_wide() -> None:
    values = np.random.default_rng(9).random(2000)
    rows = Scored(np.zeros(2000), Scores(np.sqrt(values), values, values < 0.5))
    drawn = resample([rows], {"brier": METRICS["brier"]}, 2000, 0)[0]["brier"]
    found = estimate(float(values.mean()), drawn)
    assert found.low is not None
    assert found.high is not None
    error = values.std() / np.sqrt(2000)
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_figure_that_is_not_finite_becomes_nothing_with_its_reason(value: float) -> None:
    found = estimate(value, np.ones(10))
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.reason == "the metric is not defined on these rows"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_one_draw_that_is_not_finite_takes_the_interval_away_but_not_the_figure(bad: float) -> None:
    found = estimate(0.5, np.r_[np.ones(999), bad])
    assert (found.value, found.low, found.high) == (0.5, None, None)
    assert found.reason == "the metric is not defined on some resamples of these rows"
