"""The sha256 of a column's values in their order: the same whatever file, chunks or encoding they come from."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.canonical import digest
from tollgate.data.rowhash import ROWS, words
from tollgate.data.texthash import WORD, laid_out


def plain(table: pa.Table) -> pa.Table:
    """A table as it is meant: without dictionaries, large texts, and what a writer noted on the schema."""
    return pa.table({name: _plain(table.column(name)) for name in table.column_names})


def column_digest(column: pa.ChunkedArray) -> str:
    """The digest of a column's type, its number of rows, and its values in their order.

    It is made of three sha256: of the places of missing values, of the lengths of texts, and of the values (numbers,
    booleans and days as words of eight bytes, of which both zeros are one; texts as UTF-8), all little-endian.

    Args:
        column: Values of float64, int64, bool, date32 or string.

    Raises:
        pyarrow.ArrowException: The column is of another type.
    """
    column = _plain(column)
    missing, sizes, values = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    done = 0
    for chunk in column.chunks:
        for start in range(0, len(chunk), ROWS):
            array = chunk.slice(start, ROWS)
            places = np.flatnonzero(pc.is_null(array).to_numpy(zero_copy_only=False)) + done
            missing.update(places.astype("<i8").tobytes())
            if pa.types.is_string(array.type):
                content, _, lengths = laid_out(array.fill_null(""))
                sizes.update(lengths.astype("<i8").tobytes())
                values.update(content[:-WORD].tobytes())
            else:
                values.update(words(array).astype("<u8", copy=False).tobytes())
            done += len(array)
    found = [missing.hexdigest(), sizes.hexdigest(), values.hexdigest()]
    return digest([str(column.type), len(column), *found])


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    return column.cast(pa.string()) if pa.types.is_large_string(kind) else column
