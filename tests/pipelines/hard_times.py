"""A loan book in which almost every second loan fails: few rows hold the events that isotonic calibration needs."""

import csv
import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from tests.pipelines.places import END, REPOSITORY, Place
from tollgate.contract import Contract
from tollgate.simulate import simulate
from tollgate.storage.atomic import write_file

ROWS = 9_000
WORSE = 2.2
WAS = "{method: time, holdout: 6 months, calibration: 6 months, salt: a1}"
SPLIT = "{method: order, holdout: 0.2, calibration: 0.6, salt: a1}"
TRAIN = "  model: logistic\n  calibration: sigmoid\n"


def hard_times(folder: Path) -> Place:
    """The book and the repository's workflow for it, parted by the order of rows; nothing was run."""
    place = Place(folder)
    write_hard_times(folder / "loans.csv")
    shutil.copy(REPOSITORY / "workflow.yaml", place.workflow)
    place.change(WAS, SPLIT)
    return place


def write_hard_times(path: Path) -> None:
    """Everybody was accepted, every outcome is known, and the log odds of default are worse than ever."""
    book = simulate(rows=ROWS, months=40, end=END)
    calm = book.truth["probability"].to_numpy()
    worse = 1 / (1 + (1 - calm) / calm * np.exp(-WORSE))
    loans = book.applications.assign(
        accepted="true",
        outcome_known=str(dt.date(2025, 1, 1)),
        default=(np.random.default_rng(7).random(ROWS) < worse).astype(int),
    )
    write_file(path, loans.to_csv(index=False).encode())


def requests(place: Place, contract: Contract, count: int) -> list[dict[str, Any]]:
    """The first rows of a book as a client would ask for them: features only, missing values as null."""
    with (place.folder / "loans.csv").open(newline="") as file:
        rows = [row for row, _ in zip(csv.DictReader(file), range(count), strict=False)]
    return [{name: _value(contract, name, row[name]) for name in contract.features} for row in rows]


def _value(contract: Contract, name: str, text: str) -> Any:
    if not text:
        return None
    kind = contract.columns[name].type
    return int(text) if kind == "integer" else float(text) if kind == "number" else text
