"""Shapley values of trees, exact and against a background (Lundberg et al. 2020, interventional TreeSHAP).

A leaf counts for a row and a background row where each of its slots is kept by one of the two. Those kept by the row
alone must be the row's, those by the other alone the other's: of such a game the Shapley values are known in closed
form (`pairs`). Leaves of as many slots are worked out together, and for few slots beforehand for every set of slots
that a row may keep, so that a row costs a look-up.
"""

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import Trees
from tollgate.reasons.pairs import PairedLeaves, TabledLeaves, table_size
from tollgate.reasons.paths import Leaf, Slot, Slots, leaves_of

Floats = NDArray[np.float64]
Kind = type[TabledLeaves] | type[PairedLeaves]
MOST_SLOTS = 8
MOST_NUMBERS = 3_000_000  # in all tables: 24 MB


class TreeShapley:
    """Contributions to the margin of trees.

    Attributes:
        base: The mean margin of the background rows.
    """

    def __init__(self, trees: Trees, background: Floats) -> None:
        self.base = float(trees.margin(background).mean())
        self._features = background.shape[1]
        grouped = _grouped(sorted(leaves_of(trees), key=lambda leaf: len(leaf.slots)))
        self._slots = Slots(trees, [slot for _, leaves in grouped for slot in _side_by_side(leaves)])
        order = [feature for _, leaves in grouped for leaf in leaves for feature, _ in leaf.slots]
        self._order = np.array(order, dtype=np.intp)
        self._groups: list[TabledLeaves | PairedLeaves] = []
        kept = np.array([self._slots.keeps(row) for row in background]).T
        start = 0
        for kind, leaves in grouped:
            slots = len(leaves[0].slots)
            end = start + slots * len(leaves)
            values = np.array([leaf.value for leaf in leaves])
            self._groups.append(kind(values, kept[start:end].reshape(slots, len(leaves), -1)))
            start = end

    def contributions(self, rows: Floats) -> Floats:
        """What each feature contributes to the margin of each row, shape (rows, features)."""
        return np.array([self._one(row) for row in rows]).reshape(len(rows), self._features)

    def _one(self, row: Floats) -> Floats:
        kept = self._slots.keeps(row)
        shares, start = [np.empty(0)], 0
        for group in self._groups:
            end = start + group.size
            shares.append(group.shares(kept[start:end]))
            start = end
        found = np.bincount(self._order, weights=np.concatenate(shares), minlength=self._features)
        return np.asarray(found, dtype=np.float64)


def _grouped(leaves: list[Leaf]) -> list[tuple[Kind, list[Leaf]]]:
    """Leaves, given with those of few slots first, in groups of as many slots; those without a table are made alike."""
    tabled: dict[int, list[Leaf]] = {}
    room = MOST_NUMBERS
    for at, leaf in enumerate(leaves):
        slots = len(leaf.slots)
        room -= table_size(slots)
        if slots > MOST_SLOTS or room < 0:
            most = len(leaves[-1].slots)
            alike = [other.padded(most) for other in leaves[at:]]
            return [*((TabledLeaves, group) for group in tabled.values()), (PairedLeaves, alike)]
        tabled.setdefault(slots, []).append(leaf)
    return [(TabledLeaves, group) for group in tabled.values()]


def _side_by_side(leaves: list[Leaf]) -> list[Slot]:
    """The first slots of all leaves, then the second ones, and so on."""
    return [slot for place in zip(*(leaf.slots for leaf in leaves), strict=True) for slot in place]
