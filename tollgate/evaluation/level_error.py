"""The standard error of a level, such as a rate: rows of one month may all be worse together."""

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.sampling_error import Codes, Floats, widened_error


def level_errors(influence: Floats, groups: Codes | None, months: Codes | None) -> dict[str, float]:
    """The widened errors of a level by what they take to be drawn: `rows` (or groups of them), and `months`.

    Months are left out where there are fewer than two, which say nothing of how months differ.

    Args:
        influence: Each row's influence, as of `standard_error`; shape (rows,).
        groups: Which rows belong together; None without a group column.
        months: The month of each row; None without a time column.
    """
    errors = {"rows": widened_error(influence, groups)}
    by_month = float("inf") if months is None else widened_error(influence, months)
    return errors | ({"months": by_month} if np.isfinite(by_month) else {})


def level_error(influence: Floats, exam: Exam, rows: NDArray[np.bool_] | None = None) -> float:
    """The larger one of the widened errors of a level.

    Args:
        influence: Each row's influence, as of `standard_error`.
        exam: The exam, for its groups and months.
        rows: Which of the exam's rows they are; None for all.
    """
    chosen = [codes if codes is None or rows is None else codes[rows] for codes in (exam.groups, exam.months)]
    return max(level_errors(influence, chosen[0], chosen[1]).values())
