"""Importance, as the evidence holds it."""

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class FeatureImportance(Section):
    """How much a feature matters to the model.

    Attributes:
        feature: The feature.
        shapley: The mean absolute contribution to the margin; None where the model explains nothing.
        share: Its share of the sum over all features.
        auc_loss: By how much the area under the ROC curve falls when the feature has the value of another row.
    """

    feature: str
    shapley: float | None
    share: float | None
    auc_loss: Figure


class Importance(Section):
    """How much each feature matters, the one that matters most first.

    Attributes:
        explained_rows: On how many rows the contributions were measured, drawn alike.
        permuted_rows: On how many the loss was, drawn alike within each class: 0 where it was not.
        repeats: How often each feature was given the values of other rows.
        features: The features.
        left_out: How many more there are, which matter less.
        unexplained: Why there are no contributions; empty where there are.
    """

    explained_rows: int
    permuted_rows: int
    repeats: int
    features: tuple[FeatureImportance, ...]
    left_out: int = 0
    unexplained: str = ""
