"""Fitted trees in a form of our own: what the graph, the explainer and the search for split edges read."""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from tollgate.bundle.scorer import INPUT
from tollgate.training.graph import GraphBuilder

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
SUM, LESS_OR_EQUAL, MEMBER = 1, 0, 6
NONE: tuple[float, ...] = ()


@dataclass(frozen=True)
class Node:
    """An inner node: a row goes left when its value is at most the threshold, or among the categories.

    Attributes:
        feature: The place of the feature in a row.
        threshold: The threshold; not used where there are categories.
        categories: The codes that go left; empty for a split of numbers.
        missing_left: Whether a missing value goes left.
        left: The inner node to the left; below 0 the leaf -1 - left.
        right: The same to the right.
    """

    feature: int
    threshold: float
    categories: tuple[float, ...]
    missing_left: bool
    left: int
    right: int


@dataclass(frozen=True)
class Forest:
    """Trees whose leaves add up to a margin.

    Attributes:
        base: What is added to the sum of the leaves.
        roots: For each tree its root, as `Node.left` names nodes and leaves.
        nodes: All inner nodes.
        leaves: The values of all leaves, shape (leaves,).
    """

    base: float
    roots: tuple[int, ...]
    nodes: tuple[Node, ...]
    leaves: Floats

    def cuts(self) -> dict[int, Floats]:
        """By feature the thresholds at which the margin may jump, in order."""
        found: dict[int, set[float]] = {}
        for node in self.nodes:
            if not node.categories and node.threshold < sys.float_info.max:
                found.setdefault(node.feature, set()).add(node.threshold)
        return {feature: np.array(sorted(values)) for feature, values in sorted(found.items())}

    def margin(self, builder: GraphBuilder) -> str:
        """Add the trees to a graph as one TreeEnsemble (ai.onnx.ml 5), and give the margin, shape (rows, 1)."""
        roots, nodes = self._rooted()
        leaves = self.leaves.copy()
        leaves[self._first()] += self.base  # a node less to run than an addition
        false = [node.right for node in nodes]
        true = [node.left for node in nodes]
        categories = [value for node in nodes for value in (*node.categories, np.nan) if node.categories]
        return builder.node(
            "TreeEnsemble",
            INPUT,
            domain="ai.onnx.ml",
            aggregate_function=SUM,
            n_targets=1,
            tree_roots=roots,
            nodes_featureids=[node.feature for node in nodes],
            nodes_modes=_tensor([MEMBER if node.categories else LESS_OR_EQUAL for node in nodes], np.uint8),
            nodes_splits=_tensor([node.threshold for node in nodes]),
            nodes_missing_value_tracks_true=[int(node.missing_left) for node in nodes],
            nodes_truenodeids=[_place(child) for child in true],
            nodes_trueleafs=[int(child < 0) for child in true],
            nodes_falsenodeids=[_place(child) for child in false],
            nodes_falseleafs=[int(child < 0) for child in false],
            leaf_targetids=[0] * len(leaves),
            leaf_weights=_tensor(leaves),
            **({"membership_values": _tensor(categories)} if categories else {}),
        )

    def _first(self) -> list[int]:
        """The leaves of the first tree."""
        found, children = [], [self.roots[0]]
        while children:
            child = children.pop()
            if child < 0:
                found.append(-1 - child)
            else:
                children += [self.nodes[child].left, self.nodes[child].right]
        return found

    def _rooted(self) -> tuple[list[int], list[Node]]:
        """Roots that are inner nodes: a tree of one leaf gets a node whose two sides are that leaf."""
        nodes = list(self.nodes)
        roots = []
        for root in self.roots:
            if root < 0:
                nodes.append(Node(0, 0.0, NONE, True, root, root))
                root = len(nodes) - 1
            roots.append(root)
        return roots, nodes

    def as_json(self) -> dict[str, Any]:
        """The trees as JSON values, column by column."""
        return {
            "base": self.base,
            "roots": list(self.roots),
            "feature": [node.feature for node in self.nodes],
            "threshold": [node.threshold for node in self.nodes],
            "categories": [list(node.categories) for node in self.nodes],
            "missing_left": [node.missing_left for node in self.nodes],
            "left": [node.left for node in self.nodes],
            "right": [node.right for node in self.nodes],
            "leaves": self.leaves.tolist(),
        }


def _place(child: int) -> int:
    return child if child >= 0 else -1 - child


def _tensor(values: Any, dtype: Any = np.float64) -> onnx.TensorProto:
    tensor = numpy_helper.from_array(np.asarray(values, dtype=dtype))
    assert tensor.data_type in (TensorProto.DOUBLE, TensorProto.UINT8)  # noqa: S101 - no float32 may creep in
    return tensor
