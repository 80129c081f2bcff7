"""Cutting and weighing features, against worked examples and counts made in other ways."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tollgate.bundle.scorer import Floats
from tollgate.training.binning import Direction, cut, weights
from tollgate.training.evidence_weights import Kind, WeightOfEvidence

NAN = float("nan")
problems = st.tuples(st.integers(0, 2**32 - 1), st.integers(2, 400), st.sampled_from([2, 7, 40, 10_000]))


def drawn(seed: int, rows: int, different: int) -> tuple[Floats, Floats]:
    """Values with ties, and outcomes that rise and fall with them; some of each class."""
    draw = np.random.default_rng(seed)
    values = draw.integers(0, different, rows).astype(np.float64)
    events = (draw.random(rows) < 0.3 + 0.2 * np.sin(values)).astype(np.float64)
    events[:2] = (0, 1)
    return values, events


def edges(
    values: Floats, events: Floats, most: int = 8, fewest: float = 1.0, way: Direction = None
) -> Floats:
    return cut(values, events, most, fewest, way, float(events.mean()))


def counted(values: Floats, events: Floats, found: Floats) -> tuple[list[int], list[float]]:
    """Rows and event rate by bin, an edge belonging to the bin below it."""
    sides = [-np.inf, *found, np.inf]
    bins = [(values > low) & (values <= high) for low, high in itertools.pairwise(sides)]
    return [int(inside.sum()) for inside in bins], [float(events[inside].mean()) for inside in bins]


def test_weights_of_evidence_are_those_of_the_textbook() -> None:
    # A bin with 20 % of the events and 60 % of the others, one with 80 % and 40 %: ln(1/3) and ln(2).
    found = weights(np.array([10_000.0, 40_000.0]), np.array([90_000.0, 60_000.0]))
    np.testing.assert_allclose(found, [-1.098612, 0.693147], atol=1e-4)


def test_a_small_bin_says_almost_the_same() -> None:
    found = weights(np.array([10.0, 40.0]), np.array([90.0, 60.0]))
    np.testing.assert_allclose(found, [-1.098612, 0.693147], atol=0.03)


def test_a_bin_without_rows_says_nothing() -> None:
    assert weights(np.array([10.0, 0.0, 40.0]), np.array([90.0, 0.0, 60.0]))[1] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.5, 0.9])
def test_a_single_row_never_speaks_against_its_own_outcome(rate: float) -> None:
    events, others = np.array([0.0, 1.0, 1000 * rate]), np.array([1.0, 0.0, 1000 * (1 - rate)])
    of_one_other, of_one_event, _ = weights(events, others)
    assert of_one_other < 0 < of_one_event


def test_the_cut_falls_where_the_outcome_changes() -> None:
    values = np.arange(1.0, 41)
    assert edges(values, (values > 37).astype(np.float64), most=2).tolist() == [37.5]


def test_whole_numbers_are_cut_half_way_between_two_that_occur() -> None:
    values = np.repeat([1.0, 2.0, 5.0], 20)
    events = np.concatenate([np.zeros(20), np.r_[np.ones(10), np.zeros(10)], np.ones(20)])
    assert edges(values, events).tolist() == [1.5, 3.5]


@settings(max_examples=60, deadline=None, database=None)
@given(problems, st.integers(2, 10), st.floats(0.01, 0.4))
def test_no_bin_is_too_small_and_there_are_not_too_many(
    problem: tuple[int, int, int], most: int, share: float
) -> None:
    values, events = drawn(*problem)
    found = edges(values, events, most, share * len(values))
    rows, _ = counted(values, events, found)
    assert len(rows) <= most
    assert len(rows) == 1 or min(rows) >= share * len(values)
    assert not np.isin(found, values).any(), "an edge lies between the values"


@settings(max_examples=60, deadline=None, database=None)
@given(problems, st.sampled_from(["increasing", "decreasing"]))
def test_event_rates_move_in_the_direction_that_is_asked_for(
    problem: tuple[int, int, int], direction: Direction
) -> None:
    values, events = drawn(*problem)
    rows, rates = counted(values, events, edges(values, events, 50, 0.02 * len(values), direction))
    sign = 1 if direction == "increasing" else -1
    slack = [1 / (few + 1) for few in rows]  # the most that one row of the overall rate can move a rate
    for at in range(len(rows) - 1):
        assert sign * (rates[at + 1] - rates[at]) >= -slack[at] - slack[at + 1]


def test_the_direction_holds_for_the_weights_whatever_was_merged_last() -> None:
    for seed in range(400):
        draw = np.random.default_rng(seed)
        values = draw.normal(size=int(draw.integers(200, 700)))
        events = (draw.random(len(values)) < 1 / (1 + np.exp(3 - values))).astype(np.float64)
        weigh = WeightOfEvidence((Kind(direction="increasing"),), int(draw.integers(2, 9)), 0.02)
        (table,) = weigh.fit(values[:, None], events).tables_
        assert np.all(np.diff(table.weight[:-1]) >= 0), seed


def test_without_a_direction_the_same_rates_may_rise_and_fall() -> None:
    values = np.repeat([1.0, 2.0, 3.0], 100)
    events = np.concatenate([np.zeros(99), np.ones(1), np.ones(80), np.zeros(20), np.zeros(100)])
    assert len(edges(values, events)) == 2
    assert len(edges(values, events, way="increasing")) == 1
    assert len(edges(values, events, way="decreasing")) == 1


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (1.0, np.nextafter(1.0, 2)),
        (0.0, 5e-324),
        (5e-324, 1e-323),
        (-1.7e308, 1.7e308),
        (1.6e308, 1.7e308),
        (-1.7e308, -1.6e308),
    ],
)
def test_two_values_are_told_apart_however_near_or_large_they_are(low: float, high: float) -> None:
    values = np.repeat([low, high], 10)
    (edge,) = edges(values, np.repeat([0.0, 1.0], 10))
    assert low <= edge < high


def test_a_column_of_very_many_whole_numbers_is_cut_as_well() -> None:
    values = np.random.default_rng(0).permutation(np.arange(100_000.0))
    found = edges(values, (values >= 50_000).astype(np.float64), 2, 3000)
    assert abs(found[0] - 50_000) <= 1000, "a fiftieth of the rows is the finest cut"


@pytest.mark.parametrize("values", [[7.0] * 6, [NAN] * 6, [NAN, NAN, NAN, 3.0, 3.0, 3.0]])
def test_a_constant_or_missing_column_has_no_edges(values: list[float]) -> None:
    table = WeightOfEvidence((Kind(),), 8, 0.03)
    table.fit(np.array(values)[:, None], np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0]))
    assert table.tables_[0].edges.tolist() == []
    assert table.tables_[0].events.sum() == 3


def test_missing_values_have_a_bin_and_a_weight_of_their_own() -> None:
    values = np.r_[np.full(100, NAN), np.zeros(100), np.ones(100)][:, None]
    events = np.r_[np.ones(60), np.zeros(40), np.ones(10), np.zeros(90), np.ones(20), np.zeros(80)]
    table = WeightOfEvidence((Kind(),), 8, 0.03).fit(values, events).tables_[0]
    assert table.edges.tolist() == [0.5]
    assert table.events.tolist() == [10, 20, 60]
    assert table.others.tolist() == [90, 80, 40]
    # Of 90 events and 210 others: ln(10/90 / (90/210)), ln(20/90 / (80/210)), ln(60/90 / (40/210)).
    np.testing.assert_allclose(table.weight, [-1.3499, -0.5390, 1.2528], atol=0.03)


def test_the_share_of_a_bin_is_that_of_all_rows_not_of_those_that_have_a_value() -> None:
    draw = np.random.default_rng(3)
    values = np.where(draw.random(1000) < 0.9, NAN, draw.random(1000))
    events = (np.nan_to_num(values) > draw.random(1000)).astype(np.float64)
    table = WeightOfEvidence((Kind(),), 8, 0.03).fit(values[:, None], events).tables_[0]
    assert (table.events + table.others)[:-1].min() >= 30


def test_each_category_has_a_bin_even_one_that_never_occurred() -> None:
    rows = np.array([0.0, 0.0, 2.0, 2.0, 2.0, 2.0])[:, None]
    events = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    woe = WeightOfEvidence((Kind(codes=4),), 8, 0.03).fit(rows, events)
    assert woe.tables_[0].events.tolist() == [1, 0, 1, 0, 0]
    assert woe.tables_[0].others.tolist() == [1, 0, 3, 0, 0]
    found = woe.transform(np.array([[0.0], [1.0], [2.0], [3.0], [NAN]]))[:, 0]
    assert found[0] > 0 > found[2]
    np.testing.assert_allclose(found[[1, 3, 4]], 0, atol=1e-12)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_outcome_only_weighs_nothing(outcome: float) -> None:
    with pytest.raises(ValueError, match="rows of both outcomes"):
        WeightOfEvidence((Kind(),), 8, 0.03).fit(np.arange(4.0)[:, None], np.full(4, outcome))
