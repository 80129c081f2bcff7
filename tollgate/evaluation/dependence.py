"""Partial dependence: the mean probability when all rows have the same value of a feature."""

import numpy as np

from tollgate.contract import Column
from tollgate.contract.columns import bounds
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.sample import some_rows
from tollgate.evaluation.spans import said
from tollgate.evaluation.written.dependence import Dependence, Dependences

ROWS = 400
POINTS = 20
TAILS = (0.1, 0.9)
MOST_FEATURES = 50
MISSING = "missing"


def dependence(exam: Exam) -> Dependences:
    """Partial dependence by brute force (Friedman 2001), and the spread over rows (Goldstein et al. 2015)."""
    contract = exam.challenger.contract
    sample = exam.encoded[some_rows(exam, ROWS)]
    names = contract.features[:MOST_FEATURES]
    found = [_dependence(exam, name, at, sample) for at, name in enumerate(names)]
    found.sort(key=lambda one: -one.span)
    return Dependences(rows=len(sample), features=tuple(found), left_out=len(contract.features) - len(names))


def _dependence(exam: Exam, name: str, at: int, sample: Floats) -> Dependence:
    column = exam.challenger.contract.columns[name]
    grid = _grid(column, exam.encoded[:, at])
    rows = np.repeat(sample[None], len(grid), axis=0)
    rows[:, :, at] = grid[:, None]
    probability = exam.challenger.score(rows.reshape(-1, rows.shape[2])).probability.reshape(len(grid), -1)
    mean = probability.mean(axis=1)
    low, high = np.quantile(probability, TAILS, axis=1)
    return Dependence(
        feature=name,
        ordered=not column.coded,
        at=tuple(_said(column, value) for value in grid.tolist()),
        mean=_short(mean),
        low=_short(low),
        high=_short(high),
        span=float(mean.max() - mean.min()),
    )


def _grid(column: Column, values: Floats) -> Floats:
    """Values to look at: those of a category that are most frequent, rounded quantiles of a number, and missing."""
    present = values[np.isfinite(values)]
    missing = [np.nan] if column.missing == "allowed" else []
    if column.coded:
        codes, counts = np.unique(present, return_counts=True)
        found = np.sort(codes[np.argsort(-counts, kind="stable")][: POINTS - len(missing)])
    elif len(present):
        quantiles = np.quantile(present, np.linspace(0.01, 0.99, POINTS - len(missing)))
        found = np.unique([_rounded(column, value) for value in quantiles.tolist()])
    else:
        found = present
    return np.asarray([*found, *missing])


def _rounded(column: Column, value: float) -> float:
    """A value to two digits, so that it is no person's; a day to ten days."""
    if column.type == "date":
        return float(10 * round(value / 10))
    short = float(f"{value:.2g}")
    low, high = bounds(column)
    return min(max(float(round(short)) if column.type == "integer" else short, low), high)


def _said(column: Column, value: float) -> str:
    if np.isnan(value):
        return MISSING
    if column.type == "boolean":
        return "true" if value else "false"
    if column.values is not None:
        return str(column.values[int(value)]) if value < len(column.values) else "any other"
    return said(column, value)


def _short(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)
