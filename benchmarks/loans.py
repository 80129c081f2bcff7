"""A loan book for measurements: 25 columns, about 200 bytes a row, written in chunks."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

CHUNK = 250_000
NUMBERS, WHOLES = 12, 6
PURPOSES = ("car", "home", "education", "medical", "business", "other")
REGIONS = tuple(f"region {place:02}" for place in range(40))
COLUMNS: dict[str, dict[str, Any]] = {
    "loan_id": {"role": "id"},
    "issued": {"role": "time"},
    **{f"number_{place}": {"type": "number", "missing": "allowed"} for place in range(NUMBERS)},
    **{f"whole_{place}": {"type": "integer"} for place in range(WHOLES)},
    "purpose": {"type": "category", "values": list(PURPOSES)},
    "region": {"type": "category", "values": list(REGIONS)},
    "owner": {"type": "boolean"},
    "note": {"role": "ignore", "missing": "allowed"},
    "default": {"role": "target", "positive": 1},
}


def write_loans(path: Path, rows: int) -> None:
    """Write a loan book, the same for the same number of rows."""
    random = np.random.default_rng(0)
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK):
            table = _loans(random, start, min(CHUNK, rows - start))
            options = pyarrow.csv.WriteOptions(include_header=start == 0, quoting_style="none")
            pyarrow.csv.write_csv(table, out, options)


def _loans(random: np.random.Generator, start: int, rows: int) -> pa.Table:
    numbers = np.round(random.lognormal(4, 1, (NUMBERS, rows)), 2)
    wholes = [random.integers(0, 10 ** (place + 1), rows) for place in range(WHOLES)]
    purposes = random.integers(0, len(PURPOSES), rows)
    signal = np.log(numbers[0]) - 4 + np.sin(np.log(numbers[1])) + (wholes[0] > 6) + (purposes == 2) - 4
    days = np.datetime64("2015-01-01") + np.sort(random.integers(0, 3000, rows))
    columns: dict[str, Any] = {
        "loan_id": pa.array([f"L{number}" for number in range(start, start + rows)]),
        "issued": pa.array(days).cast(pa.date32()),
    }
    for place in range(NUMBERS):
        columns[f"number_{place}"] = pa.array(numbers[place], mask=random.random(rows) < 0.05)
    columns |= {f"whole_{place}": wholes[place] for place in range(WHOLES)}
    columns["purpose"] = pa.array(PURPOSES).take(pa.array(purposes))
    columns["region"] = pa.array(REGIONS).take(pa.array(random.integers(0, len(REGIONS), rows)))
    columns["owner"] = pa.array(random.random(rows) < 0.5)
    notes = random.integers(0, 10**9, rows)
    columns["note"] = pa.array([f"a note of some length on the loan {number}" for number in notes])
    columns["default"] = (random.random(rows) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    return pa.table(columns)
