"""The measurement `stability`: are rows and performance what they were?"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tollgate.bundle.reference import read_reference
from tollgate.evaluation.days import overlap
from tollgate.evaluation.decision_days import decision_days
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.population_stability import Moved, moved, places
from tollgate.evaluation.stability_section import Shift, Stability
from tollgate.evaluation.sway import sway
from tollgate.evaluation.trends import trends


def measure_stability(exam: Exam) -> Stability:
    """The holdout against the bundle's reference profile, and the figures by period."""
    bundle = exam.challenger
    reference = read_reference(bundle.files["reference.json"], bundle.contract)
    place, counts = places(reference["score"], None, exam.scored.scores.probability)
    of_score = moved(place, counts, exam.groups)
    of_features = _features(exam, reference["features"])
    weights, weighed_on = sway(bundle.scorer, exam.encoded, exam.section.seed)
    return Stability(
        method=exam.facts.get("validation", {}).get("method"),
        timed=bundle.contract.only("time") is not None,
        overlap=overlap(exam),
        dates=decision_days(exam),
        score=_shift(of_score, of_score.p_value),
        features=_shifts(of_features, weights.tolist()),
        weighted=_weighted(list(of_features.values()), weights.tolist()),
        weighed_on=weighed_on,
        trends=trends(exam),
    )


def _features(exam: Exam, profiles: Mapping[str, Any]) -> dict[str, Moved]:
    contract = exam.challenger.contract
    found = {}
    for at, name in enumerate(contract.features):
        place, counts = places(profiles[name], contract.columns[name], exam.encoded[:, at])
        found[name] = moved(place, counts, exam.groups)
    return found


def _shifts(found: Mapping[str, Moved], weights: list[float]) -> dict[str, Shift]:
    from scipy.stats import false_discovery_control

    rates = false_discovery_control([one.p_value for one in found.values()], method="bh")
    return {
        name: _shift(one, float(rate), weight)
        for (name, one), rate, weight in zip(found.items(), rates, weights, strict=True)
    }


def _shift(found: Moved, rate: float, weight: float | None = None) -> Shift:
    return Shift(
        index=found.index,
        by_chance=found.by_chance,
        beyond=Figure.normal(found.index - found.by_chance, found.error),
        bins=found.bins,
        weight=weight,
        q_value=rate,
    )


def _weighted(found: list[Moved], weights: list[float]) -> Figure:
    """The weighted mean, with the error that it has if all of them err together, which is the largest."""
    value = np.dot(weights, [one.index - one.by_chance for one in found])
    return Figure.normal(float(value), float(np.dot(weights, [one.error for one in found])))
