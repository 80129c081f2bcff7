"""Every model that can be named keeps the protocol."""

import json
from typing import Any

import numpy as np
import pytest

from tests.tollgate.training.frames import frame
from tests.tollgate.training.scored import fitted, margins
from tollgate.section import Section
from tollgate.training.models import MODELS, find_model, known_models
from tollgate.training.section import TrainSection

COLUMNS = ["number that may miss", "open category", "boolean", "date"]


def test_the_models_that_are_built_in_come_first() -> None:
    assert known_models()[: len(MODELS)] == ("logistic", "scorecard", "gradient_boosting")


@pytest.mark.parametrize("name", sorted(MODELS))
def test_all_parameters_have_defaults_that_are_allowed(name: str) -> None:
    kind = find_model(name)
    assert issubclass(kind.Parameters, Section)
    values = kind.Parameters.read({}).model_dump(mode="json")
    assert kind.Parameters.read(values).model_dump(mode="json") == values


@pytest.mark.parametrize("name", sorted(MODELS))
def test_whatever_is_drawn_for_a_search_is_allowed_and_drawn_again_from_the_same_seed(name: str) -> None:
    draws = []
    for _ in range(2):
        random = np.random.default_rng(5)
        draws.append([find_model(name).draw(random) for _ in range(50)])
    assert draws[0] == draws[1]
    assert len({json.dumps(one, sort_keys=True) for one in draws[0]}) > 25
    for one in draws[0]:
        TrainSection.read({"model": name, "parameters": one, "decision": {"threshold": 0.5}})


@pytest.mark.parametrize(
    ("name", "plain", "intricate"),
    [
        ("logistic", {"C": 1e-3}, {"C": 100}),
        ("scorecard", {"bins": 2}, {"bins": 20, "min_bin_share": 0.01}),
        ("gradient_boosting", {"max_leaf_nodes": 2, "max_iter": 5}, {"max_leaf_nodes": 15, "max_iter": 5}),
    ],
)
def test_a_model_that_is_held_back_says_that_it_is_less_complex(
    name: str, plain: dict[str, Any], intricate: dict[str, Any]
) -> None:
    problem = frame(COLUMNS, seed=91, rows=400)
    low, high = (
        fitted(name, problem.contract, problem.parts["fit"], **parameters)
        for parameters in (plain, intricate)
    )
    assert 0 <= low.complexity() < high.complexity()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_graph_and_the_facts_are_the_same_each_time_they_are_asked_for(name: str) -> None:
    problem = frame(COLUMNS, seed=92, rows=300)
    model = fitted(name, problem.contract, problem.parts["fit"])
    np.testing.assert_array_equal(margins(model, problem.fresh), margins(model, problem.fresh))
    assert model.facts() == model.facts()
    assert json.loads(json.dumps(model.facts(), allow_nan=False)) == model.facts()
