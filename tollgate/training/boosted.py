"""From scikit-learn's histogram gradient boosting to a forest of our own.

scikit-learn keeps its trees in private arrays (sklearn/ensemble/_hist_gradient_boosting); this module alone reads
them. Before fitting it moves categorical columns to the front and numbers the categories that it saw, so that its
trees speak of other places and codes than the contract does: both are turned back here.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.training.forest import NONE, Forest, Node

BITS = 32
LARGEST = sys.float_info.max  # in place of infinity, where only missing values are told apart: JSON has none
NO_CODE = -1.0  # below all codes: a categorical node that sends none to the left is a split of numbers here


@dataclass(frozen=True)
class _Columns:
    """What stands behind the columns of scikit-learn's trees.

    Attributes:
        places: For each of its columns the place in a row of the contract.
        codes: For its categorical columns the contract's codes that it saw in fitting, by its own number.
        known: For a place of a categorical column how many codes the contract has.
    """

    places: list[int]
    codes: dict[int, NDArray[np.float64]]
    known: dict[int, int]


def forest_of(estimator: Any, known: dict[int, int]) -> Forest:
    """The trees of a fitted HistGradientBoostingClassifier for two classes.

    Args:
        estimator: The estimator.
        known: For the place of each categorical column how many codes the contract has.
    """
    columns = _columns(estimator, known)
    nodes: list[Node] = []
    leaves: list[float] = []
    roots = [_grown(trees[0], columns, nodes, leaves) for trees in estimator._predictors]
    return Forest(float(estimator._baseline_prediction.item()), tuple(roots), tuple(nodes), np.array(leaves))


def _columns(estimator: Any, known: dict[int, int]) -> _Columns:
    if not known:
        return _Columns(list(range(estimator.n_features_in_)), {}, known)
    categorical = np.flatnonzero(estimator.is_categorical_).tolist()
    others = [place for place in range(estimator.n_features_in_) if place not in categorical]
    encoder = estimator._preprocessor.named_transformers_["encoder"]
    return _Columns([*categorical, *others], dict(enumerate(encoder.categories_)), known)


def _grown(tree: Any, columns: _Columns, nodes: list[Node], leaves: list[float]) -> int:
    """Add one tree; its root's name."""
    names: dict[int, int] = {}
    inner = 0
    for at, record in enumerate(tree.nodes):
        if record["is_leaf"]:
            names[at] = -1 - len(leaves)
            leaves.append(float(record["value"]))
        else:
            names[at] = len(nodes) + inner
            inner += 1
    nodes += [_node(record, tree, columns, names) for record in tree.nodes if not record["is_leaf"]]
    return names[0]


def _node(record: Any, tree: Any, columns: _Columns, names: dict[int, int]) -> Node:
    column, missing_left = int(record["feature_idx"]), bool(record["missing_go_to_left"])
    place = columns.places[column]
    categories = NONE
    if record["is_categorical"]:
        chosen = tree.raw_left_cat_bitsets[record["bitset_idx"]]
        categories = _left_codes(columns.codes[column], chosen, columns.known[place], missing_left)
    threshold = NO_CODE if record["is_categorical"] else min(float(record["num_threshold"]), LARGEST)
    left, right = names[int(record["left"])], names[int(record["right"])]
    return Node(place, threshold, categories, missing_left, left, right)


def _left_codes(
    seen: NDArray[np.float64], chosen: NDArray[np.uint32], known: int, missing_left: bool
) -> tuple[float, ...]:
    """The contract's codes that go left; one that was not seen in fitting goes where a missing value goes."""
    numbers = {float(code): number for number, code in enumerate(seen) if not np.isnan(code)}
    left = []
    for code in map(float, range(known)):
        number = numbers.get(code)
        goes_left = missing_left if number is None else bool(chosen[number // BITS] >> (number % BITS) & 1)
        if goes_left:
            left.append(code)
    return tuple(left)
