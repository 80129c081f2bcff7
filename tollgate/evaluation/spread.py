"""How far the same model goes apart: trained again with other seeds, and on other rows of the fit part."""

import math
from collections.abc import Mapping

import numpy as np

from tollgate.bundle.scorer import Scorer
from tollgate.evaluation.bootstrap import measure
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.metrics import METRICS, Scored
from tollgate.evaluation.sample import some_rows
from tollgate.evaluation.subset import Rows
from tollgate.section import Section
from tollgate.training.again import KINDS

MOST_ROWS = 50_000


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


def spread(exam: Exam) -> Spread | NotAssessed:
    """The spread over seeds and refits, from the graphs that the training left."""
    told = exam.facts.get("training", {}).get("again")
    names = sorted(name for name in exam.relatives if name.startswith(KINDS))
    if told is None:
        return NotAssessed(not_assessed="the training left no model that was trained again")
    rows = some_rows(exam, MOST_ROWS)
    models = tuple(_again(exam, name, exam.relatives[name], rows) for name in names)
    return Spread(
        rows=len(rows),
        fitted_on=int(told["rows"]),
        of=int(told["of"]),
        challenger=_again(exam, "challenger", exam.challenger.scorer, rows),
        models=models,
        seed=bool(told["seed"]),
        failed=dict(told["failed"]),
    )


def _again(exam: Exam, name: str, scorer: Scorer, rows: Rows) -> Again:
    event, challenger = exam.event[rows], exam.scored.scores
    scores = scorer.score(exam.encoded[rows])
    found = measure(Scored(event, scores), {name: METRICS[name] for name in ("roc_auc", "brier")})
    return Again(
        name=name,
        roc_auc=found["roc_auc"] if math.isfinite(found["roc_auc"]) else None,
        brier=found["brier"],
        approve_rate=float(scores.approved.mean()),
        score_difference=float(np.abs(scores.probability - challenger.probability[rows]).mean()),
        decided_otherwise=float((scores.approved != challenger.approved[rows]).mean()),
    )
