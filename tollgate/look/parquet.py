"""The first rows of Parquet files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from tollgate.data.section import Format
from tollgate.data.unreadable import unreadable_named
from tollgate.errors import ConfigError
from tollgate.look.finding import Finding
from tollgate.look.pieces import spread

MOST_ROWS = 200_000
MOST_BYTES = 256 * 1024 * 1024
BATCH = 2_000


def read_parquet(
    files: list[Path], names: tuple[str, ...] | None
) -> tuple[None, list[pa.Table], bool, list[Finding]]:
    """At most 200,000 rows and 256 MiB over all files; of each file the first ones.

    Raises:
        DataError: A file cannot be read.
        ConfigError: Names were given, which Parquet has itself.
    """
    if names:
        raise ConfigError("--names is for CSV without a header; Parquet names its columns itself")
    chosen = spread(files)
    tables, whole = [], len(chosen) == len(files)
    for file in chosen:
        with unreadable_named(file, Format()), pyarrow.parquet.ParquetFile(file) as reader:
            table, all_of_it = _first_rows(reader, MOST_ROWS // len(chosen), MOST_BYTES // len(chosen))
        tables.append(table)
        whole = whole and all_of_it
    return None, tables, whole, []


def _first_rows(reader: pyarrow.parquet.ParquetFile, rows: int, size: int) -> tuple[pa.Table, bool]:
    batches: list[pa.RecordBatch] = []
    for batch in reader.iter_batches(batch_size=min(BATCH, rows)):
        batches.append(batch)
        if sum(one.num_rows for one in batches) >= rows or sum(one.nbytes for one in batches) >= size:
            break
    table = pa.Table.from_batches(batches, reader.schema_arrow).slice(0, rows)
    return table, table.num_rows == reader.metadata.num_rows
