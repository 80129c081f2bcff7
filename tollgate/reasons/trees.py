"""Shapley values of trees, exact and against a background (Lundberg et al. 2020, interventional TreeSHAP).

A leaf counts for a row and a background row where each feature that is asked for on the way is kept by one of the
two: its slots. Those kept by the row alone must be the row's, those by the other alone the other's: of such a game the
Shapley values are known in closed form (`game`). What neighbouring leaves count is worked out beforehand for
every row that there may be (`tables`), so that a row costs a look-up for each group of leaves.
"""

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import Trees
from tollgate.reasons.boxes import Group, Leaf, groups_of
from tollgate.reasons.cells import Cells
from tollgate.reasons.pairs import Pairs
from tollgate.reasons.tables import Tables

Floats = NDArray[np.float64]
MOST_NUMBERS = 3_000_000  # in all tables: 24 MB
MOST_A_TABLE = 4096
ROOM_A_TABLE = 8  # times what each leaf has of all numbers


class TreeShapley:
    """Contributions to the margin of trees.

    Attributes:
        base: The mean margin of the background rows.
    """

    def __init__(self, trees: Trees, background: Floats) -> None:
        self.base = float(trees.margin(background).mean())
        self._features = background.shape[1]
        self._cells = Cells(trees, self._features)
        most = min(MOST_A_TABLE, ROOM_A_TABLE * MOST_NUMBERS // max(1, len(trees.leaves)))
        tabled, others = _parted(list(groups_of(trees, self._cells, most)))
        rows = [self._cells.of(row) for row in background.tolist()]
        self._parts: list[Tables | Pairs] = [Tables(tabled, self._cells, rows)] if tabled else []
        if others:
            self._parts.append(Pairs(others, self._cells, rows))

    def contributions(self, rows: Floats) -> Floats:
        """What each feature contributes to the margin of each row, shape (rows, features)."""
        found = np.zeros((len(rows), self._features))
        for place, row in enumerate(rows.tolist()):
            cells = self._cells.of(row)
            for part in self._parts:
                found[place] += part.contributions(cells)
        return found


def _parted(groups: list[Group]) -> tuple[list[Group], list[Leaf]]:
    """The groups that get a table, the smallest first while there is room, and the leaves of the others."""
    tabled: list[Group] = []
    others: list[Leaf] = []
    room = MOST_NUMBERS
    for group in sorted(groups, key=lambda group: group.numbers):
        room -= group.numbers
        if room < 0 or not group.few_slots:
            others += group.leaves
        else:
            tabled.append(group)
    return tabled, others
