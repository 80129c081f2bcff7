"""Intervals of shares, held against the papers that they come from and against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from tollgate.evaluation.rates import effective_rows, newcombe, wilson
from tollgate.evaluation.sampling_error import standard_error


@pytest.mark.parametrize(
    ("events", "rows", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_one_in_table_i_of_newcombe_1998(
    events: int, rows: int, low: float, high: float
) -> None:
    """Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, method 3."""
    assert wilson(events, rows) == pytest.approx((low, high), abs=5e-5)


@given(rows=st.integers(1, 5000), share=st.floats(0, 1))
def test_wilsons_interval_is_scipys(rows: int, share: float) -> None:
    events = round(share * rows)
    by_scipy = binomtest(events, rows).proportion_ci(method="wilson")
    assert wilson(events, rows) == pytest.approx((by_scipy.low, by_scipy.high), abs=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_newcombes_interval_is_the_one_in_table_ii_of_the_paper(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe, Interval estimation for the difference between independent proportions, ibid., method 10."""
    found = newcombe(first[0] / first[1], wilson(*first), second[0] / second[1], wilson(*second))
    assert found == pytest.approx((low, high), abs=6e-5)


def test_rows_alone_count_for_themselves_and_copies_for_one() -> None:
    event = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0])
    share = float(event.mean())
    alone = standard_error(event - share)
    assert effective_rows(share, alone, 10, 10) == pytest.approx(9), "the factor c / (c - 1)"
    copied = np.repeat(event, 4)
    together = standard_error(copied - share, np.repeat(np.arange(10), 4))
    assert effective_rows(share, together, 40, 10) == pytest.approx(9)


def test_where_all_rows_are_the_same_each_cluster_counts_for_one() -> None:
    assert effective_rows(0.0, 0.0, 40, 10) == 10
    assert effective_rows(0.3, float("inf"), 40, 1) == 1
    assert effective_rows(0.3, 1e-9, 40, 10) == 40, "never more than there are"
