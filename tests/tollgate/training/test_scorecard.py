"""The scorecard: its points, its signs, its directions."""

from typing import Any

import numpy as np
import onnx
import pytest

from tests.tollgate.training.frames import frame
from tests.tollgate.training.scored import contract_of, fitted, graph_of, margins, part_of, swept
from tollgate.bundle.scorer import Floats, Scorer
from tollgate.training.models import Model

NAN = float("nan")
NUMBER = {"type": "number"}
MIXED = ["number", "number that may miss", "open category", "boolean that may miss", "date", "integer"]


def drawn(rows: int, seed: int = 0) -> np.random.Generator:
    return np.random.default_rng([rows, seed])


def outcomes(draw: np.random.Generator, log_odds: Floats) -> Floats:
    return (draw.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)


def points(card: dict[str, Any], names: tuple[str, ...], row: Floats) -> float:
    """What somebody with the printed card and a pencil would find."""
    total = 0.0
    for name, value in zip(names, row, strict=True):
        entry = card[name]
        place = sum(value > edge for edge in entry["edges"])
        total += entry["points"][-1 if np.isnan(value) else place]
    return total


def test_the_card_adds_up_to_the_margin_and_20_points_double_the_odds() -> None:
    problem = frame(MIXED, seed=41, rows=200)
    trained = problem.train(model="scorecard")
    margin = Scorer(trained.files["model.onnx"]).score(problem.fresh).margin
    names = problem.contract.features
    found = [points(trained.facts["scorecard"], names, row) for row in problem.fresh]
    good_to_bad = np.exp(-margin)
    expected = 600 + 20 * np.log2(good_to_bad / 50)
    np.testing.assert_allclose(found, expected, atol=0.05 * len(names) + 1e-9)
    assert np.ptp(found) > 20, "else all rows would have the same points"


def test_the_card_counts_every_row_of_the_fit_part_once() -> None:
    problem = frame(MIXED, seed=42, rows=150)
    card = problem.train(model="scorecard").facts["scorecard"]
    for name in problem.contract.features:
        assert sum(card[name]["rows"]) == 150
        assert sum(card[name]["events"]) == problem.parts["fit"].events.sum()
        assert len(card[name]["rows"]) == len(card[name]["edges"]) + 2, "the last bin is for missing values"


def test_a_feature_that_would_count_against_its_own_evidence_is_left_out() -> None:
    draw = drawn(4000)
    first = draw.normal(size=4000)
    second = first + draw.normal(0, 0.3, 4000)  # alone it goes with the event, beside the first against it
    events = outcomes(draw, 4 * first - 3 * second)
    part = part_of(np.c_[first, second], events)
    assert np.corrcoef(second, events)[0, 1] > 0.1
    model = fitted("scorecard", contract_of(first=NUMBER, second=NUMBER), part)
    card = model.facts()["scorecard"]
    assert len(set(card["second"]["points"])) == 1
    assert len(set(card["first"]["points"])) > 3
    across = swept(model, part.rows[:20], 1, np.linspace(-5, 5, 101))
    assert np.ptp(across, axis=1).max() == 0
    np.testing.assert_allclose(model.estimator.decision_function(part.rows), margins(model, part.rows))


def hump(direction: str | None) -> tuple[Model, Floats]:
    """A model of a column between two categories, whose event rate rises and falls with it."""
    draw = drawn(3000, 1)
    value, kind = draw.normal(size=3000), draw.integers(0, 3, 3000)
    events = outcomes(draw, 1.5 - 2 * value**2 + 0.5 * kind)
    rows = np.c_[kind.astype(float), np.where(draw.random(3000) < 0.1, NAN, value), draw.integers(0, 2, 3000)]
    kinds = {"type": "category", "values": ["a", "b", "c"]}
    column = {"type": "number", "missing": "allowed"} | ({"monotone": direction} if direction else {})
    contract = contract_of(kind=kinds, value=column, other={"type": "category", "values": ["a", "b"]})
    return fitted("scorecard", contract, part_of(rows, events)), rows[:20]


@pytest.mark.parametrize(("direction", "sign"), [("increasing", 1), ("decreasing", -1)])
def test_a_declared_direction_holds_on_the_graph(direction: str, sign: int) -> None:
    model, rows = hump(direction)
    across = swept(model, rows, 1, np.linspace(-6, 6, 4001))
    assert (sign * np.diff(across, axis=1)).min() >= -1e-12
    assert np.ptp(across) > 0.1, "one side of the hump is left"


def test_without_a_direction_the_margin_rises_and_falls() -> None:
    model, rows = hump(None)
    steps = np.diff(swept(model, rows, 1, np.linspace(-6, 6, 4001)), axis=1)
    assert steps.min() < -0.1
    assert steps.max() > 0.1


def test_a_category_of_many_values_leaves_the_graph_small() -> None:
    draw = drawn(3000, 2)
    values = [f"town {place}" for place in range(900)]
    columns = {f"x{place}": NUMBER for place in range(10)}
    contract = contract_of(town={"type": "category", "values": values, "unknown": "other"}, **columns)
    rows = np.c_[draw.integers(0, 901, 3000).astype(float), draw.normal(size=(3000, 10))]
    model = fitted("scorecard", contract, part_of(rows, outcomes(draw, rows[:, 0] / 300 - 1.5)))
    graph = onnx.load_from_string(graph_of(model, 11))
    numbers = sum(onnx.numpy_helper.to_array(constant).size for constant in graph.graph.initializer)
    assert numbers < 2 * 901
    every_code = np.repeat(rows[:1], 901, axis=0)
    every_code[:, 0] = np.arange(901)
    expected = model.estimator.decision_function(every_code)
    np.testing.assert_allclose(margins(model, every_code), expected, rtol=0, atol=1e-12)
    assert len(set(expected)) > 20
