"""The standard error of a level, such as a rate: rows of one month may all be worse together."""

import numpy as np

from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.sampling_error import Codes, Floats


def level_errors(
    influence: Floats, groups: Codes | None, months: Codes | None, *counted: Floats
) -> dict[str, float]:
    """The widened errors of a level by what they take to be drawn: `rows` (or groups of them), and `months`.

    Months are left out where nearly all rows are of one, which says nothing of how months differ.

    Args:
        influence: Each row's influence, as of `standard_error`; shape (rows,).
        groups: Which rows belong together; None without a group column.
        months: The month of each row; None without a time column.
        counted: By how much each row counts, as of `widened_error`.
    """
    errors = {"rows": widened_error(influence, groups, *counted)}
    by_month = float("inf") if months is None else widened_error(influence, months, *counted)
    return errors | ({"months": by_month} if np.isfinite(by_month) else {})
