"""A small loan file and the section `data` that reads it."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from tollgate.data.ingest import PART, Ingested, ingest
from tollgate.data.section import DataSection

COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"role": "id"},
    "day": {"role": "time"},
    "amount": {"type": "number", "min": 0},
    "months": {"type": "integer", "missing": "allowed", "missing_values": [-1]},
    "owner": {"type": "boolean", "missing": "allowed"},
    "purpose": {"type": "category", "values": ["car", "home"], "missing": "allowed"},
    "note": {"role": "ignore", "missing": "allowed"},
    "default": {"role": "target", "positive": 1},
}
HEADER = list(COLUMNS)
ROWS: list[list[str]] = [
    ["L1", "2020-01-31", "100", "12", "true", "car", "first", "0"],
    ["L2", "2020-02-29", "250.5", "", "false", "home", "", "1"],
    ["L3", "2020-03-01", "0", "24", "", "", "a, b", "0"],
    ["L4", "2021-12-31", "1e3", "-1", "true", "car", 'say "x"', "1"],
]
AS_OF = dt.date(2024, 6, 1)


def section(columns: Mapping[str, Mapping[str, Any]] = COLUMNS, **more: Any) -> DataSection:
    """The section `data` of some columns."""
    return DataSection.read({"source": "loans.csv", "columns": columns} | more)


def write_csv(
    path: Path,
    rows: Iterable[Sequence[str]] = ROWS,
    header: Sequence[str] | None = HEADER,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """A CSV file of some rows."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([header, *rows] if header else rows)
    return path


def ingested(source: Path | str, folder: Path, data: DataSection | None = None, **more: Any) -> Ingested:
    """Ingest a source into a new folder."""
    folder.mkdir()
    return ingest(data or section(), str(source), more.get("as_of", AS_OF), folder)


def snapshot(folder: Path) -> pa.Table:
    """The rows that were ingested into a folder."""
    return pyarrow.parquet.read_table(folder / PART)
