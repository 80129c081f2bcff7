"""Measuring the part `monotonic`: exactly where the form of the model allows it, and by sweeps of the graph always."""

import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np

from tollgate.bundle.explain import TOLERANCE, Additive, Explainer, Trees, read_explain
from tollgate.contract.columns import Column, bounds
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.monotonic_facts import Direction, MonotonicFacts
from tollgate.evaluation.shares import drawn
from tollgate.evaluation.tree_bounds import wrong_way

TRIED_ROWS = 128
COMPARED_ROWS = 2000
MOST_SCORED = 100_000


class Exact(NamedTuple):
    """What the form of a model says of a direction.

    Attributes:
        method: form or bounds.
        cuts: The values at which the margin may jump.
        wrong: By how much the margin can move the wrong way at most.
    """

    method: Literal["form", "bounds"]
    cuts: Floats
    wrong: float


def measure_monotonic(exam: Exam) -> MonotonicFacts:
    """The part `monotonic`."""
    contract = exam.challenger.contract
    explained = read_explain(exam.challenger.files["explain.json"])
    agrees = None if explained.explainer is None else _agrees(exam, explained.explainer)
    some = exam.encoded[drawn(len(exam.event), TRIED_ROWS, exam.section.seed)]
    starts = (explained.background, some)
    profiles = json.loads(exam.challenger.files["reference.json"])["features"]
    directions = {
        name: _direction(exam, explained.explainer if agrees else None, place, profiles[name], starts)
        for place, name in enumerate(contract.features)
        if contract.columns[name].monotone
    }
    return MonotonicFacts(directions=directions, agrees=agrees)


def _agrees(exam: Exam, explainer: Explainer) -> bool:
    rows = exam.encoded[drawn(len(exam.event), COMPARED_ROWS, exam.section.seed)]
    margin = exam.challenger.score(rows).margin
    apart = np.abs(explainer.margin(rows) - margin) / np.maximum(1, np.abs(margin))
    return bool(np.all(apart <= TOLERANCE))


def _direction(
    exam: Exam,
    explainer: Explainer | None,
    place: int,
    profile: Mapping[str, Any],
    starts: tuple[Floats, Floats],
) -> Direction:
    contract = exam.challenger.contract
    column = contract.columns[contract.features[place]]
    assert column.monotone is not None  # noqa: S101 - said by the caller
    sign = 1.0 if column.monotone == "increasing" else -1.0
    edges = np.array(profile["edges"], dtype=np.float64)
    exact = _exact(explainer, place, sign, edges)
    points = _points(edges if exact is None else np.union1d(edges, exact.cuts), column)
    half = max(1, MOST_SCORED // (2 * len(points)))
    rows = np.concatenate([start[:half] for start in starts])
    worst, low, high = _swept(exam, place, sign, points, rows)
    return Direction(
        declared=column.monotone,
        method="sweep" if exact is None else exact.method,
        rows=len(rows) * len(points),
        points=len(points),
        bound=None if exact is None else exact.wrong,
        worst=worst,
        low=low if worst > 0 else None,
        high=high if worst > 0 else None,
    )


def _exact(explainer: Explainer | None, place: int, sign: float, edges: Floats) -> Exact | None:
    if isinstance(explainer, Trees):
        cuts, wrong = wrong_way(explainer, place, sign)
        return Exact("bounds", cuts, float(wrong.sum()))
    if not isinstance(explainer, Additive):
        return None
    term = explainer.features[place]
    if "edges" in term:
        cuts = np.array(term["edges"], dtype=np.float64)
        rises = sign * np.diff(np.array(term["values"], dtype=np.float64))
    else:
        cuts, span = np.array([]), float(edges[-1] - edges[0]) if len(edges) > 1 else 1.0
        rises = np.array([sign * float(term["weight"]) * span])
    return Exact("form", cuts, float(-np.minimum(rises, 0.0).sum()) + 0.0)


def _points(cuts: Floats, column: Column) -> Floats:
    """All cuts, one unit in the last place on both sides of each, and beyond the outer ones; inside of the contract."""
    if not len(cuts):
        cuts = np.array([0.0])
    beyond = max(float(cuts[-1] - cuts[0]), 1.0)
    ends = np.array([cuts[0] - beyond, cuts[-1] + beyond])
    points = np.r_[cuts, np.nextafter(cuts, np.inf), np.nextafter(cuts, -np.inf), ends]
    return np.unique(np.clip(points[np.isfinite(points)], *bounds(column)))


def _swept(exam: Exam, place: int, sign: float, points: Floats, rows: Floats) -> tuple[float, float, float]:
    """The most that the margin moved the wrong way, relative to its size above 1, and from where to where."""
    tried = np.repeat(rows, len(points), axis=0)
    tried[:, place] = np.tile(points, len(rows))
    margin = sign * exam.challenger.score(tried).margin.reshape(len(rows), len(points))
    highest = np.maximum.accumulate(margin, axis=1)
    wrong = (highest - margin) / np.maximum(1, np.abs(margin))
    row, at = divmod(int(wrong.argmax()), len(points))
    start = at - int(margin[row, at::-1].argmax())  # the last value before the fall
    return float(wrong[row, at]), float(points[start]), float(points[at])
