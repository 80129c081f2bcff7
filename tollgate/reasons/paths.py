"""The leaves of trees as boxes: for each leaf what a row must keep, feature by feature, to fall into it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import Trees

Floats = NDArray[np.float64]
Way = tuple[int, bool]  # a node, and whether left
Slot = tuple[int, list[Way]]  # a feature, and the nodes that ask for it with the sides to take


@dataclass(frozen=True)
class Leaf:
    """A leaf, and what leads to it.

    Attributes:
        value: What it adds to the margin.
        slots: A slot for each feature that is asked for on the way.
    """

    value: float
    slots: list[Slot]

    def padded(self, slots: int) -> "Leaf":
        """The same leaf with more slots, which every row keeps."""
        return Leaf(self.value, [*self.slots, *[(0, [])] * (slots - len(self.slots))])


def leaves_of(trees: Trees) -> Iterator[Leaf]:
    """Every leaf that a question leads to; a tree of a single leaf has none.

    Raises:
        ValueError: A tree goes in circles.
    """
    for root in trees.roots:
        ways: list[tuple[int, tuple[Way, ...]]] = [(root, ())]
        inner = 0
        while ways:
            node, way = ways.pop()
            inner += node >= 0
            if inner > len(trees.feature):
                raise ValueError("a tree goes in circles")
            if node >= 0:
                right, left = trees.sides[node].tolist()
                ways += [(left, (*way, (node, True))), (right, (*way, (node, False)))]
            elif way:
                slots: dict[int, list[Way]] = {}
                for one in way:
                    slots.setdefault(int(trees.feature[one[0]]), []).append(one)
                yield Leaf(float(trees.leaves[-1 - node]), list(slots.items()))


class Slots:
    """Some slots of leaves, asked of rows all at once.

    A slot of numbers is an interval, low < value <= high. Where a feature is asked for categories, a value counts by
    its cell: which of the values named by any question it is, or between which of them it lies.
    """

    def __init__(self, trees: Trees, slots: list[Slot]) -> None:
        """Prepare slots.

        Args:
            trees: The trees.
            slots: For each slot its feature, and its nodes with the sides to take.
        """
        asked = {int(trees.feature[node]) for node in trees.categories} & {feature for feature, _ in slots}
        self._feature = np.array([feature for feature, _ in slots], dtype=np.intp)
        limits = np.array([_interval(trees, ways) for _, ways in slots]).reshape(-1, 2)
        self._low, self._high = np.ascontiguousarray(limits.T)
        self._missing = np.array(
            [all(trees.missing_left[node] == left for node, left in ways) for _, ways in slots], dtype=bool
        )
        self._cells = []
        for feature in sorted(asked):
            here = [place for place, (of, _) in enumerate(slots) if of == feature]
            points = _points(trees, feature)
            table = np.array([_allowed(trees, points, slots[place][1]) for place in here], dtype=bool)
            self._cells.append(
                (feature, np.array(here, dtype=np.intp), points, np.ascontiguousarray(table.T))
            )

    def keeps(self, row: Floats) -> NDArray[np.bool_]:
        """Which slots a row keeps, shape (slots,)."""
        values = row.take(self._feature)
        kept = values > self._low
        kept &= values <= self._high
        for feature, here, points, table in self._cells:
            kept[here] = table[_cell(points, row[feature])]
        if np.isnan(row).any():
            absent = np.isnan(values)
            kept[absent] = self._missing[absent]
        return np.asarray(kept)


def _interval(trees: Trees, ways: list[Way]) -> tuple[float, float]:
    """The values of a number that take all sides; questions for categories are left out."""
    numbers = [(float(trees.threshold[node]), left) for node, left in ways if node not in trees.categories]
    low = max((threshold for threshold, left in numbers if not left), default=-np.inf)
    return low, min((threshold for threshold, left in numbers if left), default=np.inf)


def _points(trees: Trees, feature: int) -> Floats:
    """The values of a feature that any question names, in order."""
    nodes = np.flatnonzero(trees.feature == feature).tolist()
    named = [
        trees.categories[node] if node in trees.categories else trees.threshold[[node]] for node in nodes
    ]
    return np.unique(np.concatenate(named).astype(np.float64))


def _cell(points: Floats, value: float) -> int:
    """Which of the named values it is (odd), or between which it lies (even); a missing value has none."""
    place = int(points.searchsorted(value))
    return 2 * place + (place < len(points) and points[place] == value)


def _allowed(trees: Trees, points: Floats, ways: list[Way]) -> NDArray[np.bool_]:
    """For each cell whether its values take all sides, shape (2 * points + 1,)."""
    exact, between = np.arange(len(points)), np.arange(len(points) + 1)
    allowed = np.ones(2 * len(points) + 1, dtype=bool)
    for node, left in ways:
        codes = trees.categories.get(node)
        if codes is None:
            rank = int(points.searchsorted(trees.threshold[node]))
            goes_exact, goes_between = exact <= rank, between <= rank
        else:
            goes_exact, goes_between = np.isin(points, codes), np.zeros(len(between), dtype=bool)
        allowed[1::2] &= goes_exact == left
        allowed[0::2] &= goes_between == left
    return allowed
