"""Importance: how far each feature moves the margin, and how much order is lost without what it says."""

from collections.abc import Sequence

import numpy as np

from tollgate.evaluation import delong
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.sample import some_of_each_class, some_rows
from tollgate.evaluation.sampling_error import of_rows
from tollgate.evaluation.subset import FEWEST_OF_A_CLASS, Rows, finite, lacking
from tollgate.evaluation.written.importance import FeatureImportance, Importance

EXPLAINED_ROWS = 1000
MOST_OF_A_CLASS = 1500
REPEATS = 3
MOST_SCORED = 1_000_000
MOST_FEATURES = 50


def importance(exam: Exam) -> Importance | NotAssessed:
    """Mean absolute Shapley values (Lundberg, Lee 2017) and the permutation importance (Breiman 2001) in AUC."""
    names, reasoner = exam.challenger.contract.features, exam.challenger.reasoner
    shapley: Floats | None = None
    explained = some_rows(exam, EXPLAINED_ROWS)
    if reasoner.explains:
        shapley = np.abs(reasoner.contributions(exam.encoded[explained])).mean(axis=0)
    order = range(len(names)) if shapley is None else np.argsort(-shapley, kind="stable").tolist()
    kept = list(order)[:MOST_FEATURES]
    rows, losses = _losses(exam, kept)
    found = [_feature(names[at], shapley, at, loss) for at, loss in zip(kept, losses, strict=True)]
    if shapley is None:
        found.sort(key=lambda one: -(one.auc_loss.value or 0.0))
    return Importance(
        explained_rows=len(explained) if shapley is not None else 0,
        permuted_rows=rows,
        repeats=REPEATS,
        features=tuple(found),
        left_out=len(names) - len(kept),
        unexplained="" if reasoner.explains else "a model of this kind has no exact contributions",
    )


def _feature(name: str, shapley: Floats | None, at: int, loss: Figure) -> FeatureImportance:
    if shapley is None:
        return FeatureImportance(feature=name, shapley=None, share=None, auc_loss=loss)
    total = float(shapley.sum())
    share = float(shapley[at]) / total if total else 0.0
    return FeatureImportance(feature=name, shapley=float(shapley[at]), share=share, auc_loss=loss)


def _losses(exam: Exam, features: Sequence[int]) -> tuple[int, list[Figure]]:
    """How many rows were used, and by feature the area that is lost."""
    most = min(MOST_OF_A_CLASS, MOST_SCORED // (2 * REPEATS * len(features)))
    rows = some_of_each_class(exam, most)
    event = exam.event[rows]
    if min(event.sum(), len(event) - event.sum()) < FEWEST_OF_A_CLASS:
        return 0, [lacking(f"fewer than {FEWEST_OF_A_CLASS} of a class")] * len(features)
    base, influence = delong.auc(event, exam.scored.scores.margin[rows])
    return len(rows), [_loss(exam, rows, at, base, influence) for at in features]


def _loss(exam: Exam, rows: Rows, at: int, base: float, influence: Floats) -> Figure:
    """The loss with its paired DeLong interval; the values come from rows of the whole holdout, drawn alike."""
    draw = np.random.default_rng([exam.section.seed, at])
    event, changed = exam.event[rows], exam.encoded[rows]
    losses, gaps = [], np.zeros(len(rows))
    for _ in range(REPEATS):
        changed[:, at] = exam.encoded[draw.integers(0, len(exam.event), len(rows)), at]
        area, moved = delong.auc(event, exam.challenger.score(changed).margin)
        losses.append(base - area)
        gaps += (influence - moved) / REPEATS
    groups = of_rows(exam.groups, rows)
    return finite(float(np.mean(losses)), widened_error(gaps, groups, event, 1 - event))
