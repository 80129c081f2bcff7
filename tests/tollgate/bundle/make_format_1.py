"""How the bundle in format_1/ was made, once, when the format was written down; it is kept as it is, never made anew.

usage: python -m tests.tollgate.bundle.make_format_1 FOLDER

Four thousand made-up loans with a column of each type; gradient boosting of a few small trees, isotonic calibration,
a threshold by cost. Other versions of the libraries may make other bytes of the same format.
"""

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tollgate.contract import Column, Contract, RowChecker
from tollgate.storage.atomic import place_folder
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import train

COLUMNS: dict[str, dict[str, Any]] = {
    "loan": {"role": "id"},
    "issued": {"role": "time"},
    "amount": {"type": "number", "min": 0, "monotone": "increasing"},
    "months": {"type": "integer", "min": 1, "max": 60},
    "burden": {"type": "number", "missing": "allowed", "missing_values": [-1]},
    "owner": {"type": "boolean"},
    "purpose": {"type": "category", "values": ["car", "home", "trip"], "unknown": "other"},
    "since": {"type": "date"},
    "age": {"role": "protected", "type": "integer", "min": 18},
    "default": {"role": "target", "positive": 1},
}
TRAIN: dict[str, Any] = {
    "model": "gradient_boosting",
    "parameters": {"max_iter": 12, "max_leaf_nodes": 6, "learning_rate": 0.2},
    "calibration": "isotonic",
    "seed": 1,
    "decision": {"cost": {"false_negative": 3, "false_positive": 1}},
}
PARTS = {"fit": 800, "calibration": 2400, "threshold": 800, "holdout": 200}
FIRST = dt.date(2010, 1, 1)


def main(folder: Path) -> str:
    """Make it, and give its digest."""
    contract = Contract.of({name: Column.read(settings) for name, settings in COLUMNS.items()})
    draw = np.random.default_rng(1)
    parts = {name: part(contract, draw, size) for name, size in PARTS.items()}
    holdout = parts.pop("holdout").rows
    trained = train(contract, TrainSection.read(TRAIN), parts, holdout)
    place_folder(folder, trained.files)
    return trained.digest


def part(contract: Contract, draw: np.random.Generator, size: int) -> Part:
    """Made-up rows with an outcome that depends on all of them but the date."""
    rows, problems = RowChecker(contract).check([loan(draw) for _ in range(size)])
    assert not problems, problems
    amount, months, burden, owner, purpose, _ = rows.T
    log_odds = np.log(amount / 10_000) + months / 60 - owner + (purpose == 2) + np.nan_to_num(burden, nan=0.8)
    events = draw.random(size) < 1 / (1 + np.exp(0.9 - log_odds))
    return Part(rows, events.astype(np.float64), np.arange(size, dtype=np.float64))


def loan(draw: np.random.Generator) -> dict[str, Any]:
    return {
        "amount": float(np.round(draw.lognormal(9.2, 0.6), 2)),
        "months": int(draw.integers(1, 61)),
        "burden": None if draw.random() < 0.15 else float(np.round(draw.random(), 3)),
        "owner": bool(draw.random() < 0.4),
        "purpose": str(draw.choice(["car", "home", "trip", "boat"])),
        "since": (FIRST + dt.timedelta(days=int(draw.integers(0, 4000)))).isoformat(),
    }


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])) + "\n")
