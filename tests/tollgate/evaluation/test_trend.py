import numpy as np
import pytest
from scipy.optimize import curve_fit

from tollgate.evaluation.sampling_error import Codes, Floats
from tollgate.evaluation.trend import fit_line, merged


def book(*events: int, others: int = 500) -> tuple[Codes, Floats]:
    """Months with so many events each, and so many others."""
    months = np.concatenate([np.full(count + others, month) for month, count in enumerate(events)])
    event = np.concatenate([np.r_[np.ones(count), np.zeros(others)] for count in events])
    return months.astype(np.intp), event


def periods(months: Codes, event: Floats) -> list[int]:
    """The period of each month."""
    found = merged(months, event)
    return [int(found[months == month][0]) for month in range(int(months.max()) + 1)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((100, 100, 100), [0, 1, 2]),
        ((50, 50, 50, 50), [0, 0, 1, 1]),
        ((99, 1, 120, 30), [0, 0, 1, 1]),
        ((60, 60, 60, 60, 60), [0, 0, 1, 1, 1]),
        ((40, 40, 40), [0, 0, 0]),
        ((60, 60), [0, 1]),
        ((60, 80, 30, 20, 20), [0, 0, 1, 1, 1]),
        ((30, 0, 200), [0, 0, 0]),
        ((500,), [0]),
    ],
)
def test_months_are_merged_until_they_have_100_events_and_one_alone_is_halved_where_it_can(
    events: tuple[int, ...], expected: list[int]
) -> None:
    assert periods(*book(*events)) == expected


def test_others_are_needed_as_much_as_events() -> None:
    assert periods(*book(300, 300, 300, 300, others=50)) == [0, 0, 1, 1]


def test_the_line_is_that_of_weighted_least_squares() -> None:
    at, values, errors = np.array([0.0, 0.3, 1.0]), np.array([0.75, 0.74, 0.71]), np.array([0.02, 0.01, 0.03])
    found = fit_line(at, values, errors)
    (_, slope), covariance = curve_fit(
        lambda x, a, b: a + b * x, at, values, sigma=errors, absolute_sigma=True
    )
    assert found.slope == pytest.approx(slope)
    assert found.error == pytest.approx(
        np.sqrt(covariance[1, 1])
    )  # less scatter than the errors say: Birge 1


def test_values_that_scatter_more_than_their_errors_say_widen_it() -> None:
    at, values, errors = np.array([0.0, 0.5, 1.0]), np.array([0.7, 0.8, 0.7]), np.full(3, 0.01)
    found = fit_line(at, values, errors)
    _, covariance = curve_fit(lambda x, a, b: a + b * x, at, values, sigma=errors, absolute_sigma=False)
    assert found.error == pytest.approx(np.sqrt(covariance[1, 1]))
    assert found.error > 5 * 0.01


def test_of_two_values_the_line_is_their_difference() -> None:
    found = fit_line(np.array([0.0, 0.5]), np.array([0.7, 0.6]), np.array([0.03, 0.04]))
    assert found.slope == pytest.approx(-0.2)
    assert found.error == pytest.approx(0.05 / 0.5)
