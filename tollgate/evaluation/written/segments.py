"""Calibration by segment, as the evidence holds it."""

from tollgate.evaluation.written.cell import Cell
from tollgate.section import Section


class Segment(Section):
    """The rows by the values of one column.

    Attributes:
        column: The column.
        protected: Whether it is looked at for harm and is no feature.
        cells: Each value, band or quintile that rows have.
    """

    column: str
    protected: bool
    cells: tuple[Cell, ...]


class Segments(Section):
    """Observed and predicted by the values of columns, one at a time.

    Attributes:
        segments: The protected columns, then the features, in the contract's order.
        left_out: How many columns are not shown, for there are more than 40.
    """

    segments: tuple[Segment, ...]
    left_out: int = 0
