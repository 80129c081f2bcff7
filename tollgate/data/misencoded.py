"""Where in a CSV file text stands that is not UTF-8: looked for only after a reader has refused it."""

import pyarrow as pa


def first_misencoded(batch: pa.RecordBatch) -> tuple[int, str] | None:
    """The first row of a batch, from 0, with bytes that are no UTF-8, and its column.

    Args:
        batch: Columns of type binary.
    """
    found = [(row, name) for name in batch.schema.names if (row := _first(batch.column(name))) is not None]
    return min(found, default=None)


def _first(array: pa.Array) -> int | None:
    try:
        array.cast(pa.string())
    except pa.ArrowInvalid:
        return next(
            row for row, value in enumerate(array.to_pylist()) if value is not None and not _is_text(value)
        )
    return None


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
