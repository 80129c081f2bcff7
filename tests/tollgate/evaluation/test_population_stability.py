import numpy as np
import pytest
from scipy.stats import chi2, kstest

from tollgate.contract import Column
from tollgate.evaluation.population_stability import moved, places
from tollgate.evaluation.sampling_error import Codes, Floats

EVEN = np.full(10, 1000.0)


def rows(*counts: int) -> Codes:
    return np.repeat(np.arange(len(counts)), counts)


def drawn(shares: Floats, count: int, seed: int) -> Codes:
    return np.random.default_rng(seed).choice(len(shares), count, p=shares)


def test_the_index_is_that_of_the_textbook_by_hand() -> None:
    """Siddiqi 2006, chapter 8: sum (actual - expected) ln(actual / expected).

    (0.4 - 0.5) ln 0.8 + (0.35 - 0.3) ln(7/6) + (0.25 - 0.2) ln 1.25 = 0.02231 + 0.00771 + 0.01116 = 0.0412.
    """
    found = moved(rows(40, 35, 25), np.array([500.0, 300.0, 200.0]))
    assert found.index == pytest.approx(0.0412, abs=5e-5)
    assert found.by_chance == pytest.approx(2 * (1 / 100 + 1 / 1000))
    assert found.p_value == pytest.approx(chi2.sf(found.index / (1 / 100 + 1 / 1000), 2))
    assert found.bins == 3


def test_where_nothing_moved_the_index_beyond_chance_is_zero_on_average_and_as_wide_as_it_says() -> None:
    shares = np.full(10, 0.1)
    found = []
    for seed in range(400):
        reference = np.bincount(drawn(shares, 4000, seed + 10_000), minlength=10).astype(np.float64)
        found.append(moved(drawn(shares, 1000, seed), reference))
    beyond = np.array([one.index - one.by_chance for one in found])
    assert abs(beyond.mean()) < 4 * beyond.std() / 20
    errors = np.array([one.error for one in found])
    assert (np.abs(beyond) < 1.96 * errors).mean() > 0.93
    assert kstest([one.p_value for one in found], "uniform").pvalue > 0.01


def test_where_rows_moved_the_interval_holds_the_true_index() -> None:
    before, after = np.full(5, 0.2), np.array([0.3, 0.25, 0.2, 0.15, 0.1])
    truth = float(((after - before) * np.log(after / before)).sum())
    held = 0
    for seed in range(400):
        reference = np.bincount(drawn(before, 3000, seed + 10_000), minlength=5).astype(np.float64)
        one = moved(drawn(after, 2000, seed), reference)
        held += abs(one.index - one.by_chance - truth) < 1.96 * one.error
    assert 0.92 < held / 400 < 0.99


def test_a_bin_that_is_empty_on_one_side_is_finite_and_one_empty_on_both_does_not_count() -> None:
    found = moved(rows(0, 50, 50, 0), np.array([100.0, 100.0, 0.0, 0.0]))
    assert found.bins == 3
    assert np.isfinite(found.index)
    assert found.index > 1
    assert found.p_value < 1e-6


@pytest.mark.parametrize("reference", [[500.0], [0.0, 500.0], [0.0, 0.0]])
def test_what_has_no_two_bins_cannot_move(reference: list[float]) -> None:
    place = np.full(20, len(reference) - 1)
    found = moved(place, np.array(reference))
    assert (found.index, found.error, found.p_value) == (0.0, 0.0, 1.0)


def test_rows_that_come_in_fours_move_by_chance_as_a_quarter_of_them_would() -> None:
    place = np.repeat(drawn(np.full(10, 0.1), 500, 1), 4)
    together = moved(place, EVEN, np.repeat(np.arange(500), 4))
    alone = moved(place[::4], EVEN)
    assert together.index == pytest.approx(alone.index)
    assert together.by_chance == pytest.approx(alone.by_chance, rel=0.01)
    assert together.error == pytest.approx(alone.error, rel=0.01)


def test_numbers_are_placed_between_the_edges_as_the_profile_was_and_missing_ones_apart() -> None:
    profile = {"edges": [1.0, 2.0], "counts": [5, 6, 7], "missing": 2}
    place, counts = places(profile, Column(type="number"), np.array([0.5, 1.0, 1.9, 2.0, np.nan]))
    np.testing.assert_array_equal(place, [0, 1, 1, 2, 3])
    np.testing.assert_array_equal(counts, [5, 6, 7, 2])


def test_categories_are_placed_by_code_with_unseen_and_missing_ones_apart() -> None:
    profile = {"counts": [5, 6], "unseen": 1, "missing": 2}
    column = Column(type="category", values=("a", "b"), unknown="other", missing="allowed")
    place, counts = places(profile, column, np.array([0.0, 1.0, 2.0, np.nan]))
    np.testing.assert_array_equal(place, [0, 1, 2, 3])
    np.testing.assert_array_equal(counts, [5, 6, 1, 2])
