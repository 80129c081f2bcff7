"""How far the same model goes apart: trained again with other seeds, and on other rows of the fit part."""

import math

import numpy as np

from tollgate.bundle.scorer import Scorer
from tollgate.evaluation.bootstrap import measure
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.metrics import METRICS, Scored
from tollgate.evaluation.sample import some_rows
from tollgate.evaluation.subset import Rows
from tollgate.evaluation.written.spread import Again, Spread
from tollgate.training.again import KINDS

MOST_ROWS = 20_000


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
