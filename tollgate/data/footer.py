"""What a Parquet file says of itself before it is read, and what its batches come to: a bomb is small on the disk."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tollgate.data.limits import LARGEST_BATCH, MEGABYTE, Meter
from tollgate.errors import DataError


def check_footer(file: Path, reader: pyarrow.parquet.ParquetFile, meter: Meter) -> None:
    """Count the rows and bytes that the footer of a file names.

    Raises:
        DataError: They are too many.
    """
    footer = reader.metadata
    meter.expect_rows(file, footer.num_rows)
    groups = [footer.row_group(place) for place in range(footer.num_row_groups)]
    meter.unpacked(file, sum(group.total_byte_size for group in groups))


def check_batch(file: Path, batch: pa.RecordBatch) -> None:
    """Refuse a batch whose texts, written out for each row, come to more than memory should hold.

    Raises:
        DataError: They do.
    """
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if not pa.types.is_dictionary(column.type):
            continue
        lengths = pc.binary_length(column.dictionary).take(column.indices)
        if (pc.sum(lengths).as_py() or 0) > LARGEST_BATCH:
            raise DataError(
                f"{file}: column {name}: {batch.num_rows:,} rows of text come to more than "
                f"{LARGEST_BATCH // MEGABYTE} MiB; is this a value of a table? Leave the column out of the file"
            )
