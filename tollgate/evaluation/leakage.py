"""Measuring the part `leakage`: when features are known, and what says more than it should."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.data.late import late_rows
from tollgate.evaluation.alone import alone
from tollgate.evaluation.data import repeats_of
from tollgate.evaluation.delong import auc
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.leakage_facts import Alone, Late, LeakageFacts, Shared
from tollgate.evaluation.sampling_error import of_rows
from tollgate.evaluation.shares import drawn, wilson

MOST_CELLS, MOST_ROWS, FEWEST_ROWS = 5_000_000, 100_000, 10_000
LOSS_ROWS = 100_000
SAMPLED, WITHOUT = "sampled", "without:"
Places = NDArray[np.intp]


def measure_leakage(exam: Exam) -> LeakageFacts | NotAssessed:
    """The part `leakage`."""
    contract, training = exam.challenger.contract, exam.facts["training"]
    if not 0 < exam.event.mean() < 1:
        return NotAssessed(not_assessed="the holdout has one outcome alone")
    late = late_rows(exam.table, contract)
    if late and "late" not in training:
        return NotAssessed(
            not_assessed="train did not record how late features were known in its rows", broken=True
        )
    most = min(MOST_ROWS, max(FEWEST_ROWS, MOST_CELLS // len(contract.features)))
    looked, compared = (drawn(len(exam.event), rows, exam.section.seed) for rows in (most, LOSS_ROWS))
    return LeakageFacts(
        known={
            name: contract.columns[name].known
            for name in contract.features
            if contract.columns[name].known != "before"
        },
        late={name: _late(rows, training["late"][name]) for name, rows in late.items()},
        rows=len(looked),
        alone=_alone(exam, looked),
        loss_rows=len(compared),
        loss=_loss(exam, compared),
        failed=training.get("dropped", {}).get("failed", {}),
        shared=tuple(
            Shared(of=one["of"], column=one["column"], share=_share(exam, one))
            for one in exam.facts["validation"]["repeats"]
            if one["of"] != "row"
        ),
    )


def _late(holdout: Mapping[str, int], trained: Mapping[str, int]) -> Late:
    return Late(**{key: holdout[key] + int(trained[key]) for key in ("rows", "late", "undated")})


def _share(exam: Exam, repeats: Mapping[str, Any]) -> Figure:
    rows = len(exam.event)
    return wilson(repeats_of(repeats["of"], [repeats]) / rows, rows)


def _alone(exam: Exam, rows: Places) -> dict[str, Alone]:
    contract, event = exam.challenger.contract, exam.event[rows]
    if len(np.unique(event)) < 2:
        return {}
    clusters = of_rows(exam.groups, rows)
    together = np.arange(len(rows)) if clusters is None else clusters
    halves = np.random.default_rng(exam.section.seed).random(int(together.max()) + 1)[together] < 0.5
    return {
        name: alone(exam.encoded[rows, place], contract.columns[name].coded, event, halves, clusters)
        for place, name in enumerate(contract.features)
    }


def _loss(exam: Exam, rows: Places) -> dict[str, Figure] | NotAssessed:
    """By feature the ROC AUC lost by a model that never saw it, paired (DeLong et al. 1988)."""
    event = exam.event[rows]
    if "dropped" not in exam.facts["training"]:
        return NotAssessed(not_assessed="training left no models without one of the features", broken=True)
    if SAMPLED not in exam.relatives or len(np.unique(event)) < 2:
        return NotAssessed(
            not_assessed="no feature costs enough when it is shuffled to be left out for a try"
        )
    encoded, clusters = exam.encoded[rows], of_rows(exam.groups, rows)
    whole, influence = auc(event, exam.relatives[SAMPLED].score(encoded).margin)
    found = {}
    for name, scorer in exam.relatives.items():
        if name.startswith(WITHOUT):
            area, own = auc(event, scorer.score(encoded).margin)
            error = widened_error(influence - own, clusters, event, 1 - event)
            found[name.removeprefix(WITHOUT)] = Figure.normal(whole - area, error)
    return found
