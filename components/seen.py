"""Which rows a model saw: hashes of their ids, kept so that a later comparison can leave them out."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from tollgate.contract import Contract
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
    name = contract.only("id") or contract.only("group")
    columns = [name] if name else list(contract.columns)
    hashes = np.concatenate([row_hashes(part.select(columns), KEY) for part in parts.values()])
    names = np.repeat(list(parts), [part.num_rows for part in parts.values()])
    order = np.lexsort([hashes[:, lane] for lane in reversed(range(LANES))])
    table = pa.table(
        {
            "part": pa.array(names[order]).dictionary_encode(),
            **{f"hash_{lane}": hashes[order, lane] for lane in range(LANES)},
        }
    )
    return table.replace_schema_metadata({"version": FORMAT_VERSION, "of": name or "row"})


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
