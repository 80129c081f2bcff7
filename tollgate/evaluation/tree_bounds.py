"""How far trees can move against a direction, by bounds over all rows there could be.

At a cut of a feature only trees that ask for that very cut can move. In each of these the leaves on both sides are
boxes over the other features; two leaves can follow each other for one row only where their boxes meet. What trees of a
cut can move at most is summed: it is 0 just where every tree keeps to the direction, which is how gradient boosting
under constraints is grown, and no row needs to be tried.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import Trees
from tollgate.contract.columns import LARGEST

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
MISSING = 1  # the last cell is that of a missing value


@dataclass(frozen=True)
class Boxes:
    """The leaves of one tree.

    Attributes:
        values: What each adds to the margin, shape (leaves,).
        points: By feature that the tree asks for, the values that its questions name, in order.
        cells: By that feature which cells each leaf admits, shape (leaves, 2 * points + 2): between the values (even),
            at them (odd), and a missing value (the last).
    """

    values: Floats
    points: dict[int, Floats]
    cells: dict[int, Mask]


def boxes_of(trees: Trees, root: int) -> Boxes:
    """The leaves of a tree as boxes."""
    nodes = _nodes(trees, root)
    points = {
        feature: _points(trees, [node for node in nodes if trees.feature[node] == feature])
        for feature in sorted({int(trees.feature[node]) for node in nodes})
    }
    whole = {feature: np.ones(2 * len(at) + 1 + MISSING, dtype=bool) for feature, at in points.items()}
    values: list[float] = []
    cells: dict[int, list[Mask]] = {feature: [] for feature in points}
    ways: list[tuple[int, dict[int, Mask]]] = [(root, whole)]
    while ways:
        node, box = ways.pop()
        if node < 0:
            values.append(float(trees.leaves[-1 - node]))
            for feature, mask in box.items():
                cells[feature].append(mask)
            continue
        feature = int(trees.feature[node])
        left = _left(trees, node, points[feature])
        for child, side in zip(trees.sides[node].tolist(), (~left, left), strict=True):
            kept = box[feature] & side
            if kept.any():  # else no row comes here
                ways.append((child, {**box, feature: kept}))
    return Boxes(np.array(values), points, {feature: np.array(masks) for feature, masks in cells.items()})


def wrong_way(trees: Trees, feature: int, sign: float) -> tuple[Floats, Floats]:
    """How far the margin can move against a direction at each cut of a feature, over all rows.

    Args:
        trees: The trees.
        feature: The place of the feature, a number.
        sign: 1.0 where the margin must not fall with the value, -1.0 where it must not rise.

    Returns:
        The cuts in order, and at each the most that the margin can move the wrong way, 0 where it cannot.
    """
    found: dict[float, float] = {}
    for root in trees.roots:
        boxes = boxes_of(trees, root)
        if feature not in boxes.points:
            continue
        meet = _meet(boxes, feature)
        own, values = boxes.cells[feature], sign * boxes.values
        for at, point in enumerate(boxes.points[feature].tolist()):
            if abs(point) > LARGEST:  # there only missing values are told apart from all others
                continue
            below, above = own[:, 2 * at + 1], own[:, 2 * at + 2]
            falls = np.where(meet[below][:, above], values[below][:, None] - values[above][None, :], 0.0)
            found[point] = found.get(point, 0.0) + max(0.0, float(falls.max(initial=0.0)))
    cuts = sorted(found)
    return np.array(cuts), np.array([found[cut] for cut in cuts])


def _meet(boxes: Boxes, feature: int) -> Mask:
    """Which leaves a row can fall into both, by its other features, when this one changes; shape (leaves, leaves)."""
    leaves = len(boxes.values)
    meet = np.ones((leaves, leaves), dtype=bool)
    for other, cells in boxes.cells.items():
        if other != feature:
            numbers = cells.astype(np.float64)
            meet &= numbers @ numbers.T > 0
    return meet


def _nodes(trees: Trees, root: int) -> list[int]:
    found, ways = [], [root]
    while ways:
        node = ways.pop()
        if node >= 0:
            found.append(node)
            ways += trees.sides[node].tolist()
    return found


def _points(trees: Trees, nodes: list[int]) -> Floats:
    named = [trees.categories.get(node, trees.threshold[[node]]) for node in nodes]
    return np.unique(np.concatenate(named).astype(np.float64))


def _left(trees: Trees, node: int, points: Floats) -> Mask:
    """Which cells of the feature go left at a node."""
    codes, places = trees.categories.get(node), np.arange(len(points))
    left = np.zeros(2 * len(points) + 1 + MISSING, dtype=bool)
    if codes is None:
        rank = int(points.searchsorted(trees.threshold[node]))
        left[1:-MISSING:2] = places <= rank
        left[0:-MISSING:2] = np.arange(len(points) + 1) <= rank
    else:
        left[1:-MISSING:2] = np.isin(points, codes)
    left[-1] = bool(trees.missing_left[node])
    return left
