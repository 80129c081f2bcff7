"""What a snapshot is named by: its columns and its rows, added up batch by batch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from tollgate.data.rowhash import Hashes, in_order, row_hashes, sum_of

FORMAT_VERSION = 2


class SnapshotContent:
    """The content of a snapshot, of which rows can be added; its digest is the snapshot's.

    Attributes:
        rows: How many rows were added.
    """

    def __init__(self, columns: Sequence[tuple[str, pa.DataType]], ordered: bool) -> None:
        """Begin without rows.

        Args:
            columns: Name and type of each column.
            ordered: Whether rows in another order are other content.
        """
        self._columns = [[name, str(kind)] for name, kind in columns]
        self._ordered = ordered
        self._sum, self._order = np.zeros(2, dtype=np.uint64), np.zeros(2, dtype=np.uint64)
        self.rows = 0

    def add(self, rows: pa.Table) -> None:
        """Add rows, in their order where that matters."""
        hashes = row_hashes(rows)
        self._sum += sum_of(hashes)
        if self._ordered:
            self._order += sum_of(in_order(hashes, np.arange(self.rows, self.rows + rows.num_rows)))
        self.rows += rows.num_rows

    def as_json(self) -> dict[str, Any]:
        """The content as JSON values."""
        return {
            "version": FORMAT_VERSION,
            "columns": self._columns,
            "rows": self.rows,
            "sum": _hexadecimal(self._sum),
            **({"order": _hexadecimal(self._order)} if self._ordered else {}),
        }


def _hexadecimal(total: Hashes) -> str:
    return "".join(f"{int(word):016x}" for word in total)
