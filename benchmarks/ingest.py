"""Ingest beside pyarrow's own copy of CSV to Parquet: rows a second and the peak of memory.

usage: python benchmarks/ingest.py [--rows N ...] [--rounds N] [--folder DIR]

Both run in processes of their own, turn and turn about, over the same file of about 200 bytes a row. Prints Markdown.
"""

import argparse
import datetime as dt
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from tollgate.data.ingest import ingest
from tollgate.data.section import DataSection

CHUNK = 250_000
NUMBERS, WHOLES = 9, 6
PURPOSES = ("car", "home", "education", "medical", "business", "other")
REGIONS = tuple(f"region {place:02}" for place in range(40))
COLUMNS: dict[str, Any] = {
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
AS_OF = dt.date(2024, 1, 1)


def main() -> int:
    """Measure, and print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--folder", type=Path)
    options.add_argument("--one", choices=sorted(WAYS), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        WAYS[asked.one](asked.folder / "loans.csv", asked.folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(f"{peak}\n")
        return 0
    sys.stdout.write("| rows | GB | ours, s | pyarrow, s | rows/s to pyarrow's | ours, MB | pyarrow, MB |\n")
    sys.stdout.write("| --- | --- | --- | --- | --- | --- | --- |\n")
    for rows in asked.rows:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            write_loans(Path(folder) / "loans.csv", rows)
            sys.stdout.write(measured(Path(folder), rows, asked.rounds))
            sys.stdout.flush()
    return 0


def measured(folder: Path, rows: int, rounds: int) -> str:
    """A line of the table."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    peaks: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            start = time.perf_counter()
            command = [sys.executable, __file__, "--one", way, "--folder", str(folder)]
            peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds[way].append(time.perf_counter() - start)
            peaks[way].append(float(peak))
    ours, theirs = (statistics.median(seconds[way]) for way in ("ours", "pyarrow"))
    size = (folder / "loans.csv").stat().st_size / 1e9
    return (
        f"| {rows:,} | {size:.2f} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.2f} "
        f"| {max(peaks['ours']):.0f} | {max(peaks['pyarrow']):.0f} |\n"
    )


def write_loans(path: Path, rows: int) -> None:
    """A loan book of random rows."""
    random = np.random.default_rng(0)
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK):
            table = _loans(random, start, min(CHUNK, rows - start))
            options = pyarrow.csv.WriteOptions(include_header=start == 0, quoting_style="none")
            pyarrow.csv.write_csv(table, out, options)


def _loans(random: np.random.Generator, start: int, rows: int) -> pa.Table:
    days = np.datetime64("2015-01-01") + random.integers(0, 3000, rows)
    columns: dict[str, Any] = {
        "loan_id": pc.binary_join_element_wise(
            "L", pa.array(np.arange(start, start + rows)).cast("string"), ""
        ),
        "issued": pa.array(days).cast(pa.date32()),
    }
    for place in range(NUMBERS):
        values = np.round(random.lognormal(6, 1, rows), 4)
        columns[f"number_{place}"] = pa.array(values, mask=random.random(rows) < 0.05)
    for place in range(WHOLES):
        columns[f"whole_{place}"] = random.integers(0, 10 ** (place + 1), rows)
    for name, values in (("purpose", PURPOSES), ("region", REGIONS)):
        columns[name] = pa.array(values).take(pa.array(random.integers(0, len(values), rows)))
    columns["owner"] = pa.array(random.random(rows) < 0.5)
    columns["note"] = pa.array(
        [f"a note of some length on the loan {number}" for number in random.integers(0, 10**9, rows)]
    )
    columns["default"] = (random.random(rows) < 0.1).astype(np.int64)
    return pa.table(columns)


def ours(source: Path, folder: Path) -> None:
    """What the step ingest does, but for placing the snapshot in storage."""
    section = DataSection.read({"source": str(source), "columns": COLUMNS})
    with tempfile.TemporaryDirectory(dir=folder) as place:
        found = ingest(section, str(source), AS_OF, Path(place))
        assert found.population.used  # noqa: S101


def copied(source: Path, folder: Path) -> None:
    """The plain copy: types are guessed from the first block, threads are used, nothing is checked or hashed."""
    with tempfile.TemporaryDirectory(dir=folder) as place, pyarrow.csv.open_csv(source) as reader:
        writer = pyarrow.parquet.ParquetWriter(
            Path(place) / "copy.parquet", reader.schema, compression="zstd"
        )
        for batch in reader:
            writer.write_batch(batch)
        writer.close()


WAYS: dict[str, Callable[[Path, Path], None]] = {"ours": ours, "pyarrow": copied}

if __name__ == "__main__":
    sys.exit(main())
