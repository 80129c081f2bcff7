"""Making findings about rows of a snapshot: where they lie, and, only where that was asked for, what they hold."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.contract.problems import shown
from tollgate.data.ingest import ROW_NUMBER
from tollgate.data.noticed import Files, Level, Noticed
from tollgate.data.parse import ROWS_NAMED

Mask = NDArray[np.bool_]
VALUES_SHOWN = 5


@dataclass(frozen=True)
class Noticing:
    """The rows of a snapshot, and what may be told of them.

    Attributes:
        table: The rows with their numbers.
        files: The files that the numbers count over.
        show_values: Whether a finding may show values.
    """

    table: pa.Table
    files: Files
    show_values: bool = False

    def rows(
        self,
        level: Level,
        rule: str,
        said: str,
        mask: Mask,
        column: str | None = None,
        allowed: str = "",
        advice: str = "",
    ) -> Noticed:
        """A finding about some rows, with the values that they have in the column.

        Args:
            level: How bad it is.
            rule: The rule's name.
            said: What was found; nothing of what a cell holds.
            mask: Which rows, shape (rows,).
            column: The column.
            allowed: What is allowed.
            advice: What to do.
        """
        numbers = np.sort(self.table.column(ROW_NUMBER).to_numpy()[mask])
        return Noticed(
            level=level,
            rule=rule,
            column=column,
            said=said,
            rows=len(numbers),
            first=tuple(self.files.place(int(number)) for number in numbers[:ROWS_NAMED]),
            allowed=allowed,
            advice=advice,
            values=self._values(column, mask),
        )

    def _values(self, column: str | None, mask: Mask) -> tuple[str, ...]:
        if column is None or not self.show_values:
            return ()
        found = pc.unique(self.table.column(column).filter(pa.array(mask))).drop_null()
        return tuple(_one(value) for value in found[:VALUES_SHOWN].to_pylist())


def counted(rows: int, one: str, many: str) -> str:
    """A number of rows with the word that goes with it."""
    return f"{rows} {one if rows == 1 else many}"


def _one(value: object) -> str:
    return shown(value if isinstance(value, (str, int, float)) else str(value))
