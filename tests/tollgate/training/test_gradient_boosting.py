"""What the contract asks of gradient boosting: directions, categories; and when it stops."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.tollgate.training.scored import contract_of, fitted, margins, part_of, swept
from tollgate.bundle.scorer import Floats
from tollgate.contract import Contract
from tollgate.errors import ModelError
from tollgate.training.models import Model
from tollgate.training.part import Part

NUMBER = {"type": "number"}
LETTERS = {"type": "category", "values": ["a", "b", "c"]}


def humps(up: dict[str, str], down: dict[str, str]) -> tuple[Model, Floats]:
    """Two numbers between categories, and an event rate that rises and falls with both."""
    draw = np.random.default_rng(4)
    numbers = draw.normal(size=(3000, 3))
    codes = draw.integers(0, 3, (3000, 2)).astype(np.float64)
    log_odds = 1 - numbers[:, 0] ** 2 - numbers[:, 1] ** 2 + codes[:, 0] - numbers[:, 2]
    events = (draw.random(3000) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    contract = contract_of(
        first=LETTERS, up={**NUMBER, **up}, middle=LETTERS, down={**NUMBER, **down}, free=NUMBER
    )
    rows = np.stack([codes[:, 0], numbers[:, 0], codes[:, 1], numbers[:, 1], numbers[:, 2]], axis=1)
    return fitted("gradient_boosting", contract, part_of(rows, events), max_iter=80), rows[:25]


def test_declared_directions_hold_on_the_graph_with_categories_before_and_after() -> None:
    model, rows = humps({"monotone": "increasing"}, {"monotone": "decreasing"})
    values = np.linspace(-5, 5, 2001)
    up, down = (np.diff(swept(model, rows, place, values), axis=1) for place in (1, 3))
    assert up.min() >= -1e-12
    assert down.max() <= 1e-12
    assert up.max() > 0.01, "the direction is used, not only kept"
    assert down.min() < -0.01


def test_without_a_direction_the_margin_follows_the_data_up_and_down() -> None:
    model, rows = humps({}, {})
    for place in (1, 3):
        steps = np.diff(swept(model, rows, place, np.linspace(-5, 5, 2001)), axis=1)
        assert steps.min() < -0.01
        assert steps.max() > 0.01


def towns(count: int, unknown: str) -> tuple[Contract, Part]:
    draw = np.random.default_rng(count)
    column = {"type": "category", "values": [f"town {n}" for n in range(count)], "unknown": unknown}
    codes = np.r_[np.arange(float(count)), draw.integers(0, count, 2000)]
    return contract_of(x=NUMBER, town=column), part_of(
        np.c_[draw.normal(size=len(codes)), codes], draw.random(len(codes)) < 0.3 + 0.4 * (codes % 2)
    )


@pytest.mark.parametrize(("count", "unknown"), [(255, "refuse"), (254, "other")])
def test_255_categories_are_taken(count: int, unknown: str) -> None:
    contract, part = towns(count, unknown)
    model = fitted("gradient_boosting", contract, part, max_iter=5, min_samples_leaf=2)
    assert model.complexity() > 5


@pytest.mark.parametrize(("count", "unknown"), [(256, "refuse"), (255, "other")])
def test_256_categories_are_refused_with_the_columns_name(count: int, unknown: str) -> None:
    contract, part = towns(count, unknown)
    with pytest.raises(ModelError, match=r"column town: 256 categories.*at most 255.*`unknown: other`"):
        fitted("gradient_boosting", contract, part)


def learnable(rows: int = 2000) -> Part:
    """A signal that many trees would go on learning."""
    draw = np.random.default_rng(6)
    numbers = draw.normal(size=(rows, 4))
    log_odds = 2 * np.sin(2 * numbers[:, 0]) + numbers[:, 1] * numbers[:, 2]
    return part_of(numbers, draw.random(rows) < 1 / (1 + np.exp(-log_odds)))


LEAST = 40  # 2 / learning_rate


def trees(part: Part, **parameters: Any) -> int:
    contract = contract_of(a=NUMBER, b=NUMBER, c=NUMBER, d=NUMBER)
    found = fitted("gradient_boosting", contract, part, **{"max_iter": 300, **parameters}).facts()["trees"]
    assert isinstance(found, int)
    return found


def test_the_latest_rows_by_order_tell_when_to_stop() -> None:
    part = learnable()
    late = part.order >= 1600
    denied = replace(part, events=np.where(late, 1 - part.events, part.events))
    assert trees(part) > LEAST
    assert trees(denied) == LEAST, "the latest rows deny what the others say: nothing is gained"
    assert trees(replace(denied, order=-part.order)) > LEAST, "now the rows that deny it are the earliest"


def test_the_order_of_the_rows_themselves_means_nothing_for_stopping() -> None:
    part = learnable()
    late = part.order >= 1600
    denied = replace(part, events=np.where(late, 1 - part.events, part.events))
    shuffled = np.random.default_rng(1).permutation(len(part.order))
    mixed = Part(denied.rows[shuffled], denied.events[shuffled], denied.order[shuffled])
    assert trees(mixed) == LEAST


def test_rows_of_one_day_are_not_torn_apart_for_stopping() -> None:
    part = learnable()
    months = np.repeat([1.0, 2.0, 3.0, 4.0], 500)  # the last month is a quarter, a fifth is asked for
    denied = replace(part, order=months, events=np.where(months == 4, 1 - part.events, part.events))
    assert trees(denied) == LEAST


def test_where_no_row_is_later_than_another_the_number_of_trees_is_not_sought() -> None:
    part = learnable()
    same_day = replace(part, order=np.zeros(len(part.order)))
    assert trees(same_day) == 100
    assert trees(same_day, max_iter=7) == 7


def test_the_share_that_tells_when_to_stop_can_be_set() -> None:
    part = learnable()
    coins = np.random.default_rng(3).random(len(part.order)) < 0.5
    vague = replace(part, events=np.where(part.order >= 1900, coins.astype(np.float64), part.events))
    assert trees(vague, validation_fraction=0.05) == LEAST, "the latest 5 % say nothing"
    assert trees(vague, validation_fraction=0.45) > LEAST, "most of the latest 45 % say what the others say"


def test_once_the_number_is_found_all_rows_are_learned_from() -> None:
    part = learnable()
    found = trees(part)
    contract = contract_of(a=NUMBER, b=NUMBER, c=NUMBER, d=NUMBER)
    model = fitted("gradient_boosting", contract, part, max_iter=300)
    leaves = model.estimator._predictors[0][0].nodes
    assert leaves["count"][0] == len(part.rows)
    assert model.estimator.n_iter_ == found


@pytest.mark.parametrize("recorded", [0, 1700])
def test_a_column_that_was_not_recorded_at_first_or_at_all_is_no_hindrance(recorded: int) -> None:
    part = learnable()
    values = np.where(np.arange(2000) < recorded, np.nan, part.rows[:, 3])
    values = values if recorded else np.full(2000, np.nan)
    rows = np.c_[part.rows[:, :3], values]
    contract = contract_of(a=NUMBER, b=NUMBER, c=NUMBER, d={**NUMBER, "missing": "allowed"})
    model = fitted("gradient_boosting", contract, replace(part, rows=rows), max_iter=50)
    expected = model.estimator.decision_function(part.rows)
    np.testing.assert_allclose(margins(model, part.rows), expected, rtol=0, atol=1e-12)
    assert np.ptp(expected) > 1


def test_there_are_never_fewer_trees_than_have_learnt_what_the_earlier_rows_say() -> None:
    part = learnable()
    denied = replace(part, events=np.where(part.order >= 1600, 1 - part.events, part.events))
    assert trees(denied, learning_rate=0.2) == 10
    assert trees(denied, learning_rate=0.2, max_iter=7) == 7


def test_a_shift_of_the_base_rate_does_not_stop_the_learning() -> None:
    part = learnable()
    late = part.order >= 1600
    kept = ~late | (part.events == 1) | (part.order % 8 == 0)  # of the latest others only one in eight
    assert trees(part.only(kept)) > LEAST
