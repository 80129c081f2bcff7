import numpy as np
import pytest
from scipy.stats import binom, norm

from tollgate.evaluation.binned import binned
from tollgate.evaluation.consistency import calibration_error, of_groups_under_the_null, under_the_null

PROBABILITY = np.repeat([0.1, 0.4], [60, 40])


def test_the_error_is_the_mean_distance_by_hand() -> None:
    """60 rows at 0.1 with 9 events are 0.05 off, 40 at 0.4 with 12 are 0.1 off: 0.6 x 0.05 + 0.4 x 0.1 = 0.07."""
    event = np.r_[np.ones(9), np.zeros(51), np.ones(12), np.zeros(28)]
    assert calibration_error(binned(event, PROBABILITY)) == pytest.approx(0.07)


def test_the_null_is_that_of_outcomes_drawn_from_the_probabilities() -> None:
    """Of two bins of equal probabilities the mean is known: that of |events - expected| of two binomials."""
    null = under_the_null(binned(np.zeros(100), PROBABILITY), PROBABILITY, seed=1)
    exact = sum(
        abs(k - rows * p) * binom.pmf(k, rows, p)
        for rows, p in ((60, 0.1), (40, 0.4))
        for k in range(rows + 1)
    )
    assert len(null) == 1000
    assert null.mean() == pytest.approx(exact / 100, rel=0.05)


def test_rows_in_any_order_have_the_same_null_by_law_and_a_seed_gives_it_again() -> None:
    draw = np.random.default_rng(3)
    probability = draw.uniform(0.01, 0.9, 500)
    bins = binned(np.zeros(500), probability)
    one, again = (under_the_null(bins, probability, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, under_the_null(bins, probability, seed=6))
    expected = np.sqrt(2 / np.pi) * np.sqrt(
        [probability[bins.place == at].dot(1 - probability[bins.place == at]) for at in range(10)]
    )
    assert one.mean() == pytest.approx(expected.sum() / 500, rel=0.05)  # of a normal, the mean distance


def test_many_rows_are_simulated_less_often() -> None:
    probability = np.linspace(0.01, 0.5, 200_000)
    assert len(under_the_null(binned(np.zeros(200_000), probability), probability, seed=1)) == 250


def test_rows_in_groups_of_their_own_have_the_null_of_rows_alone() -> None:
    draw = np.random.default_rng(4)
    probability = draw.uniform(0.05, 0.6, 4000)
    event = (draw.random(4000) < probability).astype(np.float64)
    bins = binned(event, probability)
    alone = under_the_null(bins, probability, seed=1)
    grouped = of_groups_under_the_null(bins, event - probability, 3 * draw.permutation(4000), seed=1)
    assert len(grouped) == len(alone)
    assert grouped.mean() == pytest.approx(alone.mean(), rel=0.06)
    assert np.quantile(grouped, 0.975) == pytest.approx(np.quantile(alone, 0.975), rel=0.08)


def test_a_calibrated_model_of_customers_with_many_rows_is_seldom_beyond_the_null() -> None:
    """120 customers with 25 rows, whose outcomes go together: with rows drawn alone it is in about half the books."""
    beyond = {"alone": 0, "grouped": 0}
    customer = np.repeat(np.arange(120), 25)
    for seed in range(60):
        draw = np.random.default_rng(seed)
        ours, theirs = draw.normal(size=(2, 120))[:, customer]
        probability = norm.cdf(-1 + 0.5 * ours + 0.2 * draw.normal(size=3000))
        chance = norm.cdf(np.sqrt(0.5) * theirs + np.sqrt(0.5) * draw.normal(size=3000))
        event = (chance < probability).astype(np.float64)
        bins = binned(event, probability)
        error = calibration_error(bins)
        grouped = of_groups_under_the_null(bins, event - probability, customer, seed)
        beyond["alone"] += int(error > np.quantile(under_the_null(bins, probability, seed), 0.975))
        beyond["grouped"] += int(error > np.quantile(grouped, 0.975))
    assert beyond["alone"] > 20
    assert beyond["grouped"] <= 5
