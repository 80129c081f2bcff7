"""The reference profile: the training distribution that drift is measured against."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.scorer import Scores
from tollgate.canonical import canonical_json
from tollgate.contract import Column, Contract
from tollgate.contract.columns import bounds

FORMAT_VERSION = 1
BINS = 10
TYPICAL = (0.05, 0.25, 0.5, 0.75, 0.95)
Floats = NDArray[np.float64]


def reference_profile(contract: Contract, rows: Floats, scores: Scores) -> bytes:
    """The content of reference.json.

    Args:
        contract: What rows look like.
        rows: The rows that the model was fitted on, shape (rows, features).
        scores: Scores of the calibration part: training rows would flatter.
    """
    features = {
        name: _profile(contract.columns[name], rows[:, place]) for place, name in enumerate(contract.features)
    }
    return canonical_json(
        {"version": FORMAT_VERSION, "features": features, "score": _numbers(scores.probability)}
    )


def typical_values(contract: Contract, rows: Floats) -> dict[str, tuple[float, ...]]:
    """For each number, integer and date feature a few rounded quantiles that keep the contract."""
    found = {}
    for place, name in enumerate(contract.features):
        column, values = contract.columns[name], rows[:, place]
        values = values[np.isfinite(values)]
        if column.type in ("number", "integer", "date") and len(values):
            quantiles = [_rounded(q, column) for q in np.quantile(values, TYPICAL)]
            found[name] = tuple(dict.fromkeys(q for q in quantiles if q not in column.missing_values))
    return found


def _profile(column: Column, values: Floats) -> dict[str, Any]:
    if column.type in ("category", "boolean"):
        size = len(column.values) if column.values else 2
        present = values[np.isfinite(values)].astype(np.int64)
        counts = np.bincount(present, minlength=size + 1)
        return {
            "counts": counts[:size].tolist(),
            "unseen": int(counts[size:].sum()),
            "missing": int(np.isnan(values).sum()),
        }
    return _numbers(values)


def _numbers(values: Floats) -> dict[str, Any]:
    """Counts between rounded deciles; the outer bins are open."""
    present = values[np.isfinite(values)]
    edges: Floats = np.array([])
    if len(present):
        deciles = np.quantile(present, np.linspace(0, 1, BINS + 1)[1:-1])
        edges = np.unique([_significant(edge) for edge in deciles])
    counts = np.bincount(np.searchsorted(edges, present, side="right"), minlength=len(edges) + 1)
    return {"edges": edges.tolist(), "counts": counts.tolist(), "missing": int(np.isnan(values).sum())}


def _rounded(value: float, column: Column) -> float:
    if column.type == "date":
        return float(round(value))
    rounded = _significant(value)
    low, high = bounds(column)
    return min(max(float(round(rounded)) if column.type == "integer" else rounded, low), high)


def _significant(value: float) -> float:
    """Two significant digits: enough to stand for a distribution, too few to be a person's."""
    return float(f"{value:.2g}")
