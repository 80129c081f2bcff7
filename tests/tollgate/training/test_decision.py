"""The three decision rules against trying every threshold."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tollgate.bundle.scorer import Floats
from tollgate.training.decision import choose_threshold
from tollgate.training.section import Decision

NEXT = float(np.nextafter(0.5, 1))
probabilities = st.lists(
    st.one_of(st.sampled_from([0.1, 0.25, 0.5, NEXT, 0.9]), st.floats(0.001, 0.999)), min_size=1, max_size=30
)
rates = st.floats(0.01, 0.99)


def rule(**settings: Any) -> Decision:
    return Decision.read(settings)


def approved(probability: Floats, threshold: float) -> NDArray[np.bool_]:
    return probability < threshold


def every_cut(probability: Floats) -> list[float]:
    """Thresholds that give every possible set of approved rows."""
    return [*np.unique(probability).tolist(), 1.0]


@settings(max_examples=100, deadline=None, database=None)
@given(probabilities, rates)
@example([0.5, NEXT], 0.5)
@example([0.5, 0.5, 0.5, 0.5], 0.5)
def test_an_approve_rate_is_reached_as_nearly_as_ties_allow_and_of_two_the_lower(
    values: list[float], rate: float
) -> None:
    probability = np.array(values)
    wanted = rate * len(values)
    threshold = choose_threshold(rule(approve_rate=rate), probability, np.zeros(len(values)))
    possible = [int(approved(probability, cut).sum()) for cut in every_cut(probability)]
    assert int(approved(probability, threshold).sum()) == min(possible, key=lambda n: (abs(n - wanted), n))


@settings(max_examples=100, deadline=None, database=None)
@given(probabilities, st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32 - 1))
@example([0.5, NEXT], 1, 1, 1)
def test_no_threshold_costs_less_than_the_one_chosen(
    values: list[float], false_negative: int, false_positive: int, seed: int
) -> None:
    probability = np.array(values)
    events = np.random.default_rng(seed).integers(0, 2, len(values)).astype(np.float64)

    def cost(threshold: float) -> float:
        let_in = approved(probability, threshold)
        return float(false_negative * events[let_in].sum() + false_positive * (1 - events)[~let_in].sum())

    decision = rule(cost={"false_negative": false_negative, "false_positive": false_positive})
    threshold = choose_threshold(decision, probability, events)
    best = min(cost(cut) for cut in every_cut(probability))
    assert cost(threshold) == best
    equally_good = [
        int(approved(probability, cut).sum()) for cut in every_cut(probability) if cost(cut) == best
    ]
    assert int(approved(probability, threshold).sum()) == min(equally_good), "of equals, the strictest"


def test_a_given_threshold_is_taken_as_it_is() -> None:
    probability, events = np.array([0.1, 0.2, 0.9]), np.array([0.0, 1.0, 1.0])
    assert choose_threshold(rule(threshold=0.123456789), probability, events) == 0.123456789


def test_a_worked_example_of_costs() -> None:
    probability = np.array([0.1, 0.2, 0.3, 0.4])
    events = np.array([0.0, 1.0, 0.0, 1.0])
    dear = rule(cost={"false_negative": 10, "false_positive": 1})
    cheap = rule(cost={"false_negative": 1, "false_positive": 10})
    assert choose_threshold(dear, probability, events) == pytest.approx(0.15), "approve only the safest"
    assert choose_threshold(cheap, probability, events) == pytest.approx(0.35), (
        "approve up to the last non-event"
    )


def test_the_threshold_lies_half_way_between_two_rows() -> None:
    probability = np.array([0.8, 0.2, 0.4, 0.6])
    assert choose_threshold(rule(approve_rate=0.5), probability, np.zeros(4)) == pytest.approx(0.5)


def test_a_tie_that_is_too_large_is_approved_rather_than_nobody() -> None:
    probability = np.repeat([0.1, 0.2, 0.3], [45, 35, 20])
    for rate, reached in ((0.4, 45), (0.7, 80), (0.95, 100), (0.1, 0)):
        threshold = choose_threshold(rule(approve_rate=rate), probability, np.zeros(100))
        assert approved(probability, threshold).sum() == reached
