"""What it means that a value is missing: how often the event happens there, and how the model does."""

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.subset import Cell, area, cell
from tollgate.section import Section

MOST_FEATURES = 100


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


def missing_values(exam: Exam) -> MissingValues:
    """The effect of missing values, feature by feature."""
    shares = np.isnan(exam.encoded).mean(axis=0)
    order = [at for at in np.argsort(-shares, kind="stable").tolist() if 0 < shares[at] < 1]
    names = exam.challenger.contract.features
    return MissingValues(
        features=tuple(_missing(exam, names[at], exam.encoded[:, at]) for at in order[:MOST_FEATURES]),
        complete=int((shares == 0).sum()),
        left_out=max(0, len(order) - MOST_FEATURES),
    )


def _missing(exam: Exam, name: str, values: NDArray[np.float64]) -> Missing:
    lacks = np.isnan(values)
    without, having = np.flatnonzero(lacks), np.flatnonzero(~lacks)
    return Missing(
        feature=name,
        share=float(lacks.mean()),
        missing=cell(exam, "missing", without),
        present=cell(exam, "present", having),
        missing_auc=area(exam, without),
        present_auc=area(exam, having),
    )
