"""Made-up trees with everything that trees can have, and rows for them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import Trees

Floats = NDArray[np.float64]
CODES = 4


class Grown:
    """A few random trees: the odd features are asked for categories, at times also for numbers."""

    def __init__(self, draw: np.random.Generator, features: int, trees: int, depth: int) -> None:
        self._draw, self._features = draw, features
        self.written: dict[str, Any] = {
            name: []
            for name in ("feature", "threshold", "categories", "missing_left", "left", "right", "leaves")
        }
        self.written["roots"] = [self._grow(depth) for _ in range(trees)]
        self.written["base"] = float(draw.normal())

    def _grow(self, depth: int) -> int:
        draw, written = self._draw, self.written
        if depth == 0 or draw.random() < 0.15:
            written["leaves"].append(float(draw.normal()))
            return -len(written["leaves"])
        at = len(written["feature"])
        feature = int(draw.integers(self._features))
        asks = feature % 2 == 1 and draw.random() < 0.8
        codes = np.flatnonzero(draw.random(CODES) < 0.5).tolist() if asks else []
        written["feature"].append(feature)
        written["threshold"].append(float(draw.integers(-1, CODES) + draw.choice([0.0, 0.5])))
        written["categories"].append(codes)
        written["missing_left"].append(bool(draw.random() < 0.5))
        for side in ("left", "right"):
            written[side].append(0)
        for side in ("left", "right"):
            written[side][at] = self._grow(depth - 1)
        return at

    @property
    def trees(self) -> Trees:
        return Trees(self.written)


def two_questions(**change: Any) -> Trees:
    """One tree by hand: feature 0 at most 0.5, and of those above it feature 1 at most 0.5 or not."""
    written: dict[str, Any] = {
        "base": 0.0,
        "roots": [0],
        "feature": [0, 1],
        "threshold": [0.5, 0.5],
        "categories": [[], []],
        "missing_left": [True, True],
        "left": [-1, -2],
        "right": [1, -3],
        "leaves": [1.0, 0.5, 2.0],
    }
    return Trees(written | change)


def rows_for(draw: np.random.Generator, features: int, count: int) -> Floats:
    """Codes, among them one that no tree names, and missing values."""
    rows = draw.integers(0, CODES + 1, (count, features)).astype(np.float64)
    rows[draw.random(rows.shape) < 0.2] = np.nan
    return rows
