"""What leaves count for a row, averaged over the background.

For one leaf, one row and one background row the game is: the leaf's value where all of A are taken from the row and
none of B, else nothing. A are the a slots that the row alone keeps, B the b slots that the other alone keeps; where a
slot is kept by neither, the leaf counts for none. In a random order all of A come before all of B, and a given one of A
last of them, with probability (a-1)! b! / (a+b)!; that is its Shapley value, and of one of B it is
-a! (b-1)! / (a+b)! (Lundberg et al. 2020; Laberge and Pequignot 2022).
"""

from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kept = NDArray[np.bool_]


class TabledLeaves:
    """Leaves with few slots: looked up by the set of slots that a row keeps.

    Attributes:
        size: How many slots they have in all.
    """

    def __init__(self, values: Floats, of_background: Kept) -> None:
        """Work the tables out.

        Args:
            values: What the leaves add to the margin, shape (leaves,).
            of_background: Which slots the background rows keep, shape (slots, leaves, rows).
        """
        slots, leaves, rows = of_background.shape
        self.size = slots * leaves
        self._shape = (slots, leaves)
        sets = 1 << slots
        places = np.packbits(of_background, axis=0, bitorder="little")[0].astype(np.intp)
        places += np.arange(leaves)[:, None] * sets
        often = np.bincount(places.ravel(), minlength=leaves * sets).reshape(leaves, sets)
        weighted = often * (values / rows)[:, None]
        self._table = np.ascontiguousarray(weighted @ _game(slots)).reshape(leaves * sets, slots)
        self._first = np.arange(leaves) * sets

    def shares(self, kept: Kept) -> Floats:
        """What each slot counts, leaf by leaf.

        Args:
            kept: Which slots the row keeps: the first of all leaves, then the second, and so on; shape (size,).
        """
        places = np.packbits(kept.reshape(self._shape), axis=0, bitorder="little")[0] + self._first
        return np.asarray(self._table.take(places, axis=0).ravel())


class PairedLeaves:
    """Leaves with many slots: each row beside each background row.

    Attributes:
        size: How many slots they have in all.
    """

    def __init__(self, values: Floats, of_background: Kept) -> None:
        """See `TabledLeaves`."""
        slots, leaves, rows = of_background.shape
        self.size = slots * leaves
        self._others = np.ascontiguousarray(of_background)
        self._by_pair = np.ascontiguousarray(of_background.transpose(1, 2, 0)).reshape(leaves * rows, slots)
        self._values = values / rows
        self._weights = _weights(slots)

    def shares(self, kept: Kept) -> Floats:
        """See `TabledLeaves`."""
        slots, leaves, rows = self._others.shape
        own = kept.reshape(slots, leaves)
        pairs = np.flatnonzero(np.logical_and.reduce(own[:, :, None] | self._others, axis=0))
        leaf = pairs // rows
        mine = np.ascontiguousarray(own.T).take(leaf, axis=0).T.copy()
        other = self._by_pair.take(pairs, axis=0).T.copy()
        only_mine, only_other = mine & ~other, other & ~mine
        counts = (
            np.add.reduce(only_mine, axis=0, dtype=np.int64),
            np.add.reduce(only_other, axis=0, dtype=np.int64),
        )
        for_mine, for_other = (weights[counts] * self._values[leaf] for weights in self._weights)
        share = np.zeros(
            (slots, len(pairs) + 1)
        )  # a last column of none, where a leaf without pairs may start
        np.subtract(only_mine * for_mine, only_other * for_other, out=share[:, :-1])
        starts = leaf.searchsorted(np.arange(leaves))
        found = np.add.reduceat(share, starts, axis=1)
        found[:, np.diff(starts, append=len(pairs)) == 0] = 0.0
        return np.asarray(found.T.ravel())


def table_size(slots: int) -> int:
    """How many numbers a leaf's table has."""
    return slots << slots


def _weights(slots: int) -> tuple[Floats, Floats]:
    """By the sizes of A and B, what one of A counts, and what one of B counts against; shape (slots + 1, slots + 1)."""
    own, other = np.zeros((slots + 1, slots + 1)), np.zeros((slots + 1, slots + 1))
    for a in range(slots + 1):
        for b in range(slots + 1 - a):
            if a:
                own[a, b] = factorial(a - 1) * factorial(b) / factorial(a + b)
            if b:
                other[a, b] = factorial(a) * factorial(b - 1) / factorial(a + b)
    return own, other


def _game(slots: int) -> Floats:
    """What each slot counts in a leaf of value 1, by sets of slots kept; shape (background sets, row sets * slots)."""
    sets = np.arange(1 << slots)
    row, other = sets[None, :], sets[:, None]
    covered = (row | other) == len(sets) - 1
    only_row, only_other = row & ~other, other & ~row
    sizes = np.bitwise_count(only_row), np.bitwise_count(only_other)
    own, against = (weights[sizes] * covered for weights in _weights(slots))
    found = np.empty((len(sets), len(sets), slots))
    for slot in range(slots):
        found[:, :, slot] = own * (only_row >> slot & 1) - against * (only_other >> slot & 1)
    return found.reshape(len(sets), -1)
