"""Which rows a model saw: hashes of their ids, kept so that a later comparison can leave them out."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from tollgate.contract import Contract
from tollgate.data.parse import arrow_type
from tollgate.data.rowhash import LANES, row_hashes

FORMAT_VERSION = "2"
KEY = "seen"


def seen_table(parts: Mapping[str, pa.Table], contract: Contract) -> pa.Table:
    """The hashes of the rows in some parts, sorted: by id, else group, else the whole row.

    Args:
        parts: The rows of each part that the model was fitted, calibrated or thresholded on.
        contract: What rows look like.

    Returns:
        Columns part, hash_0, hash_1; the metadata says the version and what was hashed.
    """
    of, columns = hashed_columns(contract)
    hashes = np.concatenate([row_hashes(part.select(columns), KEY) for part in parts.values()])
    names = np.repeat(list(parts), [part.num_rows for part in parts.values()])
    order = np.lexsort([hashes[:, lane] for lane in reversed(range(LANES))])
    table = pa.table(
        {
            "part": pa.array(names[order]).dictionary_encode(),
            **{f"hash_{lane}": hashes[order, lane] for lane in range(LANES)},
        }
    )
    return table.replace_schema_metadata({"version": FORMAT_VERSION, "of": of})


def hashed_columns(contract: Contract) -> tuple[str, list[str]]:
    """What tells rows apart, by name, and the columns that it is made of."""
    name = contract.only("id") or contract.only("group")
    return name or "row", [name] if name else list(contract.columns)


def rows_seen(rows: pa.Table, contract: Contract, seen: pa.Table) -> NDArray[np.bool_]:
    """Which of some rows a model saw.

    Args:
        rows: The rows.
        contract: The model's own contract.
        seen: The hashes of the rows that it saw, as `read_seen` gives them.

    Raises:
        ValueError: It cannot be told, as the rows lack a column, or have it in another type.
    """
    of, columns = hashed_columns(contract)
    said = seen.schema.metadata[b"of"].decode()
    if said != of:
        raise ValueError(f"its rows are told apart by {said}, and its contract says by {of}")
    for name in columns:
        if name not in rows.column_names:
            raise ValueError(f"its rows are told apart by {of}, and the data no longer has the column {name}")
        then, now = arrow_type(contract.columns[name]), rows.schema.field(name).type
        if then != now:
            raise ValueError(
                f"its rows are told apart by {of}, and the column {name} was {then} and now is {now}"
            )
    hashes = row_hashes(rows.select(columns), KEY)
    found = np.ones(len(hashes), dtype=bool)
    for lane in range(LANES):
        found &= np.isin(hashes[:, lane], seen.column(f"hash_{lane}").to_numpy())
    return found


def write_seen(table: pa.Table) -> bytes:
    """The hashes as the bytes of a Parquet file."""
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def read_seen(content: bytes) -> pa.Table:
    """Read what `write_seen` wrote.

    Raises:
        ValueError: The content is no such file of this format.
    """
    try:
        table = pyarrow.parquet.read_table(pa.BufferReader(content))
    except (pa.ArrowException, OSError) as error:
        raise ValueError("hashes of rows seen: no Parquet file") from error
    version = (table.schema.metadata or {}).get(b"version", b"").decode()
    if version != FORMAT_VERSION:
        raise ValueError(
            f"hashes of rows seen: format version {version!r}; this Tollgate reads {FORMAT_VERSION}"
        )
    return table
