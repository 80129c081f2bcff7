"""One model in every form that a server may want, and rows with the scores that all of them must give."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder

from tollgate.bundle.scorer import Scorer
from tollgate.contract import Column, Contract
from tollgate.storage.atomic import place_folder
from tollgate.training.models import find_model
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

Floats = NDArray[np.float64]
TRAINED_ON, NUMBERS, CATEGORIES, CODES = 20_000, 15, 5, 8
ASKED = 1000
SAME = 1e-9
EDGES = {"fit": (0.0, 0.6), "calibration": (0.6, 0.75), "threshold": (0.75, 0.9)}
VALUES = [f"value_{code}" for code in range(CODES)]
NAMES = [f"number_{at}" for at in range(NUMBERS)] + [f"category_{at}" for at in range(CATEGORIES)]


@dataclass(frozen=True)
class Problem:
    """The model, and what it is asked.

    Attributes:
        folder: Holds the bundle under its digest, and `pipeline/model.joblib`, `model.onnx` and `codes.json`.
        digest: The bundle's digest.
        logistic: The digest of a logistic bundle on the same rows, in the same folder.
        trees: The number of trees.
        rows: Rows as objects, features only.
        encoded: The same rows as numbers, shape (rows, features).
        scores: The probability of each row.
    """

    folder: Path
    digest: str
    logistic: str
    trees: int
    rows: list[dict[str, Any]]
    encoded: Floats
    scores: Floats


def make_problem(folder: Path) -> Problem:
    """Train the models, write all their forms into a folder, and score the rows."""
    contract, rows, events = _data()
    order = np.random.default_rng(1).random(len(rows))
    parts = {
        name: Part(rows[mask], events[mask], order[mask])
        for name, (low, high) in EDGES.items()
        for mask in [(order >= low) & (order < high)]
    }
    boosted = _trained(contract, "gradient_boosting", parts, rows[order >= 0.9])
    logistic = _trained(contract, "logistic", parts, rows[order >= 0.9])
    for bundle in (boosted, logistic):
        place_folder(folder / bundle.digest, bundle.files)
    asked = np.round(_draw(np.random.default_rng(2), ASKED), 6)
    objects = [_as_object(row) for row in asked]
    pipeline = _pipeline(contract, parts["fit"])
    (folder / "pipeline").mkdir()
    joblib.dump(pipeline, folder / "pipeline" / "model.joblib")
    (folder / "model.onnx").write_bytes(boosted.files["model.onnx"])
    (folder / "codes.json").write_text(json.dumps({"names": NAMES, "values": VALUES}))
    scores = Scorer(boosted.files["model.onnx"]).score(asked).probability
    _agree(pipeline, objects, scores)
    return Problem(folder, boosted.digest, logistic.digest, boosted.facts["trees"], objects, asked, scores)


def _data() -> tuple[Contract, Floats, Floats]:
    numbers = {name: {"type": "number", "missing": "allowed"} for name in NAMES[:NUMBERS]}
    categories = {name: {"type": "category", "values": VALUES} for name in NAMES[NUMBERS:]}
    columns: dict[str, dict[str, Any]] = {
        **numbers,
        **categories,
        "target": {"role": "target", "positive": 1},
    }
    contract = Contract.of({name: Column.read(settings) for name, settings in columns.items()})
    random = np.random.default_rng(0)
    rows = _draw(random, TRAINED_ON)
    signal = rows[:, 0] + np.sin(3 * rows[:, 1]) + (rows[:, NUMBERS] > CODES / 2) + rows[:, 2] * rows[:, 3]
    return contract, rows, (random.random(TRAINED_ON) < 1 / (1 + np.exp(1 - signal))).astype(np.float64)


def _draw(random: np.random.Generator, count: int) -> Floats:
    drawn: Floats = np.c_[
        random.normal(size=(count, NUMBERS)), random.integers(0, CODES, (count, CATEGORIES))
    ]
    return drawn


def _settings(model: str) -> TrainSection:
    # without calibration: the peers then need nothing but the fitted classifier
    return TrainSection.read(
        {"model": model, "calibration": "none", "seed": 1, "decision": {"threshold": 0.5}}
    )


def _trained(contract: Contract, model: str, parts: dict[str, Part], holdout: Floats) -> Trained:
    return train(contract, _settings(model), parts, holdout)


def _pipeline(contract: Contract, part: Part) -> Pipeline:
    """The very model of the bundle, fitted once more from the same seed, behind scikit-learn's own encoding."""
    settings = _settings("gradient_boosting")
    model = find_model(settings.model)(contract, settings.read_parameters({}), settings.seed)
    model.fit(part)
    encode = ColumnTransformer(
        [
            ("numbers", "passthrough", NAMES[:NUMBERS]),
            ("categories", OrdinalEncoder(categories=[VALUES] * CATEGORIES), NAMES[NUMBERS:]),
        ]
    )
    import pandas as pd

    pipeline = Pipeline([("encode", encode), ("model", FrozenEstimator(model.estimator))])
    few = pd.DataFrame([_as_object(row) for row in part.rows[:100]])
    pipeline.fit(few, part.events[:100])
    pipeline.steps[-1] = ("model", model.estimator)
    return pipeline


def _agree(pipeline: Pipeline, rows: list[dict[str, Any]], scores: Floats) -> None:
    import pandas as pd

    apart = np.abs(pipeline.predict_proba(pd.DataFrame(rows))[:, 1] - scores).max()
    if not apart <= SAME:
        raise SystemExit(f"the pipeline and the graph differ by {apart:.1e}: there is nothing to compare")


def _as_object(row: Floats) -> dict[str, Any]:
    return {
        name: VALUES[int(value)] if at >= NUMBERS else float(value)
        for at, (name, value) in enumerate(zip(NAMES, row, strict=True))
    }
