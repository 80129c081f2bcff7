"""Bounds on how far trees can move against a direction, beside every row there can be."""

import sys
from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.tollgate.reasons.forests import CODES, Grown
from tollgate.bundle.explain import Trees
from tollgate.evaluation.tree_bounds import wrong_way

VALUES = np.r_[np.arange(-1.5, CODES + 1, 0.5)]


def by_hand(trees: Trees, features: int, place: int, sign: float) -> float:
    """The most that the margin falls from one value to the next, over every row."""
    others = list(product([*VALUES, np.nan], repeat=features - 1))
    rows = np.repeat(np.array(others).reshape(len(others), features - 1), len(VALUES), axis=0)
    rows = np.insert(rows, place, np.tile(VALUES, len(others)), axis=1)
    margin = sign * trees.margin(rows).reshape(len(others), len(VALUES))
    return float(np.maximum(margin[:, :-1] - margin[:, 1:], 0.0).max())


def written(**change: Any) -> Trees:
    """One tree by hand: income at most 10, and of those above it debt at most 5 or not."""
    values: dict[str, Any] = {
        "base": 0.0,
        "roots": [0],
        "feature": [0, 1],
        "threshold": [10.0, 5.0],
        "categories": [[], []],
        "missing_left": [True, True],
        "left": [-1, -2],
        "right": [1, -3],
        "leaves": [1.0, 0.5, 2.0],
    }
    return Trees(values | change)


def test_the_worked_example() -> None:
    """At income 10 a row of low debt falls from 1.0 to 0.5, one of high debt rises to 2.0; debt only ever raises."""
    cuts, wrong = wrong_way(written(), 0, 1.0)
    assert (cuts.tolist(), wrong.tolist()) == ([10.0], [0.5])
    assert wrong_way(written(), 0, -1.0)[1].tolist() == [1.0]
    assert wrong_way(written(), 1, 1.0)[1].tolist() == [0.0]
    assert wrong_way(written(), 1, -1.0)[1].tolist() == [1.5]


def test_trees_that_share_a_cut_are_summed_and_others_are_not() -> None:
    two = written(
        roots=[0, 2, 3],
        feature=[0, 1, 0, 0],
        threshold=[10.0, 5.0, 10.0, 11.0],
        categories=[[]] * 4,
        missing_left=[True] * 4,
        left=[-1, -2, -4, -6],
        right=[1, -3, -5, -7],
        leaves=[1.0, 0.5, 2.0, 0.25, 0.0, 8.0, 9.0],
    )
    cuts, wrong = wrong_way(two, 0, 1.0)
    assert (cuts.tolist(), wrong.tolist()) == ([10.0, 11.0], [0.75, 0.0])


def test_boxes_that_no_row_can_be_in_both_of_do_not_count() -> None:
    """Debt is asked first, so that no change of income leads from the low side of debt to the high one."""
    apart = written(
        feature=[1, 0, 0],
        threshold=[5.0, 10.0, 10.0],
        categories=[[]] * 3,
        missing_left=[True, True, True],
        left=[1, -1, -3],
        right=[2, -2, -4],
        leaves=[5.0, 6.0, 1.0, 2.0],
    )
    assert wrong_way(apart, 0, 1.0)[1].tolist() == [0.0]
    assert wrong_way(apart, 1, 1.0)[1].tolist() == [4.0]


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_of_one_tree_the_bound_is_what_some_row_does(seed: int, sign: float) -> None:
    trees = Grown(np.random.default_rng(seed), features=3, trees=1, depth=4).trees
    for place in (0, 2):
        _, wrong = wrong_way(trees, place, sign)
        assert float(wrong.max(initial=0.0)) == pytest.approx(by_hand(trees, 3, place, sign))


@pytest.mark.parametrize("seed", range(20))
def test_of_several_trees_no_row_does_more_than_the_bound(seed: int) -> None:
    trees = Grown(np.random.default_rng(100 + seed), features=3, trees=4, depth=3).trees
    for place in (0, 2):
        _, wrong = wrong_way(trees, place, 1.0)
        assert float(wrong.max(initial=0.0)) >= by_hand(trees, 3, place, 1.0) - 1e-12


def test_a_question_that_tells_missing_values_apart_is_no_cut() -> None:
    """Every number goes left, so that the right leaf, which is lower, follows none."""
    apart = written(threshold=[sys.float_info.max, 5.0], missing_left=[False, True])
    cuts, wrong = wrong_way(apart, 0, 1.0)
    assert (len(cuts), len(wrong)) == (0, 0)


def test_a_feature_that_no_tree_asks_for_moves_nothing() -> None:
    cuts, wrong = wrong_way(written(), 2, 1.0)
    assert (len(cuts), len(wrong)) == (0, 0)
