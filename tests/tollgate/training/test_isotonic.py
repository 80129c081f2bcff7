"""Isotonic calibration against scikit-learn's own IsotonicRegression, on margins that a test chooses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from tests.tollgate.training.frames import frame
from tests.tollgate.training.raw import FirstFeature
from tests.tollgate.training.scored import part_of
from tollgate.bundle.scorer import Floats, Scorer, Scores
from tollgate.errors import ModelError
from tollgate.training.calibration import calibrate
from tollgate.training.graph import GraphBuilder


def curve(margin: Floats, events: Floats, asked: Floats) -> Scores:
    """What the graph of a calibration fitted to some margins says of others."""
    part = part_of(margin[:, None], events)
    calibration = calibrate("isotonic", FirstFeature().fit(part.rows, part.events), part)
    builder = GraphBuilder()
    first = builder.node("Squeeze", builder.take([0]), builder.constant([1], np.int64), output="margin")
    found = calibration.probability(builder, first)
    builder.node("Identity", found, output="probability")
    builder.node("Less", found, builder.constant(0.5), output="approved")
    return Scorer(builder.finish(1)).score(asked[:, None])


def plain(margin: Floats, events: Floats, digits: int = 6) -> IsotonicRegression:
    return IsotonicRegression(out_of_bounds="clip").fit(np.round(margin, digits), events)


def drawn(seed: int, digits: int = 15) -> tuple[Floats, Floats]:
    draw = np.random.default_rng(seed)
    margin = np.round(draw.normal(size=2600), digits)
    return margin, (draw.random(2600) < 1 / (1 + np.exp(-1.5 * margin))).astype(np.float64)


@settings(max_examples=25, deadline=None, database=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 15]))
def test_at_between_and_beyond_its_knots_the_graph_follows_scikit_learn(seed: int, digits: int) -> None:
    margin, events = drawn(seed, digits)
    expected = plain(margin, events)
    knots = expected.X_thresholds_
    between = (knots[1:] + knots[:-1]) / 2
    beside = np.r_[np.nextafter(knots, np.inf), np.nextafter(knots, -np.inf)]
    asked = np.r_[
        knots, between, beside, -1e6, 1e6, 0.0, -0.0, 5e-324, np.random.default_rng(seed).normal(size=500)
    ]
    found = curve(margin, events, asked)
    np.testing.assert_allclose(found.probability, expected.predict(asked), rtol=0, atol=1e-9)
    np.testing.assert_array_equal(found.margin, asked)
    assert len(knots) > 3


def test_that_margins_are_taken_to_six_digits_moves_next_to_nothing() -> None:
    margin, events = drawn(1)
    asked = np.random.default_rng(2).normal(size=2000)
    found = curve(margin, events, asked).probability
    apart = np.abs(found - plain(margin, events, 15).predict(asked))
    assert np.quantile(apart, 0.99) < 1e-4


def test_one_margin_summed_in_two_orders_makes_no_step() -> None:
    # Alike but for the last bits, as sums over features in another order are; and the outcomes differ.
    margin = np.repeat([1.0, 1.0 + 1e-14, 3.0], 2000)
    events = np.concatenate([np.arange(2000) < some for some in (600, 1000, 1800)]).astype(np.float64)
    found = curve(margin, events, np.array([1.0, 1.0 + 1e-14, 3.0]))
    np.testing.assert_allclose(found.probability, [0.4, 0.4, 0.9], rtol=0, atol=1e-9)


def test_a_curve_without_any_rise_is_flat_at_the_event_rate() -> None:
    margin = np.linspace(-3, 3, 4000)
    events = (np.arange(4000) < 1500).astype(np.float64)  # the lowest margins have the events
    found = curve(margin, events, np.array([-1e9, -3, 0.1, 3, 1e9]))
    np.testing.assert_allclose(found.probability, 1500 / 4000, rtol=0, atol=1e-12)
    assert found.margin.tolist() == [-1e9, -3, 0.1, 3, 1e9]


def test_one_margin_for_all_rows_gives_the_event_rate() -> None:
    events = (np.arange(3000) < 1200).astype(np.float64)
    found = curve(np.full(3000, 0.7), events, np.array([0.0, 0.7, 2.0]))
    np.testing.assert_allclose(found.probability, 0.4, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("events", "taken"), [(999, False), (1000, True)])
def test_fewer_than_1000_events_are_refused_with_the_reason(events: int, taken: bool) -> None:
    margin = np.linspace(-3, 3, 4000)
    happened = (np.arange(4000) >= 4000 - events).astype(np.float64)
    if taken:
        assert np.ptp(curve(margin, happened, margin).probability) == 1
        return
    with pytest.raises(ModelError, match=r"isotonic needs at least 1000 events.*it has 999.*Use sigmoid"):
        curve(margin, happened, margin)


def test_within_a_step_the_margin_still_orders_rows() -> None:
    problem = frame(["number", "number", "number"], seed=8, rows=3000)
    trained = problem.train(calibration="isotonic")
    scores = Scorer(trained.files["model.onnx"]).score(problem.fresh)
    steps, sizes = np.unique(scores.probability, return_counts=True)
    widest = scores.margin[scores.probability == steps[sizes.argmax()]]
    assert len(widest) > 50
    assert len(np.unique(widest)) == len(widest)
    by_margin = scores.probability[np.argsort(scores.margin)]
    assert (np.diff(by_margin) >= 0).all(), "and over all the probability never falls as the margin rises"
