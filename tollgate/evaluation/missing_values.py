"""What it means that a value is missing: how often the event happens there, and how the model does."""

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.subset import area, cell
from tollgate.evaluation.written.missing_values import Missing, MissingValues

MOST_FEATURES = 100


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
