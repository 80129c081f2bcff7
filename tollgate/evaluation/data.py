"""Measuring the part `data`, from what earlier steps recorded and the holdout's features."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tollgate.contract import Column
from tollgate.evaluation.data_facts import DataFacts, FeatureFacts, Rows
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.shares import share_of, wilson


def measure_data(exam: Exam) -> DataFacts | NotAssessed:
    """The part `data`, from what earlier steps recorded and the holdout's features."""
    facts, training = exam.facts, exam.facts["training"]
    population, validation = facts["population"], facts["validation"]
    for name, where in (("parts", population), ("repeats", validation), ("rows", training)):
        if name not in where:
            return NotAssessed(not_assessed=f"earlier steps recorded no {name}", broken=True)
    left_out = int(population.get("immature", 0))
    decided = left_out + int(population.get("used", len(exam.event)))
    return DataFacts(
        splits=facts["splits"],
        validation=str(validation.get("digest", "")),
        record=str(training.get("record", "")),
        parts={
            name: Rows(rows=part["rows"], events=part["events"]) for name, part in population["parts"].items()
        },
        fitted=Rows(rows=training["rows"]["fit"], events=training["events"]["fit"]),
        features=_features(exam),
        immature=wilson(left_out / max(decided, 1), max(decided, 1)),
        repeated=wilson(repeats_of("row", validation["repeats"]) / len(exam.event), len(exam.event)),
    )


def repeats_of(kind: str, repeats: Sequence[Mapping[str, Any]]) -> int:
    """The most rows of the holdout that repeat one of another part, by the kind of what is the same."""
    return max(
        (
            int(rows)
            for one in repeats
            if one["of"] == kind
            for parts, rows in one["over"].items()
            if parts.endswith(" and holdout")
        ),
        default=0,
    )


def _features(exam: Exam) -> dict[str, FeatureFacts]:
    profiles = json.loads(exam.challenger.files["reference.json"])["features"]
    contract, found = exam.challenger.contract, {}
    for place, name in enumerate(contract.features):
        column = contract.columns[name]
        if column.missing == "allowed" or column.coded:
            found[name] = _feature(column, profiles[name], exam.encoded[:, place], exam)
    return found


def _feature(column: Column, profile: Mapping[str, Any], values: Floats, exam: Exam) -> FeatureFacts:
    """What is missing of a feature, and which of its categories are new.

    The two shares are judged of these very rows, of which they are counts, as those of repeats and labels are: an
    interval over rows is already generous, also where rows come in groups. The rise compares with other rows, so that
    groups widen it.
    """
    absent = np.isnan(values)
    fitted = sum(profile["counts"]) + int(profile.get("unseen", 0)) + int(profile["missing"])
    rate = int(profile["missing"]) / max(fitted, 1)
    facts: dict[str, Any] = {"fit": rate}
    if column.missing == "allowed":
        own = widened_error(absent.astype(np.float64) - absent.mean(), exam.groups)
        error = float(np.hypot(own, np.sqrt(rate * (1 - rate) / max(fitted, 1))))
        facts["missing"] = share_of(absent)
        facts["rise"] = Figure.normal(float(absent.mean()) - rate, error)
    if column.coded:
        seen = np.r_[np.array(profile["counts"]) > 0, False]
        codes = np.where(absent, 0, values).astype(np.intp)
        facts["unknown"] = share_of(~absent & ~seen[np.minimum(codes, len(seen) - 1)])
    return FeatureFacts(**facts)
