"""The effect of missing values, as the evidence holds it."""

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.written.cell import Cell
from tollgate.section import Section


class Missing(Section):
    """A feature that some rows lack.

    Attributes:
        feature: The feature.
        share: The share of rows without a value.
        missing: The rows without one.
        present: The rows with one.
        missing_auc: The area under the ROC curve where it is missing.
        present_auc: The same where it is there.
    """

    feature: str
    share: float
    missing: Cell
    present: Cell
    missing_auc: Figure
    present_auc: Figure


class MissingValues(Section):
    """The features that some rows lack.

    Attributes:
        features: Each of them, the one most often missing first.
        complete: How many features every row has.
        left_out: How many more are missing in some rows, for there are more than 100.
    """

    features: tuple[Missing, ...]
    complete: int
    left_out: int = 0
