"""What groups of leaves count for a row, averaged over the background: worked out for every row that there may be."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tollgate.reasons.boxes import Group, Leaf
from tollgate.reasons.cells import Cells, Floats, Ints, Set, by_feature
from tollgate.reasons.game import counts


class _Entry(NamedTuple):
    """A feature of a group.

    Attributes:
        feature: The feature.
        classes: Its cells, parted by the leaves of the group.
        stride: How far the next class is in the group's table.
    """

    feature: int
    classes: list[Set]
    stride: int


class Tables:
    """A table for each group: by the class of each of its features, what each of them contributes."""

    def __init__(self, groups: list[Group], cells: Cells, background: list[list[int]]) -> None:
        """Work the tables out.

        Args:
            groups: The groups.
            cells: The cells of the trees.
            background: The cells of each background row.
        """
        groups = sorted(groups, key=lambda group: -len(group.classes))
        entries = [_entries(group) for group in groups]
        # how many groups have a first feature, a second one, and so on: of all groups the first so many
        self._counts = [sum(len(one) > slot for one in entries) for slot in range(len(entries[0]))]
        by_slot = [one[slot] for slot, count in enumerate(self._counts) for one in entries[:count]]
        self._features = np.array([entry.feature for entry in by_slot], dtype=np.intp)
        places, self._order = by_feature(self._features.tolist())
        self._steps = [
            (feature, _steps(cells, [by_slot[at] for at in here])) for feature, here in places.items()
        ]
        first = np.cumsum([0, *(group.numbers for group in groups[:-1])])
        self._first = np.concatenate([first[:count] + slot for slot, count in enumerate(self._counts)])
        strides = np.array([entry.stride for entry in by_slot], dtype=np.intp)
        rows: Ints = np.stack([self._steps_of(row) for row in background]) // strides
        starts = np.cumsum([0, *self._counts[:-1]])
        own = (rows[:, starts[: len(group.classes)] + at] for at, group in enumerate(groups))
        tables = [_table(group, classes) for group, classes in zip(groups, own, strict=True)]
        self._numbers = np.concatenate([table.ravel() for table in tables])

    def contributions(self, cells: list[int]) -> Floats:
        """What each feature contributes for a row of these cells, shape (features,)."""
        steps, start = self._steps_of(cells), 0
        places = np.zeros(self._counts[0], dtype=np.intp)
        for count in self._counts:
            places[:count] += steps[start : start + count]
            start += count
        at = np.concatenate([places[:count] for count in self._counts])
        at += self._first
        shares = np.bincount(self._features, weights=self._numbers.take(at), minlength=len(cells))
        return np.asarray(shares, dtype=np.float64)

    def _steps_of(self, cells: list[int]) -> Ints:
        """For each feature of each group how far the row's class leads into the group's table."""
        found = [steps[cells[feature]] for feature, steps in self._steps]
        return np.concatenate(found).take(self._order).astype(np.intp)


def _entries(group: Group) -> list[_Entry]:
    found, stride = [], group.numbers
    for feature, sets in group.classes.items():
        stride //= len(sets)
        found.append(_Entry(feature, sets, stride))
    return found


def _steps(cells: Cells, entries: list[_Entry]) -> NDArray[np.generic]:
    """How far each cell of a feature leads into the tables of its groups, shape (cells, groups)."""
    feature, sizes = entries[0].feature, [len(entry.classes) for entry in entries]
    packed = cells.packed(feature, [one for entry in entries for one in entry.classes])
    inside = np.unpackbits(packed, axis=1, count=cells.counts[feature], bitorder="little")
    ways = np.concatenate([np.arange(len(entry.classes)) * entry.stride for entry in entries])
    steps = np.add.reduceat(inside * ways[:, None], np.cumsum([0, *sizes[:-1]]), axis=0)
    return np.ascontiguousarray(steps.T.astype(np.min_scalar_type(steps.max())))


def _table(group: Group, background: Ints) -> Floats:
    """What each feature contributes, shape (classes of the first times those of the second and so on, features).

    Args:
        group: The group.
        background: The class of each of its features in the background rows, shape (rows, features).
    """
    leaves, slots = len(group.leaves), len(group.classes)
    first = np.arange(leaves)[:, None] << slots
    own, others = first.reshape([leaves] + [1] * slots), first
    for slot, (feature, sets) in enumerate(group.classes.items()):
        kept = np.array([_kept(leaf, feature, sets) for leaf in group.leaves], dtype=np.intp) << slot
        others = others + kept[:, background[:, slot]]
        own = own + kept.reshape([leaves] + [-1 if slot == axis else 1 for axis in range(slots)])
    often = np.bincount(others.ravel(), minlength=leaves << slots).reshape(leaves, -1)
    shares = counts(often * (np.array([leaf.value for leaf in group.leaves]) / len(background))[:, None])
    by_state = shares.reshape(-1, slots).take(own.reshape(leaves, -1), axis=0)
    return np.asarray(by_state.sum(axis=0))


def _kept(leaf: Leaf, feature: int, sets: list[Set]) -> list[bool]:
    """Which classes of a feature a leaf keeps: all of them where it does not ask for it."""
    inside = leaf.box.get(feature)
    return [inside is None or bool(one & inside) for one in sets]
