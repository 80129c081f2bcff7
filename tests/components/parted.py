"""A small problem with or without id, group and time, ingested and parted in a storage."""

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from components.frozen import freeze, read_part
from components.validated import keep_validation
from tollgate.contract import Contract
from tollgate.data.section import DataSection
from tollgate.storage.folder import FolderStorage

PARTS = ("fit", "calibration", "threshold", "holdout")
FIRST = dt.date(2020, 1, 1)
AS_OF = "2025-06-01"
COLUMNS: dict[str, dict[str, Any]] = {
    "loan": {"role": "id"},
    "household": {"role": "group"},
    "day": {"role": "time"},
    "amount": {"type": "number", "known": "before"},
    "purpose": {"type": "category", "values": ["car", "home"], "known": "before"},
    "default": {"role": "target", "positive": 1},
}
SHARES: dict[str, Any] = {"holdout": 0.25, "calibration": 0.4, "salt": "s"}
SPLITS: dict[str, dict[str, Any]] = {
    "time": {"method": "time", "holdout": "3 months", "calibration": "5 months", "salt": "s"},
    "random": {"method": "random", **SHARES},
    "order": {"method": "order", **SHARES},
}


@dataclass(frozen=True)
class Parted:
    """A split in a storage. Not to be changed by a test that shares it."""

    storage: FolderStorage
    splits: str
    validation: str
    contract: Contract

    def part(self, name: str) -> pa.Table:
        return read_part(self.splits, name, self.storage)


def rows(count: int = 1200, seed: int = 1) -> list[dict[str, str]]:
    """Loans of households, about four each, over a year and a half; no two rows are alike."""
    draw = np.random.default_rng(seed)
    amounts = draw.normal(100, 20, count)
    events = draw.random(count) < 1 / (1 + np.exp((100 - amounts) / 26))
    return [
        {
            "loan": f"L{number:05d}",
            "household": f"H{draw.integers(0, count // 4):04d}",
            "day": str(FIRST + dt.timedelta(days=int(draw.integers(0, 540)))),
            "amount": repr(float(amounts[number])),
            "purpose": str(draw.choice(["car", "home"])),
            "default": str(int(events[number])),
        }
        for number in range(count)
    ]


def parted(
    folder: Path,
    method: str,
    leave_out: Sequence[str] = (),
    found: Sequence[dict[str, str]] | None = None,
    more: Mapping[str, dict[str, Any]] | None = None,
) -> Parted:
    """The rows, or those given, ingested and parted in a storage of their own.

    Args:
        folder: A folder that does not exist yet.
        method: The method of the split.
        leave_out: Columns that the problem has not.
        found: The rows in the order of the file.
        more: Columns besides, or in another form.
    """
    folder.mkdir()
    columns = {name: settings for name, settings in COLUMNS.items() if name not in leave_out} | dict(
        more or {}
    )
    with (folder / "loans.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows() if found is None else found)
    data = DataSection.read({"source": str(folder / "loans.csv"), "columns": columns})
    storage = FolderStorage(folder / "storage")
    digest, population = freeze(data.source, data.as_json(), AS_OF, storage, method == "order")
    kept = keep_validation(digest, json.dumps(population), data.as_json(), SPLITS[method], False, storage)
    return Parted(storage, kept.splits, kept.digest, data.contract)
