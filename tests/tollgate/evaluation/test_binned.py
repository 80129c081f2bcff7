import numpy as np
import pytest
from scipy.stats import chi2, ncx2

from tollgate.evaluation.binned import Binned, binned, design_effect, distance, hosmer_lemeshow, noncentrality


def of(rows: list[float], events: list[float], expected: list[float]) -> Binned:
    return Binned(np.array([], dtype=np.intp), np.array(rows), np.array(events), np.array(expected))


def test_bins_have_equal_counts_and_rise() -> None:
    probability = np.random.default_rng(1).permutation(np.linspace(0.001, 0.999, 1000))
    found = binned(np.zeros(1000), probability)
    np.testing.assert_array_equal(found.rows, np.full(10, 100))
    assert (np.diff(found.expected) > 0).all()
    assert found.expected.sum() == pytest.approx(probability.sum())


def test_equal_probabilities_are_never_parted() -> None:
    probability = np.array([0.1] * 50 + [0.2] * 30 + [0.7] * 20)
    event = np.array([1.0] * 5 + [0.0] * 45 + [1.0] * 6 + [0.0] * 24 + [1.0] * 20)
    found = binned(event, probability)
    np.testing.assert_array_equal(found.rows, [50, 30, 20])
    np.testing.assert_array_equal(found.events, [5, 6, 20])
    np.testing.assert_allclose(found.expected, [5, 6, 14])


def test_the_statistic_is_that_of_hosmer_and_lemeshow_by_hand() -> None:
    """(15 - 10)^2 / (100 x 0.1 x 0.9) + (28 - 30)^2 / (100 x 0.3 x 0.7): Hosmer, Lemeshow, Sturdivant 2013, 5.2.2."""
    assert hosmer_lemeshow(of([100, 100], [15, 28], [10, 30])) == pytest.approx(25 / 9 + 4 / 21)


def test_on_calibrated_rows_the_statistic_has_as_many_degrees_as_bins() -> None:
    draw = np.random.default_rng(4)
    found = []
    for _ in range(400):
        probability = draw.uniform(0.05, 0.6, 1000)
        found.append(
            hosmer_lemeshow(binned((draw.random(1000) < probability).astype(np.float64), probability))
        )
    assert np.mean(found) == pytest.approx(10, abs=0.7)
    assert np.mean(np.array(found) > chi2.ppf(0.95, 10)) == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize(("statistic", "degrees"), [(30.0, 10), (120.0, 10), (999.0, 8)])
def test_under_either_end_of_the_interval_the_statistic_is_in_a_tail(statistic: float, degrees: int) -> None:
    low, high = noncentrality(statistic, degrees)
    assert ncx2.sf(statistic, degrees, low) == pytest.approx(0.025, rel=1e-6)
    assert ncx2.cdf(statistic, degrees, high) == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize(("statistic", "high"), [(9.0, True), (1.0, False)])
def test_a_statistic_that_chance_gives_says_that_nothing_may_be_off(statistic: float, high: bool) -> None:
    found = noncentrality(statistic, 10)
    assert found[0] == 0.0
    assert (found[1] > 0) is high


def test_the_two_ways_to_the_interval_meet() -> None:
    np.testing.assert_allclose(noncentrality(1000.0, 10), noncentrality(1000.001, 10), rtol=0.01)


def test_the_interval_of_the_distance_holds_the_truth_as_often_as_it_says() -> None:
    draw = np.random.default_rng(6)
    log_odds = draw.normal(-2, 1, 3000)
    said, truth = (1 / (1 + np.exp(-odds)) for odds in (log_odds, 0.7 * log_odds))
    bins = binned(truth, said)  # outcomes without chance: only the distance
    exact = np.sqrt((np.square(bins.events - bins.expected) / bins.half_way).sum() / bins.half_way.sum())
    held = 0
    for _ in range(400):
        _, low, high = distance(binned((draw.random(3000) < truth).astype(np.float64), said))
        held += int(low <= exact <= high)
    assert 0.91 <= held / 400 <= 0.98


def test_rows_that_come_twice_are_half_as_many() -> None:
    draw = np.random.default_rng(2)
    probability = np.repeat(draw.uniform(0.05, 0.6, 2000), 2)
    event = (np.repeat(draw.random(2000), 2) < probability).astype(np.float64)
    bins, pairs = binned(event, probability), np.repeat(np.arange(2000), 2)
    assert design_effect(event, probability, bins, pairs) == pytest.approx(2.0, rel=0.01)
    assert design_effect(event, probability, bins, None) == 1.0
