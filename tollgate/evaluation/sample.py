"""Seeded samples of the holdout, for what would take too long on all rows."""

import numpy as np

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.subset import Rows


def some_rows(exam: Exam, most: int) -> Rows:
    """At most so many rows, drawn alike, in their order."""
    rows = len(exam.event)
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(exam.section.seed).choice(rows, most, replace=False))


def some_of_each_class(exam: Exam, most: int) -> Rows:
    """At most so many rows of each class, drawn alike, in their order."""
    draw = np.random.default_rng(exam.section.seed)
    sides = [np.flatnonzero(exam.event == side) for side in (1.0, 0.0)]
    taken = [side if len(side) <= most else draw.choice(side, most, replace=False) for side in sides]
    return np.sort(np.concatenate(taken))
