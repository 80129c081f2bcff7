"""What the slots of a leaf count.

For one leaf, one row and one background row the game is: the leaf's value where all of A are taken from the row and
none of B, else nothing. A are the a slots that the row alone keeps, B the b slots that the other alone keeps; where a
slot is kept by neither, the leaf counts for none. In a random order all of A come before all of B, and a given one of A
last of them, with probability (a-1)! b! / (a+b)!; that is its Shapley value, and of one of B it is
-a! (b-1)! / (a+b)! (Lundberg et al. 2020; Laberge and Pequignot 2022).
"""

from functools import cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@cache
def weights(slots: int) -> tuple[Floats, Floats]:
    """By the sizes of A and B, what one of A counts, and what one of B counts against; shape (slots + 1, slots + 1)."""
    own, other = np.zeros((slots + 1, slots + 1)), np.zeros((slots + 1, slots + 1))
    for a in range(slots + 1):
        for b in range(slots + 1 - a):
            if a:
                own[a, b] = factorial(a - 1) * factorial(b) / factorial(a + b)
            if b:
                other[a, b] = factorial(a) * factorial(b - 1) / factorial(a + b)
    return own, other


def counts(worth: Floats) -> Floats:
    """What each slot of leaves counts, by the set of slots that a row keeps.

    Where row and other keep all slots between them, A are all that the other lacks, and B all that the row lacks.

    Args:
        worth: For each leaf, by the set of slots that they keep, what it adds to the margin times the share of the
            background rows that keep that set, shape (leaves, sets).

    Returns:
        Shape (leaves, sets, slots).
    """
    sets = np.arange(worth.shape[1])
    slots = len(sets).bit_length() - 1
    others = np.flatnonzero(worth.any(axis=0))
    worth = worth[:, others]
    lacked = len(sets) - 1 - others[:, None]
    covered = (lacked & ~sets) == 0
    a, b = np.bitwise_count(lacked[:, 0]), slots - np.bitwise_count(sets)
    for_own, for_other = (weighted.take(a, axis=0).take(b, axis=1) * covered for weighted in weights(slots))
    of_slot = 1 << np.arange(slots)
    by_slot = worth[:, :, None] * ((lacked & of_slot) != 0)
    return np.asarray(
        for_own.T @ by_slot - (worth @ for_other)[:, :, None] * ((sets[:, None] & of_slot) == 0)
    )
