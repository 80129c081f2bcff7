"""Our own trees against scikit-learn's, whose private arrays they are read from."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollgate.training.scored import contract_of, fitted, margins, part_of
from tollgate.bundle.explain import Trees
from tollgate.bundle.scorer import Floats
from tollgate.contract import Contract
from tollgate.training.models import Model

NAN = float("nan")
MISS = {"missing": "allowed"}
DIRECTIONS: tuple[dict[str, Any], ...] = ({}, {"monotone": "increasing"}, {"monotone": "decreasing"})


def number(draw: np.random.Generator, rows: int) -> tuple[dict[str, Any], Floats]:
    values = draw.normal(size=rows) * 10.0 ** draw.integers(-3, 4)
    if draw.random() < 0.3:
        values = np.round(values)
    if draw.random() < 0.2:
        values[:] = values[0]
    missing = draw.random(rows) < draw.choice([0.0, 0.3, 1.0], p=[0.5, 0.4, 0.1])
    direction = DIRECTIONS[draw.integers(3)] if draw.random() < 0.3 else {}
    return {"type": "number", **MISS, **direction}, np.where(missing, NAN, values)


def category(draw: np.random.Generator, rows: int) -> tuple[dict[str, Any], Floats]:
    """Codes of which some, and perhaps `other`, never occur."""
    known = int(draw.choice([1, 2, 5, 33, 65, 100, 200]))
    some = draw.choice(known + 1, size=max(1, known // 2), replace=False)
    codes = draw.choice(some, rows).astype(np.float64)
    missing = draw.random(rows) < draw.choice([0.0, 0.2])
    values = [f"v{place}" for place in range(known)]
    column = {"type": "category", "values": values, "unknown": "other", **MISS}
    return column, np.where(missing, NAN, codes)


def problem(seed: int, rows: int = 300) -> tuple[Contract, Floats, Floats]:
    """A contract, rows and outcomes: numbers and categories in any order."""
    draw = np.random.default_rng(seed)
    made = [(category if draw.random() < 0.5 else number)(draw, rows) for _ in range(draw.integers(1, 6))]
    encoded = np.stack([values for _, values in made], axis=1)
    signal = np.nan_to_num(np.argsort(np.argsort(encoded, axis=0), axis=0) / rows - 0.5).sum(axis=1)
    events = (draw.random(rows) < 1 / (1 + np.exp(-4 * signal))).astype(np.float64)
    events[:2] = (0, 1)
    return contract_of(**{f"x{place}": column for place, (column, _) in enumerate(made)}), encoded, events


def any_rows(contract: Contract, rows: Floats, seed: int) -> Floats:
    """Rows with every code, missing and far values at random places."""
    draw = np.random.default_rng(seed)
    made = rows[draw.integers(0, len(rows), 600)].copy()
    for place, name in enumerate(contract.features):
        values = contract.columns[name].values
        some = draw.random(600) < 0.5
        fresh = draw.integers(0, len(values) + 1, 600) if values else draw.normal(size=600) * 1e4
        made[some, place] = fresh[some]
        made[draw.random(600) < 0.1, place] = NAN
    return made


def compare(model: Model, rows: Floats) -> Floats:
    expected = np.asarray(model.estimator.decision_function(rows))
    np.testing.assert_allclose(margins(model, rows), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(Trees(model.explain()).margin(rows), expected, rtol=0, atol=1e-12)
    return expected


@settings(max_examples=30, deadline=None, database=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40))
def test_graph_and_explainer_walk_the_trees_as_scikit_learn_does(seed: int, leaf: int) -> None:
    contract, rows, events = problem(seed)
    model = fitted("gradient_boosting", contract, part_of(rows, events), max_iter=12, min_samples_leaf=leaf)
    compare(model, rows)
    compare(model, any_rows(contract, rows, seed))


def test_among_200_codes_each_goes_its_own_way() -> None:
    draw = np.random.default_rng(0)
    codes = draw.integers(0, 200, 8000).astype(np.float64)
    events = (draw.random(8000) < np.where(codes % 3 == 0, 0.9, 0.1)).astype(np.float64)
    kinds = {"type": "category", "values": [f"v{place}" for place in range(200)], "unknown": "other"}
    part = part_of(np.c_[draw.normal(size=8000), codes], events)
    model = fitted("gradient_boosting", contract_of(x={"type": "number"}, code=kinds), part, max_iter=30)
    expected = compare(model, np.c_[np.zeros(202), np.r_[np.arange(201.0), NAN]])
    thirds = np.arange(200) % 3 == 0
    assert expected[:200][thirds].min() > expected[:200][~thirds].max()
    assert expected[200] == expected[201], "a code that was never seen counts as missing"


def test_trees_of_a_single_leaf_are_walked_too() -> None:
    contract, rows, events = problem(5)
    part = part_of(rows, events)
    model = fitted("gradient_boosting", contract, part, max_iter=3, min_samples_leaf=200)
    assert {tree[0].nodes.size for tree in model.estimator._predictors} == {1}
    rate = events.mean()
    np.testing.assert_allclose(compare(model, rows), np.log(rate / (1 - rate)), atol=1e-6)


def test_where_only_a_missing_value_tells_rows_apart_the_split_is_a_finite_number() -> None:
    values = np.repeat([1.0, NAN], 200)[:, None]
    part = part_of(values, np.r_[np.zeros(150), np.ones(50), np.ones(180), np.zeros(20)])
    model = fitted("gradient_boosting", contract_of(x={"type": "number", **MISS}), part, max_iter=5)
    thresholds = [tree[0].nodes["num_threshold"][0] for tree in model.estimator._predictors]
    assert np.isposinf(thresholds).all(), "else this is not the case that was meant"
    assert np.isfinite(model.explain()["threshold"]).all()
    assert model.cuts() == {}, "at no number does the margin jump"
    largest = np.finfo(np.float64).max
    low, high = compare(model, np.array([[1.0], [NAN]]))
    assert low < high
    assert compare(model, np.array([[-largest], [largest], [0.0], [5e-324]])).tolist() == [low] * 4


@pytest.mark.parametrize("seed", range(3))
def test_cuts_are_the_thresholds_of_the_numbers_alone(seed: int) -> None:
    draw = np.random.default_rng(seed)
    codes, values = draw.integers(0, 4, 600).astype(float), draw.normal(size=600)
    events = draw.random(600) < 1 / (1 + np.exp(-values - codes))
    kinds = {"type": "category", "values": ["a", "b", "c", "d"]}
    contract = contract_of(value={"type": "number"}, code=kinds)
    model = fitted("gradient_boosting", contract, part_of(np.c_[values, codes], events), max_iter=10)
    nodes = np.concatenate([tree[0].nodes for tree in model.estimator._predictors])
    inner = nodes[(nodes["is_leaf"] == 0) & (nodes["is_categorical"] == 0)]
    assert set(model.cuts()) == {0}
    assert model.cuts()[0].tolist() == sorted(set(inner["num_threshold"].tolist()))
