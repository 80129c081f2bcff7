"""The spread over seeds and refits, as the evidence holds it."""

from collections.abc import Mapping

from tollgate.section import Section


class Again(Section):
    """The model trained once more, on the same holdout rows.

    Attributes:
        name: Which: the seed, or the number of the refit.
        roc_auc: The area under its ROC curve; None where a class is lacking.
        brier: Its mean squared distance of probability and outcome.
        approve_rate: The share that it approves at a threshold of its own.
        score_difference: The mean absolute difference of its probability from the challenger's.
        decided_otherwise: The share of rows on which its decision is another than the challenger's.
    """

    name: str
    roc_auc: float | None
    brier: float
    approve_rate: float
    score_difference: float
    decided_otherwise: float


class Spread(Section):
    """The models trained again.

    Attributes:
        rows: On how many holdout rows they were measured, drawn alike.
        fitted_on: On how many rows of the fit part each was fitted.
        of: How many that part has.
        challenger: The challenger itself, on the same rows.
        models: The models.
        seed: Whether another seed makes another model.
        failed: By name, why some could not be trained.
    """

    rows: int
    fitted_on: int
    of: int
    challenger: Again
    models: tuple[Again, ...]
    seed: bool
    failed: Mapping[str, str] = {}
