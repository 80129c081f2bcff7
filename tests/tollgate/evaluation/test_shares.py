"""Shares with intervals."""

import numpy as np
import pytest
from scipy.stats import binomtest

from tollgate.evaluation.shares import drawn, quantile, share_of, wilson


@pytest.mark.parametrize(("hits", "rows"), [(0, 10), (1, 10), (15, 50), (50, 50), (3, 1000)])
def test_the_interval_is_that_of_wilson_as_scipy_has_it(hits: int, rows: int) -> None:
    found = wilson(hits / rows, rows)
    expected = binomtest(hits, rows).proportion_ci(0.95, method="wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_rows_that_move_together_are_worth_as_many_as_there_are_clusters() -> None:
    """20 clusters of 10 alike rows, a half hit, are 20 rows less 20 / 19, and t for z (Korn, Graubard 1998)."""
    clusters = np.repeat(np.arange(20), 10)
    found = share_of(clusters < 10, clusters)
    expected = wilson(0.5, 19 / (2.0930 / 1.95996) ** 2)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-5)
    none = share_of(clusters < 0, clusters)
    assert none.high == pytest.approx(wilson(0.0, 20).high, abs=1e-12)


def test_rows_in_clusters_of_their_own_are_rows_alone() -> None:
    mask = np.arange(4000) < 1000
    alone, clustered = share_of(mask), share_of(mask, np.arange(4000))
    assert clustered.high == pytest.approx(alone.high, abs=1e-4)


def test_rows_are_drawn_in_order_without_repeats_and_the_same_for_a_seed() -> None:
    places = drawn(1000, 100, 5)
    assert len(np.unique(places)) == 100
    assert np.all(np.diff(places) > 0)
    np.testing.assert_array_equal(places, drawn(1000, 100, 5))
    assert not np.array_equal(places, drawn(1000, 100, 6))
    np.testing.assert_array_equal(drawn(7, 100, 5), np.arange(7))


def test_a_quantile_lies_between_the_order_statistics_of_conovers_formula() -> None:
    """By hand, for the median of 100 rows: 50 - 1.96 * 5 = 40.2 and 50 + 1.96 * 5 = 59.8, rounded up: 41 and 60."""
    values = np.random.default_rng(1).permutation(np.arange(1.0, 101.0))
    found = quantile(values, 0.5)
    assert (found.value, found.low, found.high) == (50.0, 41.0, 60.0)
    few = quantile(np.arange(1.0, 11.0), 0.99)
    assert (few.value, few.high) == (10.0, 10.0)
