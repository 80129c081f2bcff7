"""Bundles that the server's tests need besides the small one."""

from pathlib import Path
from typing import Any

import numpy as np

from tests.small import TRAIN
from tollgate.contract import Column, Contract
from tollgate.storage.atomic import place_folder
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import train


def numbers(folder: Path, columns: dict[str, dict[str, Any]]) -> str:
    """Train on numbers alone, write the bundle to a folder that does not exist yet, and give its digest."""
    settings = columns | {"y": {"role": "target", "positive": 1}}
    contract = Contract.of({name: Column.read(column) for name, column in settings.items()})
    parts = {name: part(seed, len(columns)) for seed, name in enumerate(("fit", "calibration", "threshold"))}
    trained = train(contract, TrainSection.read(TRAIN), parts, parts["fit"].rows)
    place_folder(folder, trained.files)
    return trained.digest


def part(seed: int, features: int) -> Part:
    draw = np.random.default_rng(seed)
    rows = draw.normal(2, 2, (200, features))
    events = draw.random(200) < 1 / (1 + np.exp(2 - rows[:, 0]))
    return Part(rows, events.astype(np.float64), np.arange(200, dtype=np.float64))


def one_feature(folder: Path) -> str:
    """A bundle of one number, x."""
    return numbers(folder, {"x": {"type": "number"}})
