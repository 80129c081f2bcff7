"""Errors of figures whose rows lie in few clusters: how often their intervals hold what is true."""

import numpy as np
import pytest
from scipy.stats import t

from tollgate.evaluation.few_clusters import (
    NO_GROUPS,
    NO_MONTHS,
    Mask,
    Spread,
    alike,
    several,
    spread,
    widened_error,
    worth,
)
from tollgate.evaluation.sampling_error import Codes, Floats, of_few, ratio, standard_error

Z = 1.959964
EACH = 50
SIZES = np.array([40, 30, 20, 5, 5])


@pytest.mark.parametrize("count", [2, 5, 80])
def test_clusters_alike_are_worth_what_cameron_and_miller_say(count: int) -> None:
    found = worth(np.repeat(np.arange(count), 7))
    assert found is not None
    assert found.factor == pytest.approx(count / (count - 1))
    assert found.degrees == pytest.approx(count - 1)
    assert found.wider == pytest.approx(np.sqrt(count / (count - 1)) * t.ppf(0.975, count - 1) / Z, rel=1e-5)


def test_clusters_of_many_sizes_are_worth_what_the_matrices_of_bell_and_mccaffrey_give() -> None:
    """And the degrees of freedom of their effective number, 1 / (0.4² + 0.3² + 0.2² + 2 · 0.05²) = 3.390."""
    found = worth(np.repeat(np.arange(5), SIZES))
    share = SIZES / SIZES.sum()
    off = np.eye(5) - np.outer(np.ones(5), share)
    inner = np.diag(share) @ off @ off.T @ np.diag(share)
    assert found is not None
    assert found.factor == pytest.approx(np.square(share).sum() / np.trace(inner))
    assert found.degrees == pytest.approx(2.390, abs=5e-4)
    assert alike(np.repeat(np.arange(5), SIZES)) == pytest.approx(3.390, abs=5e-4)


def test_one_cluster_is_worth_nothing_whatever_other_rows_lie_in() -> None:
    clusters = np.repeat(np.arange(5), SIZES)
    assert worth(clusters, clusters == 3) is None
    assert worth(clusters, clusters >= 3) is not None


@pytest.mark.parametrize(("of_other", "known"), [(60, True), (40, False), (1, False)])
def test_clusters_of_which_one_has_nearly_all_rows_are_as_good_as_that_one(
    of_other: int, known: bool
) -> None:
    clusters = np.repeat([0, 1], [1000 - of_other, of_other])
    assert (worth(clusters) is not None) == known
    assert (several(clusters) is not None) == known


def influence_of(value: Floats, side: Mask) -> tuple[float, Floats]:
    """The mean of one side minus that of the others, and each row's influence."""
    (of_side, by_side), (of_rest, by_rest) = (
        ratio(value * rows, rows.astype(np.float64)) for rows in (side, ~side)
    )
    return of_side - of_rest, by_side - by_rest


def held(side: Mask, clusters: Codes, effect: float, as_months: bool = False, times: int = 500) -> float:
    """How often the interval of a difference of two means that are alike holds 0."""
    draw, found = np.random.default_rng(7), 0
    groups, months = (None, clusters) if as_months else (clusters, None)
    for _ in range(times):
        value = draw.normal(size=len(side)) + effect * draw.normal(size=clusters.max() + 1)[clusters]
        apart, influence = influence_of(value, side)
        error = spread(influence, (side, ~side), groups, months)
        assert isinstance(error, Spread)
        found += abs(apart) <= Z * error.widened
    return found / times


@pytest.mark.parametrize("effect", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("inside", [2, 3, 5, 20, 78])
def test_the_interval_of_a_side_in_few_of_80_clusters_holds_the_truth(inside: int, effect: float) -> None:
    clusters = np.repeat(np.arange(80), EACH)
    assert held(clusters < inside, clusters, effect) >= 0.93


@pytest.mark.parametrize("inside", [2, 3])
def test_the_interval_of_a_side_in_few_of_12_months_holds_the_truth(inside: int) -> None:
    months = np.repeat(np.arange(12), 200)
    assert held(months < inside, months, 0.3, as_months=True) >= 0.93


@pytest.mark.parametrize("effect", [0.0, 0.5])
def test_a_side_with_most_rows_in_one_cluster_and_a_few_in_others_is_not_taken_for_one_of_many(
    effect: float,
) -> None:
    clusters = np.repeat(np.arange(80), EACH)
    side = (clusters < 1) | (np.arange(len(clusters)) % EACH == 0)
    assert held(side, clusters, effect) >= 0.93


@pytest.mark.parametrize("effect", [0.0, 0.5])
def test_the_interval_of_a_side_that_lies_in_all_clusters_holds_it_as_often_as_it_says(effect: float) -> None:
    clusters = np.repeat(np.arange(80), EACH)
    side = np.random.default_rng(1).random(len(clusters)) < 0.2
    assert 0.93 <= held(side, clusters, effect) <= 0.98


def test_without_the_mending_a_side_in_two_clusters_held_it_much_less_often() -> None:
    """What counting all clusters makes of it; so that the test above has something to find."""
    clusters, draw, found = np.repeat(np.arange(80), EACH), np.random.default_rng(7), 0
    side = clusters < 2
    for _ in range(300):
        value = draw.normal(size=len(side)) + draw.normal(size=80)[clusters]
        apart, influence = influence_of(value, side)
        found += abs(apart) <= Z * widened_error(influence, clusters)
    assert found / 300 < 0.8


def test_a_side_in_one_cluster_has_no_error_but_the_reason() -> None:
    clusters, value = np.repeat(np.arange(20), 10), np.random.default_rng(1).normal(size=200)
    side = clusters == 4
    _, influence = influence_of(value, side)
    assert spread(influence, (side, ~side), clusters) == NO_GROUPS
    assert spread(-influence, (~side, side), clusters) == NO_GROUPS
    assert spread(influence, (side, ~side), None, clusters) == NO_MONTHS


def test_no_error_is_below_that_of_rows_alone_and_without_clusters_it_is_that() -> None:
    value = np.tile([1.0, -1.0], 100)
    side = np.arange(200) < 100
    _, influence = influence_of(value, side)
    alone = Spread(standard_error(influence))
    assert alone.widened == alone.error
    assert spread(influence, (side, ~side), None) == alone
    assert standard_error(influence, np.arange(200) // 2) == pytest.approx(0)
    assert spread(influence, (side, ~side), np.arange(200) // 2) == alone


def test_rows_in_clusters_of_their_own_have_the_degrees_of_the_smaller_side() -> None:
    value = np.random.default_rng(1).normal(size=200)
    side = np.arange(200) < 30
    _, influence = influence_of(value, side)
    found = spread(influence, (side, ~side), np.arange(200))
    assert isinstance(found, Spread)
    assert found.degrees == pytest.approx(29)
    assert found.error == pytest.approx(standard_error(influence) * np.sqrt(30 / 29 * 199 / 200))
    assert found.widened == pytest.approx(found.error * of_few(30))
