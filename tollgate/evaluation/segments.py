"""Calibration by segment: what was predicted and what happened, by the values of each column."""

from tollgate.evaluation.cuts import cut
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.subset import Cell, cells
from tollgate.section import Section

MOST_COLUMNS = 40


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


def segments(exam: Exam) -> Segments:
    """Calibration by each protected column and feature."""
    contract = exam.challenger.contract
    protected = contract.names("protected")
    names = [*protected, *contract.features]
    found = tuple(
        Segment(column=name, protected=name in protected, cells=cells(exam, *cut(exam, name)))
        for name in names[:MOST_COLUMNS]
    )
    return Segments(segments=found, left_out=max(0, len(names) - MOST_COLUMNS))
