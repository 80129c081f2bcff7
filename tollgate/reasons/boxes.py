"""The leaves of trees as boxes of cells, and groups of leaves that share so much that one table is for all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from tollgate.bundle.explain import Trees
from tollgate.reasons.cells import Cells, Set

MOST_SLOTS = 12  # of a table, whose numbers are at least 2 ** slots for each of them


@dataclass(frozen=True)
class Leaf:
    """A leaf, and what leads to it.

    Attributes:
        value: What it adds to the margin.
        box: For each feature that is asked for on the way, the cells that a row must be in.
    """

    value: float
    box: Mapping[int, Set]


@dataclass(frozen=True)
class Group:
    """All leaves below a node, or one leaf.

    Attributes:
        leaves: The leaves.
        classes: For each feature that is asked for on the way to any of them its cells, parted into those that no
            leaf tells apart.
    """

    leaves: list[Leaf]
    classes: Mapping[int, list[Set]]

    @classmethod
    def of(cls, leaf: Leaf, cells: Cells) -> "Group":
        """A group of one leaf."""
        parted = {feature: _parted([cells.every(feature)], inside) for feature, inside in leaf.box.items()}
        return cls([leaf], parted)

    @cached_property
    def numbers(self) -> int:
        """How many numbers its table has: one for each feature, and for each class of each of them."""
        return len(self.classes) * prod(map(len, self.classes.values()))

    @property
    def few_slots(self) -> bool:
        """Whether it has so few features that a table may be worked out for it."""
        return len(self.classes) <= MOST_SLOTS

    def beside(self, other: "Group") -> "Group":
        """The group of the leaves of both."""
        classes = dict(self.classes)
        for feature, sets in other.classes.items():
            both = classes.get(feature)
            for inside in sets[:-1] if both else ():
                both = _parted(both or [], inside)
            classes[feature] = both or sets
        return Group([*self.leaves, *other.leaves], classes)


def groups_of(trees: Trees, cells: Cells, most: int) -> Iterator[Group]:
    """The groups of all leaves that a question leads to; a tree of a single leaf has none.

    Two neighbours become one group where its table is no larger than theirs were, or than `most`: fewer look-ups.

    Args:
        trees: The trees.
        cells: Their cells.
        most: How many numbers a table may have though those of its leaves had fewer.

    Raises:
        ValueError: Two ways lead to a node.
    """
    inner = [node for node in (*trees.roots, *trees.sides.ravel().tolist()) if node >= 0]
    if len(set(inner)) < len(inner):
        raise ValueError("two ways lead to a node of a tree")
    for root in trees.roots:
        if root >= 0:
            yield from _below(root, {}, trees, cells, most)


def _below(node: int, box: dict[int, Set], trees: Trees, cells: Cells, most: int) -> list[Group]:
    if node < 0:
        return [Group.of(Leaf(float(trees.leaves[-1 - node]), box), cells)]
    feature, left = int(trees.feature[node]), cells.left(node)
    right_child, left_child = trees.sides[node].tolist()
    inside = box.get(feature, cells.every(feature))
    here = _below(left_child, {**box, feature: inside & left}, trees, cells, most)
    there = _below(right_child, {**box, feature: inside & ~left}, trees, cells, most)
    if len(here) == len(there) == 1:
        both = here[0].beside(there[0])
        allowed = max(here[0].numbers + there[0].numbers, most)
        if both.few_slots and both.numbers <= allowed:
            return [both]
    return here + there


def _parted(sets: list[Set], inside: Set) -> list[Set]:
    """Sets, each parted by whether its cells are inside."""
    halves = ((one & inside, one & ~inside) for one in sets)
    return [half for pair in halves for half in pair if half]
