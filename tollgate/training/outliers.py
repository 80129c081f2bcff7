"""Fitting what tells rows whose values do not go together; `tollgate.reasons.outliers` applies it."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tollgate.contract import Contract
from tollgate.reasons.outliers import OutlierDetector
from tollgate.training.score_curves import score_curves

Floats = NDArray[np.float64]
FLAGGED = 0.005
LEAST_VARIANCE = 0.01
DIGITS = 6
MOST_ROWS = 50_000
MOST_FEATURES = 300  # the covariance of more would be megabytes of JSON


def outlier_parameters(contract: Contract, fitted: Floats, held_back: Floats) -> dict[str, Any] | None:
    """The parameters of an `OutlierDetector`, as JSON values; None where there are no rows to set the limit by.

    No number in them is a value of a row: quantiles, frequencies and covariances are rounded, and so is the limit.

    Args:
        contract: What rows look like.
        fitted: The rows that distributions are taken from, shape (rows, features).
        held_back: Other rows, of which 1 in 200 is flagged; shape (rows, features).
    """
    if not len(held_back) or len(contract.features) > MOST_FEATURES:
        return None
    fitted = fitted[:: max(1, len(fitted) // MOST_ROWS)]
    columns = [contract.columns[name] for name in contract.features]
    with threadpool_limits(limits=1, user_api="blas"):  # sums in another order would be other bits
        curves, scores = score_curves(columns, fitted)
        mean = np.round([_mean(values) for values in scores.T], DIGITS)
        written = {
            "scores": [{"at": at.tolist(), "score": score.tolist()} for at, score in curves],
            "mean": mean.tolist(),
            "covariance": _lower(_covariance(scores - mean)),
        }
        distances = OutlierDetector({**written, "limit": math.inf}, len(columns)).distances(held_back)
    limit = float(np.quantile(distances, 1 - FLAGGED, method="higher"))
    return {**written, "limit": math.ceil(limit * 10) / 10}


def _mean(values: Floats) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if len(present) else 0.0


def _covariance(apart: Floats) -> Floats:
    """Of each two features over the rows that have both; with no direction of nearly no variance."""
    present = (~np.isnan(apart)).astype(np.float64)
    filled = np.nan_to_num(apart)
    found = (filled.T @ filled) / np.maximum(present.T @ present, 1)
    values, vectors = np.linalg.eigh(found)
    return np.asarray((vectors * np.maximum(values, LEAST_VARIANCE)) @ vectors.T)


def _lower(matrix: Floats) -> list[list[float]]:
    """The rows of the lower triangle."""
    return [np.round(row[: place + 1], DIGITS).tolist() for place, row in enumerate(matrix)]
