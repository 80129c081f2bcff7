"""Which rows are the latest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tollgate.training.part import Part

orders = st.lists(st.integers(0, 9), min_size=1, max_size=40)


def part(order: list[float]) -> Part:
    rows = np.arange(len(order), dtype=np.float64)
    return Part(rows[:, None], rows % 2, np.array(order, dtype=np.float64))


def latest(order: list[float], share: float) -> list[float]:
    return sorted(part(order).only(part(order).later(share)).order.tolist())


def test_the_latest_share_is_taken_whatever_the_order_of_the_rows() -> None:
    assert latest([7, 3, 9, 1, 5, 8, 2, 10, 4, 6], 0.2) == [9, 10]


@pytest.mark.parametrize(
    ("order", "share", "expected"),
    [
        ([1, 1, 1, 2, 2, 2, 3, 3, 3, 3], 0.25, [3, 3, 3, 3]),
        ([1, 2, 3, 3, 3, 3, 3, 3, 3, 3], 0.1, [3] * 8),
        ([1, 1, 1, 1, 1, 1, 2, 3, 3, 3], 0.4, [2, 3, 3, 3]),
        ([1, 1, 1, 1, 1, 1, 1, 1, 2, 3], 0.45, [2, 3]),
    ],
)
def test_rows_of_one_day_stay_together(order: list[float], share: float, expected: list[float]) -> None:
    assert latest(order, share) == expected


def test_where_all_rows_are_of_one_day_none_is_later() -> None:
    assert latest([4, 4, 4], 0.5) == []


@settings(max_examples=100, deadline=None, database=None)
@given(orders, st.floats(0.05, 0.5))
def test_no_other_cut_between_days_comes_nearer_to_the_share(order: list[float], share: float) -> None:
    taken = latest(order, share)
    days = sorted(set(order))
    rest = [day for day in order if day not in taken]
    assert not set(taken) & set(rest), "a day was torn apart"
    if len(days) > 1:
        assert rest
        assert taken
        assert max(rest) < min(taken)
        cuts = [sum(day > cut for day in order) / len(order) for cut in days[:-1]]
        assert abs(len(taken) / len(order) - share) <= min(abs(cut - share) for cut in cuts) + 1e-12


def test_some_rows_keep_their_events_and_order() -> None:
    some = part([5, 6, 7]).only(np.array([True, False, True]))
    assert some.rows.tolist() == [[0.0], [2.0]]
    assert some.events.tolist() == [0.0, 0.0]
    assert some.order.tolist() == [5.0, 7.0]
