"""The values of features, cut into cells wherever a question of any tree cuts them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import Trees

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Set = int  # of cells: bit by bit, the first cell in the lowest


class Cells:
    """For each feature intervals, low < value <= high, within which all trees answer alike, and a cell for missing.

    Attributes:
        counts: How many cells each feature has; the last is for a missing value.
    """

    def __init__(self, trees: Trees, features: int) -> None:
        """Cut.

        Args:
            trees: The trees.
            features: How many features a row has.
        """
        self._trees = trees
        named: list[set[float]] = [set() for _ in range(features)]
        for node, feature in enumerate(trees.feature.tolist()):
            codes = trees.categories.get(node)
            if codes is None:
                named[feature].add(float(trees.threshold[node]))
            else:  # a code has a cell of its own
                named[feature].update(
                    codes.tolist(), np.nextafter(codes.astype(np.float64), -np.inf).tolist()
                )
        self._highs = [sorted(some) for some in named]
        self.counts = [len(some) + 2 for some in named]

    def of(self, row: list[float]) -> list[int]:
        """The cell of each value of a row."""
        return [
            bisect_left(highs, value) if value == value else len(highs) + 1
            for highs, value in zip(self._highs, row, strict=True)
        ]

    def left(self, node: int) -> Set:
        """Those cells of a node's feature whose values go left."""
        trees, feature = self._trees, int(self._trees.feature[node])
        highs, codes = self._highs[feature], trees.categories.get(node)
        if codes is None:
            goes = (1 << bisect_right(highs, float(trees.threshold[node]))) - 1
        else:
            goes = sum(1 << bisect_left(highs, code) for code in set(codes.tolist()))
        return goes | (1 << len(highs) + 1 if trees.missing_left[node] else 0)

    def every(self, feature: int) -> Set:
        """All cells of a feature."""
        return (1 << self.counts[feature]) - 1

    def packed(self, feature: int, sets: Sequence[Set]) -> NDArray[np.uint8]:
        """Sets of cells of a feature, eight cells a byte, shape (sets, bytes)."""
        size = (self.counts[feature] + 7) // 8
        joined = b"".join(one.to_bytes(size, "little") for one in sets)
        return np.frombuffer(joined, dtype=np.uint8).reshape(len(sets), size)


def by_feature(features: Sequence[int]) -> tuple[dict[int, Ints], Ints]:
    """For each feature where it stands, and where each one stands once they are put together by feature."""
    of = np.array(features, dtype=np.intp)
    places = {feature: np.flatnonzero(of == feature) for feature in np.unique(of).tolist()}
    return places, np.argsort(np.argsort(of, kind="stable"))
