"""What leaves with many slots count for a row: the row beside each background row."""

import numpy as np
from numpy.typing import NDArray

from tollgate.reasons.boxes import Leaf
from tollgate.reasons.cells import Cells, Floats, by_feature
from tollgate.reasons.game import weights


class Pairs:
    """Leaves whose tables would be too large."""

    def __init__(self, leaves: list[Leaf], cells: Cells, background: list[list[int]]) -> None:
        """Lay out.

        Args:
            leaves: The leaves; those with fewer slots than others get more of them, which every row keeps.
            cells: The cells of the trees.
            background: The cells of each background row.
        """
        slots = max(len(leaf.box) for leaf in leaves)
        boxes = [list(leaf.box.items()) for leaf in leaves]
        padded = [[*box, *[(0, cells.every(0))] * (slots - len(box))] for box in boxes]
        # the first slots of all leaves, then the second ones, and so on
        asked = [slot for place in zip(*padded, strict=True) for slot in place]
        self._features = np.array([feature for feature, _ in asked], dtype=np.intp)
        places, self._order = by_feature(self._features.tolist())
        self._packed = [
            (feature, np.ascontiguousarray(cells.packed(feature, [asked[at][1] for at in here]).T))
            for feature, here in places.items()
        ]
        self._others = np.stack([self._kept(row) for row in background], axis=-1).reshape(
            slots, len(leaves), -1
        )
        self._by_pair = np.ascontiguousarray(self._others.transpose(1, 2, 0)).reshape(-1, slots)
        self._values = np.array([leaf.value for leaf in leaves]) / len(background)
        self._weights = weights(slots)

    def contributions(self, cells: list[int]) -> Floats:
        """What each feature contributes for a row of these cells, shape (features,)."""
        slots, leaves, rows = self._others.shape
        own = self._kept(cells).reshape(slots, leaves)
        pairs = np.flatnonzero(np.logical_and.reduce(own[:, :, None] | self._others, axis=0))
        leaf = pairs // rows
        mine = np.ascontiguousarray(own.T).take(leaf, axis=0).T.copy()
        other = self._by_pair.take(pairs, axis=0).T.copy()
        only_mine, only_other = mine & ~other, other & ~mine
        sizes = (
            np.add.reduce(only_mine, axis=0, dtype=np.int64),
            np.add.reduce(only_other, axis=0, dtype=np.int64),
        )
        for_mine, for_other = (weighted[sizes] * self._values[leaf] for weighted in self._weights)
        # a last column of none, where a leaf without pairs may start
        share = np.zeros((slots, len(pairs) + 1))
        np.subtract(only_mine * for_mine, only_other * for_other, out=share[:, :-1])
        starts = leaf.searchsorted(np.arange(leaves))
        shares = np.add.reduceat(share, starts, axis=1)
        shares[:, np.diff(starts, append=len(pairs)) == 0] = 0.0
        found = np.bincount(self._features, weights=shares.ravel(), minlength=len(cells))
        return np.asarray(found, dtype=np.float64)

    def _kept(self, cells: list[int]) -> NDArray[np.bool_]:
        """Which slots a row of these cells keeps, shape (slots * leaves,)."""
        kept = [packed[cells[feature] >> 3] >> (cells[feature] & 7) & 1 for feature, packed in self._packed]
        return np.concatenate(kept).take(self._order).astype(bool)
