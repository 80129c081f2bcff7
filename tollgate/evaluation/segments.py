"""Calibration by segment: what was predicted and what happened, by the values of each column."""

from tollgate.evaluation.cuts import cut
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.subset import cells
from tollgate.evaluation.written.segments import Segment, Segments

MOST_COLUMNS = 40


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
