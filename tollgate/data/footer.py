"""What a Parquet file says of itself before it is read, and what its batches come to: a bomb is small on the disk."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tollgate.contract import Contract
from tollgate.data.limits import LARGEST_BATCH, MEGABYTE, Meter
from tollgate.errors import DataError


def texts_of(file: Path, contract: Contract) -> list[str]:
    """The columns of the contract that hold texts: these are read as they are stored, each text once for many rows.

    Raises:
        DataError: A column of the contract holds lists or the like.
    """
    found = [field for field in pyarrow.parquet.read_schema(file) if field.name in contract.columns]
    for field in found:
        if pa.types.is_nested(field.type):
            raise DataError(
                f"{file}: column {field.name}: holds {field.type} in each row; write one plain value for each"
            )
    return [field.name for field in found if pa.types.is_string(field.type)]


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
