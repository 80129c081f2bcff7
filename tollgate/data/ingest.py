"""Freezing raw rows: parse, leave out what may not be used, write Parquet, and name it by content."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tollgate.canonical import digest
from tollgate.contract import Contract
from tollgate.data.parse import Unreadable, arrow_type, parse_table
from tollgate.data.section import DataSection
from tollgate.data.snapshot_content import SnapshotContent
from tollgate.data.source import dropped_columns, read_source, source_files
from tollgate.data.steady import steady
from tollgate.errors import DataError

ROW_NUMBER = "__row__"
PART = "part-00000.parquet"
MOST_NAMED = 20


@dataclass
class Population:
    """Whom the figures will hold for: every exclusion, in the order in which it was made.

    Attributes:
        read: Rows read.
        rejected: Rows of applicants who were not accepted, whose label nobody knows.
        future: Rows decided after the day as of which the data is used.
        immature: Rows whose label was not known on that day.
        used: Rows that are left.
        dropped_columns: Columns of the source that the contract does not name.
        states: Which population the labels cover, in words.
        label_known: When the label of a row is known, in words.
        label_column: The column with the day on which it is known; None where there is no such column.
        files: Each file with the number of its first row among all that were read; one without rows is left out.
    """

    read: int = 0
    rejected: int = 0
    future: int = 0
    immature: int = 0
    used: int = 0
    dropped_columns: list[str] = field(default_factory=list)
    states: str = "all rows"
    label_known: str = "from the start"
    label_column: str | None = None
    files: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Ingested:
    """A snapshot, written but not yet placed in storage.

    Attributes:
        digest: The digest of the content: schema and rows, in any order unless that was asked for.
        manifest: What is written to its manifest.json.
        population: Every exclusion with its count.
    """

    digest: str
    manifest: dict[str, Any]
    population: Population


def ingest(
    section: DataSection, source: str, as_of: dt.date, folder: Path, ordered: bool = False
) -> Ingested:
    """Write the rows of a source that may be used as of a day to a folder.

    Args:
        section: Where the rows come from and what they must look like.
        source: The source to read; the section's own, or the place where a runner sees it.
        as_of: Only rows decided by this day whose label was known on it are used.
        folder: An empty folder for the Parquet part.
        ordered: Whether rows in another order are other content, because the split goes by their order.

    Raises:
        DataError: The source cannot be read, changes while it is read, or holds values that are not of their
            column's type.
    """
    files = source_files(source)
    with steady(files):
        content, population = _frozen(files, section, as_of, folder, ordered)
    _refuse_nothing(source, as_of, population)
    return Ingested(digest(content), content, population)


def _frozen(
    files: list[Path], section: DataSection, as_of: dt.date, folder: Path, ordered: bool
) -> tuple[dict[str, Any], Population]:
    """Write the rows, and tell what they are: by content, and in which order where that was asked for."""
    contract = section.contract
    population = Population(dropped_columns=dropped_columns(files, section.format, contract, section.limits))
    if section.selection:
        population.states = f"only rows with {section.selection.accepted} true"
    if section.label:
        population.label_known = section.label.words
        population.label_column = section.label.known_at
    fields = [(name, arrow_type(column)) for name, column in contract.columns.items()]
    schema = pa.schema([*fields, (ROW_NUMBER, pa.int64())])
    texts = [name for name, kind in fields if pa.types.is_string(kind)]
    content = SnapshotContent(fields, ordered)
    writer = pyarrow.parquet.ParquetWriter(folder / PART, schema, compression="zstd", use_dictionary=texts)
    with writer, ThreadPoolExecutor(1) as behind:
        written: Future[None] | None = None  # while a batch is written the next one is read and hashed
        for rows in _parsed(files, section, contract, population):
            used = _usable(rows, section, as_of, population)
            content.add(used.drop_columns([ROW_NUMBER]))
            if written:
                written.result()
            written = behind.submit(writer.write_table, used)
        if written:
            written.result()
    return content.as_json(), population


def _parsed(
    files: list[Path], section: DataSection, contract: Contract, population: Population
) -> Iterator[pa.Table]:
    unreadable: dict[tuple[Path, str], Unreadable] = {}
    for file, first, raw in read_source(files, section.format, contract, section.limits):
        if first == 1 and raw.num_rows:
            population.files.append((str(file), population.read + 1))
        rows, bad = parse_table(raw, contract, first)
        for one in bad:
            known = unreadable.get((file, one.column))
            unreadable[file, one.column] = known.and_later(one) if known else one
        numbers = np.arange(population.read + 1, population.read + 1 + raw.num_rows)
        population.read += raw.num_rows
        yield rows.append_column(ROW_NUMBER, pa.array(numbers))
    if unreadable:
        named = [f"{file}: {one}" for (file, _), one in unreadable.items()]
        more = [f"and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
        advice = "Mend the values, or say under data.format.nulls or `missing_values` what stands for a missing one."
        raise DataError("\n".join([*named[:MOST_NAMED], *more, advice]))


def _usable(rows: pa.Table, section: DataSection, as_of: dt.date, population: Population) -> pa.Table:
    if section.selection:
        rows, population.rejected = _keep(rows, pc.field(section.selection.accepted), population.rejected)
    day = pa.scalar(as_of, pa.date32())
    time = section.contract.only("time")
    if time:
        undated = pc.field(time).is_null()  # a missing day is for the contract to judge
        rows, population.future = _keep(rows, undated | (pc.field(time) <= day), population.future)
    label = section.label
    if label and label.known_at:
        rows, population.immature = _keep(rows, pc.field(label.known_at) <= day, population.immature)
    elif label and label.period and time:
        latest = pa.scalar(label.period.before(as_of), pa.date32())
        mature = pc.field(time).is_null() | (pc.field(time) <= latest)
        rows, population.immature = _keep(rows, mature, population.immature)
    population.used += rows.num_rows
    return rows


def _keep(rows: pa.Table, condition: pc.Expression, count: int) -> tuple[pa.Table, int]:
    kept = rows.filter(condition)
    return kept, count + rows.num_rows - kept.num_rows


def _refuse_nothing(source: str, as_of: dt.date, population: Population) -> None:
    if population.read == 0:
        raise DataError(f"{source}: there is a header but no row")
    if population.used == 0:
        raise DataError(
            f"{source}: none of the {population.read} rows can be used as of {as_of}: {population.rejected} were "
            f"rejected, {population.future} lie in the future, {population.immature} have no known label yet"
        )
