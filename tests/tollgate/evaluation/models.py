"""Small bundles with contracts of their own, and holdouts to measure them on."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Floats, Scorer, Scores
from tollgate.contract import Column, Contract
from tollgate.data.validate import EVENT
from tollgate.evaluation.metrics import Scored
from tollgate.storage.atomic import place_folder
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

COLUMNS: dict[str, dict[str, Any]] = {
    "issued": {"role": "time"},
    "income": {"type": "number", "min": 0},
    "grade": {"type": "category", "values": ["a", "b"]},
    "outcome": {"role": "target", "positive": 1},
}


def bundle_of(folder: Path, columns: dict[str, dict[str, Any]] | None = None, seed: int = 1) -> Bundle:
    """A bundle trained on as good a guess of the columns as numbers around 50 and codes 0 and 1 give."""
    trained = _trained(COLUMNS if columns is None else columns, seed)
    place_folder(folder, trained.files)
    return Bundle.load(folder, trained.digest)


def relatives_of(columns: dict[str, dict[str, Any]] | None = None, seed: int = 5) -> dict[str, Scorer]:
    """The yardstick of such a training, by name; with another seed it scores differently."""
    trained = _trained(COLUMNS if columns is None else columns, seed)
    return {name: Scorer(graph) for name, graph in trained.relatives.items()}


def holdout(rows: int = 400, seed: int = 2, **change: Any) -> pa.Table:
    """A holdout for COLUMNS; `change` replaces columns, or drops those that are None."""
    draw = np.random.default_rng(seed)
    income = draw.uniform(1, 100, rows)
    columns: dict[str, Any] = {
        "issued": pa.array(draw.integers(19_000, 19_100, rows), pa.int32()).cast(pa.date32()),
        "income": pa.array(income),
        "grade": pa.array(draw.choice(["a", "b"], rows)),
        "outcome": pa.array(["1"] * rows),
        EVENT: pa.array((draw.random(rows) < income / 100).astype(np.float64)),
    }
    columns |= change
    return pa.table({name: column for name, column in columns.items() if column is not None})


def scored(seed: int, rows: int = 300, strength: float = 1.0) -> Scored:
    """Rows scored by a model of a certain strength; another strength scores the same rows."""
    draw = np.random.default_rng(seed)
    truth, noise, chance = draw.normal(size=rows), draw.normal(size=rows), draw.random(rows)
    event = (chance < 1 / (1 + np.exp(-2 * truth))).astype(np.float64)
    margin: Floats = strength * truth + (1 - strength) * noise
    probability = 1 / (1 + np.exp(-margin))
    return Scored(event, Scores(probability, margin, probability < 0.5))


def _trained(columns: dict[str, dict[str, Any]], seed: int) -> Trained:
    contract = Contract.of({name: Column.read(item) for name, item in columns.items()})
    draw = np.random.default_rng(seed)
    parts = {name: _part(contract, draw) for name in ("fit", "calibration", "threshold")}
    section = TrainSection.read({"model": "logistic", "decision": {"approve_rate": 0.7}})
    return train(contract, section, parts, _part(contract, draw).rows)


def _part(contract: Contract, draw: np.random.Generator) -> Part:
    kinds = [contract.columns[name].type for name in contract.features]
    columns = [
        draw.integers(0, 2, 200).astype(float) if kind == "category" else draw.uniform(1, 100, 200)
        for kind in kinds
    ]
    rows = np.column_stack(columns)
    events = (draw.random(200) < columns[0] / 100).astype(np.float64)
    return Part(rows, events, np.arange(200.0))
