"""Measuring the part `robustness`: rows of the holdout, moved a little, one feature at a time."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from tollgate.contract.columns import Column, bounds
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.robustness_facts import RobustnessFacts, Shift
from tollgate.evaluation.sampling_error import Codes, of_rows
from tollgate.evaluation.shares import drawn, quantile, share_of

NOISE = 0.1
TAIL = 0.99
MOST_ROWS, FEWEST_ROWS, MOST_CELLS = 5000, 500, 1_000_000
OUTER_DECILES = 2.563103  # standard deviations of a normal distribution between its outer deciles
Draw = np.random.Generator


def measure_robustness(exam: Exam) -> RobustnessFacts:
    """The part `robustness`, seeded, on at most 5,000 rows."""
    contract = exam.challenger.contract
    most = min(MOST_ROWS, max(FEWEST_ROWS, MOST_CELLS // len(contract.features)))
    rows = drawn(len(exam.event), most, exam.section.seed)
    start, clusters = exam.encoded[rows], of_rows(exam.groups, rows)
    draw = np.random.default_rng(exam.section.seed)
    profiles = json.loads(exam.challenger.files["reference.json"])["features"]
    numbers: dict[str, Shift] = {}
    categories: dict[str, Shift] = {}
    unmoved, together = [], start.copy()
    for place, name in enumerate(contract.features):
        column = contract.columns[name]
        moved = start.copy()
        if column.coded:
            moved[:, place] = _swapped(start[:, place], column, draw)
            categories[name] = _shift(exam, start, moved, clusters)
        elif (spread := _spread(profiles[name])) > 0:
            moved[:, place] = together[:, place] = _nudged(start[:, place], column, NOISE * spread, draw)
            numbers[name] = _shift(exam, start, moved, clusters)
        else:
            unmoved.append(name)
    return RobustnessFacts(
        rows=len(rows),
        noise=NOISE,
        numbers=numbers,
        together=_shift(exam, start, together, clusters) if numbers else None,
        categories=categories,
        unmoved=tuple(unmoved),
    )


def _shift(exam: Exam, start: Floats, moved: Floats, clusters: Codes | None) -> Shift:
    before, after = exam.challenger.score(start), exam.challenger.score(moved)
    change = np.abs(after.probability - before.probability)
    mean = float(change.mean())
    return Shift(
        mean=Figure.normal(mean, widened_error(change - mean, clusters)),
        tail=quantile(change, TAIL),
        flips=share_of(after.approved != before.approved, clusters),
    )


def _spread(profile: Mapping[str, Any]) -> float:
    """The standard deviation of a normal distribution with the profile's outer deciles; 0 where these are one."""
    edges = profile["edges"]
    return float(edges[-1] - edges[0]) / OUTER_DECILES if edges else 0.0


def _nudged(values: Floats, column: Column, by: float, draw: Draw) -> Floats:
    """Each value up or down; whole numbers to a whole one beside that, by chance: as far on average."""
    moved = values + by * draw.choice([-1.0, 1.0], len(values))
    if column.type in ("integer", "date"):
        moved = np.floor(moved + draw.random(len(values)))
    return np.clip(moved, *bounds(column))


def _swapped(values: Floats, column: Column, draw: Draw) -> Floats:
    """Another listed value for each; a missing one stays missing, and one that is not listed becomes one that is."""
    size = 2 if column.values is None else len(column.values)
    if size < 2:
        return values
    known = np.nan_to_num(values) < size
    other = np.floor(draw.random(len(values)) * (size - known))
    other += known & (other >= np.nan_to_num(values))
    return np.where(np.isnan(values), np.nan, other)
