"""The first rows of Parquet files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tollgate.data.casts import plain
from tollgate.data.footer import check_batch
from tollgate.data.section import Format
from tollgate.data.unreadable import unreadable_named
from tollgate.errors import ConfigError
from tollgate.look.finding import Finding
from tollgate.look.names import check_names
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
        with unreadable_named(file, Format()):
            table, all_of_it = _first_rows(file, MOST_ROWS // len(chosen), MOST_BYTES // len(chosen))
        tables.append(table)
        whole = whole and all_of_it
    return None, tables, whole, []


def _first_rows(file: Path, rows: int, size: int) -> tuple[pa.Table, bool]:
    """The first rows, up to as many bytes as their texts come to when they are written out for each row."""
    schema = pyarrow.parquet.read_schema(file)
    check_names(file, schema.names)
    texts = [field.name for field in schema if _is_text(field.type)]
    tables: list[pa.Table] = []
    left, room = rows, float(size)
    with pyarrow.parquet.ParquetFile(file, read_dictionary=texts) as reader:
        for batch in reader.iter_batches(batch_size=min(BATCH, rows)):
            check_batch(file, batch)
            written = max(1, _written(batch))
            fitting = max(1, int(batch.num_rows * min(1, room / written)))
            tables.append(_plain(batch.slice(0, min(left, fitting))))
            left, room = left - tables[-1].num_rows, room - written
            if left <= 0 or room <= 0:
                break
        empty = _plain(pa.RecordBatch.from_pylist([], reader.schema_arrow))
        return pa.concat_tables([empty, *tables]), rows - left == reader.metadata.num_rows


def _is_text(kind: pa.DataType) -> bool:
    checks = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_dictionary)
    return any(check(kind) for check in checks)


def _written(batch: pa.RecordBatch) -> int:
    """How many bytes a batch comes to when each text is written out for each row."""
    size = int(batch.nbytes)
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            size += pc.sum(lengths).as_py() or 0
    return size


def _plain(batch: pa.RecordBatch) -> pa.Table:
    return pa.table([plain(column) for column in batch.columns], names=batch.schema.names)
