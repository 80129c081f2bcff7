"""What a Parquet file says of itself before it is read, and what its batches come to: a bomb is small on the disk."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tollgate.contract import Contract
from tollgate.data.limits import LARGEST_BATCH, MEGABYTE, Meter
from tollgate.errors import DataError

BATCH = 65_536  # rows; Arrow's own default
_ANY_LENGTH = {
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.binary(),
    pa.large_binary(),
    pa.binary_view(),
}


def texts_of(file: Path, contract: Contract) -> list[str]:
    """The columns of the contract that hold texts or bytes: read as they are stored, each text once for many rows.

    Raises:
        DataError: A column of the contract holds lists or the like, or bytes of a length that no batch can hold.
    """
    found = [field for field in pyarrow.parquet.read_schema(file) if field.name in contract.columns]
    for field in found:
        if _no_plain_value(field.type):
            raise DataError(
                f"{file}: column {field.name}: holds {field.type} in each row; write one plain value for each"
            )
        if pa.types.is_fixed_size_binary(field.type) and field.type.byte_width * BATCH > LARGEST_BATCH:
            raise _too_large(file, field.name, BATCH)
    return [field.name for field in found if field.type in _ANY_LENGTH]


def _no_plain_value(kind: pa.DataType) -> bool:
    """Lists and the like; texts under a type of their own too, which Arrow never reads as they are stored."""
    if isinstance(kind, pa.BaseExtensionType):
        return bool(pa.types.is_nested(kind.storage_type)) or kind.storage_type in _ANY_LENGTH
    return bool(pa.types.is_nested(kind))


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
        if not pa.types.is_dictionary(column.type) or column.dictionary.type not in _ANY_LENGTH:
            continue
        lengths = pc.binary_length(column.dictionary).take(column.indices)
        if (pc.sum(lengths).as_py() or 0) > LARGEST_BATCH:
            raise _too_large(file, name, batch.num_rows)


def _too_large(file: Path, column: str, rows: int) -> DataError:
    return DataError(
        f"{file}: column {column}: {rows:,} rows of text come to more than {LARGEST_BATCH // MEGABYTE} MiB; "
        "is this a value of a table? Leave the column out of the file"
    )
