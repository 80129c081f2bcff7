"""A fitted model's graph, without calibration and decision, and sweeps over one feature."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tollgate.bundle.scorer import Floats, Scorer
from tollgate.contract import Column, Contract
from tollgate.training.graph import GraphBuilder
from tollgate.training.models import Model, find_model
from tollgate.training.part import Part


def contract_of(**columns: dict[str, Any]) -> Contract:
    """A contract of some features, and a target."""
    settings = {**columns, "outcome": {"role": "target", "positive": 1}}
    return Contract.of({name: Column.read(item) for name, item in settings.items()})


def part_of(rows: Floats, events: ArrayLike) -> Part:
    """Rows whose order is that of their numbers."""
    return Part(rows, np.asarray(events, dtype=np.float64), np.arange(len(rows), dtype=np.float64))


def fitted(name: str, contract: Contract, part: Part, seed: int = 0, **parameters: Any) -> Model:
    """A model, fitted."""
    kind = find_model(name)
    model = kind(contract, kind.Parameters.read(parameters), seed)
    model.fit(part)
    return model


def graph_of(model: Model, features: int) -> bytes:
    """The smallest graph that gives a model's margin."""
    builder = GraphBuilder()
    margin = builder.node("Squeeze", model.margin(builder), builder.constant([1], np.int64), output="margin")
    probability = builder.node("Sigmoid", margin, output="probability")
    builder.node("Less", probability, builder.constant(0.5), output="approved")
    return builder.finish(features)


def margins(model: Model, rows: Floats) -> Floats:
    """The margins of rows by the model's graph."""
    return Scorer(graph_of(model, rows.shape[1])).score(rows).margin


def swept(model: Model, rows: Floats, place: int, values: Floats) -> Floats:
    """The margins of rows with one feature set to each of some values in turn, shape (rows, values)."""
    many = np.repeat(rows, len(values), axis=0)
    many[:, place] = np.tile(values, len(rows))
    return margins(model, many).reshape(len(rows), len(values))
