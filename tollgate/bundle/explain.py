"""explain.json: the margin as an explainer takes it apart, and the background that reasons are measured against."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.scorer import Scorer
from tollgate.canonical import canonical_json
from tollgate.errors import BundleError

FORMAT_VERSION: Literal[2] = 2
READ_VERSIONS = (1, 2)
TOLERANCE = 1e-9
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
Floats = NDArray[np.float64]


class Explainer(Protocol):
    """What each kind of explainer can do."""

    def margin(self, rows: Floats) -> Floats:
        """The margin of encoded rows, shape (rows,)."""


class Additive:
    """A margin that is a base and one term a feature: what logistic regression and a scorecard are.

    Attributes:
        base: What is added to the terms.
        features: For each feature in order the parameters of its term.
    """

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.base = float(written["base"])
        self.features: list[Mapping[str, Any]] = list(written["features"].values())

    def terms(self, rows: Floats) -> Floats:
        """What each feature adds to the margin, shape (rows, features)."""
        columns = [_term(feature, rows[:, place]) for place, feature in enumerate(self.features)]
        return np.stack(columns, axis=1)

    def margin(self, rows: Floats) -> Floats:
        """See `Explainer`."""
        return np.asarray(self.base + self.terms(rows).sum(axis=1))


class Trees:
    """Trees whose leaves add up to the margin.

    Attributes:
        base: What is added to the leaves.
        roots: For each tree its root; a child below 0 is leaf -1 - child.
        leaves: The values of the leaves, shape (leaves,).
        feature: For each inner node the place of its feature, shape (nodes,).
        threshold: Up to which value a row goes left, shape (nodes,).
        missing_left: Whether a missing value goes left, shape (nodes,).
        sides: The right child and the left one, shape (nodes, 2).
        categories: The codes that go left, by those nodes that ask for codes.
    """

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.base = float(written["base"])
        self.roots = [int(root) for root in written["roots"]]
        self.leaves = np.array(written["leaves"], dtype=np.float64)
        self.feature = np.array(written["feature"], dtype=np.int64)
        self.threshold = np.array(written["threshold"], dtype=np.float64)
        self.missing_left = np.array(written["missing_left"], dtype=bool)
        self.sides = np.array([written["right"], written["left"]], dtype=np.int64).T.reshape(-1, 2)
        self.categories = {at: np.array(codes) for at, codes in enumerate(written["categories"]) if codes}

    def margin(self, rows: Floats) -> Floats:
        """See `Explainer`."""
        found = np.full(len(rows), self.base)
        for root in self.roots:
            self._walk(root, rows, np.arange(len(rows)), found)
        return found

    def _walk(self, node: int, rows: Floats, here: NDArray[np.intp], found: Floats) -> None:
        if node < 0:
            found[here] += self.leaves[-1 - node]
        elif len(here):
            left = self._left(node, rows[here, self.feature[node]])
            right_child, left_child = self.sides[node]
            self._walk(int(left_child), rows, here[left], found)
            self._walk(int(right_child), rows, here[~left], found)

    def _left(self, node: int, values: Floats) -> NDArray[np.bool_]:
        codes = self.categories.get(node)
        goes = values <= self.threshold[node] if codes is None else np.isin(values, codes)
        return np.where(np.isnan(values), self.missing_left[node], goes)


class Explained(NamedTuple):
    """What explain.json says.

    Attributes:
        explainer: The margin taken apart; None where the model explains nothing.
        background: Rows just on the approved side of the threshold, shape (rows, features).
        order: The names of the features.
        outlier: The parameters of an `OutlierDetector`, None where there are none.
    """

    explainer: Explainer | None
    background: Floats
    order: tuple[str, ...]
    outlier: Mapping[str, Any] | None


def write_explain(
    explained: Mapping[str, Any],
    features: tuple[str, ...],
    background: Floats,
    outlier: Mapping[str, Any] | None = None,
) -> bytes:
    """The content of explain.json.

    Args:
        explained: What the model says of itself: `kind` and what that kind needs.
        features: The names of the features, in the order of a row.
        background: Rows just on the approved side of the threshold, shape (rows, features).
        outlier: The parameters of an `OutlierDetector`, if there are any.
    """
    rows = [[None if np.isnan(value) else value for value in row] for row in background.tolist()]
    written = {"version": FORMAT_VERSION, **explained, "order": list(features), "background": rows}
    return canonical_json({**written, "outlier": outlier})


def read_explain(content: bytes) -> Explained:
    """Read explain.json, also of format version 1, which had no outlier parameters.

    Raises:
        BundleError: The content is no explain.json of these formats.
    """
    try:
        written = json.loads(content)
        version = written["version"]
        if version not in READ_VERSIONS:
            raise BundleError(f"explain.json: format version {version}; this reads 1 and 2")
        rows = [[np.nan if value is None else value for value in row] for row in written["background"]]
        background = np.array(rows, dtype=np.float64).reshape(len(rows), len(written["order"]))
        kind = written["kind"]
        if kind == "additive":
            written["features"] = {name: written["features"][name] for name in written["order"]}
        explainer = KINDS[kind](written) if kind != "none" else None
        outlier = written["outlier"] if version > 1 else None
        return Explained(explainer, background, tuple(written["order"]), outlier)
    except UNREADABLE as error:
        raise BundleError("explain.json cannot be read") from error


def prove_explained(content: bytes, features: tuple[str, ...], rows: Floats, scorer: Scorer) -> None:
    """Hold explain.json against the contract and the graph: what explains a margin must be that margin.

    Args:
        content: The content of explain.json.
        features: The contract's features in order.
        rows: Encoded rows to compare on, besides the background; shape (rows, features).
        scorer: The bundle's graph.

    Raises:
        BundleError: It is of other features, or differs from the margin by more than 1e-9.
    """
    explainer, background, order, _ = read_explain(content)
    if order != features:
        raise BundleError(
            f"explain.json is of other features than the contract: {', '.join(map(str, order))}"
        )
    if explainer is None:
        return
    every_row = np.concatenate([background, rows])
    margin = scorer.score(every_row).margin
    try:
        apart = np.abs(explainer.margin(every_row) - margin) / np.maximum(1, np.abs(margin))
    except UNREADABLE as error:
        raise BundleError("explain.json cannot be read") from error
    if not np.all(apart <= TOLERANCE):
        raise BundleError(
            f"explain.json: what the model says for explanations differs from its margin by up to {apart.max():.3g}; "
            f"allowed is {TOLERANCE:g}"
        )


KINDS: dict[str, Callable[[Mapping[str, Any]], Explainer]] = {"additive": Additive, "trees": Trees}


def _term(feature: Mapping[str, Any], values: Floats) -> Floats:
    """One feature's term: a straight line, or a step for each bin; a missing value has a term of its own."""
    if "edges" in feature:
        steps = np.array(feature["values"], dtype=np.float64)
        present = steps[
            np.searchsorted(np.array(feature["edges"]), values, side="left").clip(max=len(steps) - 1)
        ]
    else:
        present = feature["weight"] * (values - feature["centre"])
    return np.asarray(np.where(np.isnan(values), feature["missing"], present))
