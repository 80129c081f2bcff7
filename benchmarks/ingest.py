"""Ingest beside pyarrow's own copy of CSV to Parquet: rows a second and the peak of memory.

usage: python -m benchmarks.ingest [--rows N ...] [--rounds N] [--folder DIR]

Both run in processes of their own, turn and turn about, over the same file of about 200 bytes a row. Prints Markdown.
"""

import argparse
import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet

from benchmarks.loans import COLUMNS, write_loans
from tollgate.data.ingest import ingest
from tollgate.data.section import DataSection

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
        sys.stdout.write(f"{_peak()}\n")
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
            command = [sys.executable, "-m", "benchmarks.ingest", "--one", way, "--folder", str(folder)]
            peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            seconds[way].append(time.perf_counter() - start)
            peaks[way].append(float(peak))
    ours, theirs = (statistics.median(seconds[way]) for way in ("ours", "pyarrow"))
    size = (folder / "loans.csv").stat().st_size / 1e9
    return (
        f"| {rows:,} | {size:.2f} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.2f} "
        f"| {max(peaks['ours']):.0f} | {max(peaks['pyarrow']):.0f} |\n"
    )


def _peak() -> float:
    """The most memory that this process held, in MB; what Linux tells, for getrusage counts the parent's as well."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


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
