"""Curves from the values of a feature to scores that are about normal, of rounded points alone."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tollgate.contract import Column

Floats = NDArray[np.float64]
Curve = tuple[Floats, Floats]
PROBABILITIES = (0.005, 0.01, 0.025, *(step / 20 for step in range(1, 20)), 0.975, 0.99, 0.995)
GRID = 200  # points between the outer quantiles at which a quantile may lie
SMALLEST_SPAN = 1e-200
FEW_CODES = 20
PRIOR_ROWS = 10.0  # as many rows of the average are added to each category: one of few rows says little
FARTHEST = 3.0
RIDGE = 0.01


def score_curves(columns: Sequence[Column], rows: Floats) -> tuple[list[Curve], Floats]:
    """For each feature the points of its curve, and the scores of rows by them.

    Args:
        columns: The features.
        rows: Shape (rows, features), as the contract encodes them.

    Returns:
        The curves, and scores of shape (rows, features), NaN for a missing value.
    """
    curves = [_number(column, values) for column, values in zip(columns, rows.T, strict=True)]
    scores = np.column_stack([_read(curve, values) for curve, values in zip(curves, rows.T, strict=True)])
    coded = [place for place, column in enumerate(columns) if column.coded]
    numbers = np.nan_to_num(np.delete(scores, coded, axis=1))
    hot = {place: _one_hot(rows[:, place], _size(columns[place])) for place in coded}
    for place in coded:
        others = [hot[other] for other in coded if other != place and _size(columns[other]) <= FEW_CODES]
        found = _codes(hot[place], np.column_stack([numbers, *others]))
        curves[place] = np.arange(len(found), dtype=np.float64), found
        scores[:, place] = _read(curves[place], rows[:, place])
    return curves, scores


def _number(column: Column, values: Floats) -> Curve:
    """Normal scores (Blom 1958) at rounded quantiles; a value that occurs often has its middle rank."""
    present = np.sort(values[~np.isnan(values)])
    if not len(present):
        return np.zeros(1), np.zeros(1)
    quantiles = np.quantile(present, PROBABILITIES)
    if quantiles[-1] - quantiles[0] < SMALLEST_SPAN:
        quantiles = quantiles[:1]
    step = (quantiles[-1] - quantiles[0]) / GRID
    step = max(step, 1.0) if column.type in ("integer", "date") else step
    at = np.unique([_rounded(float(quantile), step) for quantile in quantiles])
    ranks = np.searchsorted(present, at, side="left") + np.searchsorted(present, at, side="right")
    lowest = PROBABILITIES[0] / 2
    shares = np.clip(ranks / (2 * len(present)), lowest, 1 - lowest)
    normal = NormalDist()
    return at, np.round([normal.inv_cdf(float(share)) for share in shares], 4)


def _rounded(value: float, step: float) -> float:
    """To two digits, or to a step where that is finer: a distribution's, and no person's."""
    finer = 0 < step < 10.0 ** (_power(value) - 1)
    digits = min(_power(value) - _power(step), 16) if finer else 1
    return float(f"{value:.{digits}e}")


def _power(value: float) -> int:
    """The power of ten of a number."""
    return math.floor(math.log10(abs(value))) if value else 0


def _codes(hot: Floats, others: Floats) -> Floats:
    """For each code the score that agrees best with the other features: the first canonical variate (Hotelling 1936).

    Args:
        hot: A column a code, 1.0 where the row has it; shape (rows, codes).
        others: Scores and codes of the other features, shape (rows, others).
    """
    counts = hot.sum(axis=0)
    scores = np.zeros(hot.shape[1])
    if counts.sum() and others.shape[1]:
        apart = others - others.mean(axis=0)
        means = (hot.T @ apart) / (counts + PRIOR_ROWS)[:, None]
        root = np.linalg.cholesky(apart.T @ apart / len(apart) + RIDGE * np.eye(others.shape[1]))
        white = np.linalg.solve(root, means.T).T
        _, vectors = np.linalg.eigh((white * counts[:, None]).T @ white)
        scores = white @ vectors[:, -1]
    share = counts / max(counts.sum(), 1)
    scores = scores - share @ scores
    spread = math.sqrt(float(share @ scores**2))
    scores = np.where(counts > 0, scores / spread if spread > 0 else 0.0, 0.0)
    turned = -1.0 if scores[np.abs(scores).argmax()] < 0 else 1.0
    return np.asarray(np.round(np.clip(scores * turned, -FARTHEST, FARTHEST), 4) + 0.0)


def _size(column: Column) -> int:
    """How many codes a column has, with the one for all others."""
    return 2 if column.values is None else len(column.values) + 1


def _one_hot(values: Floats, size: int) -> Floats:
    return np.asarray(values[:, None] == np.arange(size), dtype=np.float64)


def _read(curve: Curve, values: Floats) -> Floats:
    return np.where(np.isnan(values), np.nan, np.interp(np.nan_to_num(values), *curve))
