"""A small problem for tests: a contract with every type of column, rows that keep it, a bundle trained on them."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tollgate.contract import Column, Contract, RowChecker
from tollgate.storage.atomic import place_folder
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

COLUMNS: dict[str, dict[str, Any]] = {
    "loan_id": {"role": "id"},
    "issued": {"role": "time"},
    "income": {"type": "number", "min": 0, "max": 1_000_000},
    "months": {"type": "integer", "min": 1, "max": 120},
    "utilization": {"type": "number", "missing": "allowed", "missing_values": [-1]},
    "owner": {"type": "boolean"},
    "purpose": {"type": "category", "values": ["car", "home", "other"]},
    "channel": {"type": "category", "values": ["branch", "web"], "unknown": "other", "missing": "allowed"},
    "grade": {"type": "category", "values": [1, 2, 3]},
    "since": {"type": "date"},
    "age": {"role": "protected", "type": "integer", "min": 18},
    "default": {"role": "target", "positive": 1},
}
DATATYPES = {
    "income": "FP64",
    "months": "INT64",
    "utilization": "FP64",
    "owner": "BOOL",
    "purpose": "BYTES",
    "channel": "BYTES",
    "grade": "INT64",
    "since": "BYTES",
}
TRAIN: dict[str, Any] = {"model": "logistic", "seed": 7, "decision": {"threshold": 0.3}}
PARTS = {"fit": 240, "calibration": 80, "threshold": 80}


@dataclass(frozen=True)
class SmallBundle:
    """A bundle in a folder of its own, not to be changed by a test.

    Attributes:
        folder: Where it lies.
        digest: Its digest.
        contract: Its contract.
        rows: Rows that keep the contract, features only, as objects.
    """

    folder: Path
    digest: str
    contract: Contract
    rows: list[dict[str, Any]]


def small_contract() -> Contract:
    return Contract.of({name: Column.read(settings) for name, settings in COLUMNS.items()})


def small_rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Rows that keep the contract: features only, about a tenth of what may be missing is None."""
    draw = np.random.default_rng(seed)
    first = dt.date(2015, 1, 1)
    return [
        {
            "income": round(float(draw.lognormal(10, 0.5)), 2),
            "months": int(draw.integers(1, 121)),
            "utilization": None if draw.random() < 0.1 else round(float(draw.random()), 3),
            "owner": bool(draw.random() < 0.4),
            "purpose": str(draw.choice(["car", "home", "other"])),
            "channel": None if draw.random() < 0.1 else str(draw.choice(["branch", "web", "fair"])),
            "grade": int(draw.integers(1, 4)),
            "since": (first + dt.timedelta(days=int(draw.integers(0, 2000)))).isoformat(),
        }
        for _ in range(count)
    ]


def small_training(seed: int = 1, contract: Contract | None = None, **settings: Any) -> Trained:
    """A bundle trained on simulated rows, not yet on disk; another seed, or other settings, give another bundle."""
    contract = contract or small_contract()
    checker = RowChecker(contract)
    parts = {name: _part(checker, size, seed * 100 + n) for n, (name, size) in enumerate(PARTS.items())}
    holdout, _ = checker.check(small_rows(50, seed * 100 + 50))
    return train(contract, TrainSection.read({**TRAIN, **settings}), parts, holdout)


def small_bundle(
    folder: Path, seed: int = 1, contract: Contract | None = None, **settings: Any
) -> SmallBundle:
    """The bundle of `small_training`, written to a folder that does not exist yet."""
    contract = contract or small_contract()
    trained = small_training(seed, contract, **settings)
    place_folder(folder, trained.files)
    return SmallBundle(folder, trained.digest, contract, small_rows(40, 99))


def _part(checker: RowChecker, size: int, seed: int) -> Part:
    rows, problems = checker.check(small_rows(size, seed))
    assert not problems
    income, months, owner = rows[:, 0], rows[:, 1], rows[:, 3]
    log_odds = 1 - (np.log(income) - 10) * 2 + months / 120 - owner
    events = np.random.default_rng(seed).random(size) < 1 / (1 + np.exp(-log_odds))
    return Part(rows, events.astype(np.float64), np.arange(size, dtype=np.float64))
