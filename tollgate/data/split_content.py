"""What a split is named by: how its rows were parted, and the values of every column of every part."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from tollgate.contract import Contract
from tollgate.data.column_digest import column_digest
from tollgate.data.ingest import ROW_NUMBER

FORMAT_VERSION = 3


def split_content(parts: Mapping[str, pa.Table], contract: Contract, method: str) -> dict[str, Any]:
    """The content of a split; its digest is the split's.

    The number of a row is part of it only where rows were parted by order, as training sorts by it then: else the same
    rows from other files are the same split.

    Args:
        parts: The rows of each part with their events and numbers, in an order that follows from them.
        contract: What rows look like.
        method: How the rows were parted.
    """
    return {
        "version": FORMAT_VERSION,
        "contract": contract.digest(),
        "method": method,
        "parts": {name: _part(part, method) for name, part in parts.items()},
    }


def _part(part: pa.Table, method: str) -> dict[str, Any]:
    held = [name for name in part.column_names if name != ROW_NUMBER or method == "order"]
    return {"rows": part.num_rows, "columns": [[name, column_digest(part.column(name))] for name in held]}
