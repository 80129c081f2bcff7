"""The standard error of a level, such as a rate: rows of one month may all be worse together."""

import numpy as np

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
