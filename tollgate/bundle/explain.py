"""explain.json: the margin as an explainer takes it apart, and the background that reasons are measured against."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.scorer import Scorer
from tollgate.canonical import canonical_json
from tollgate.errors import BundleError

FORMAT_VERSION: Literal[1] = 1
TOLERANCE = 1e-9
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)
Floats = NDArray[np.float64]


class Explainer(Protocol):
    """What each kind of explainer can do."""

    def margin(self, rows: Floats) -> Floats:
        """The margin of encoded rows, shape (rows,)."""


class Additive:
    """A margin that is a base and one term a feature: what logistic regression and a scorecard are."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self._base = float(written["base"])
        self._features = list(written["features"].values())

    def terms(self, rows: Floats) -> Floats:
        """What each feature adds to the margin, shape (rows, features)."""
        columns = [_term(feature, rows[:, place]) for place, feature in enumerate(self._features)]
        return np.stack(columns, axis=1)

    def margin(self, rows: Floats) -> Floats:
        """See `Explainer`."""
        return np.asarray(self._base + self.terms(rows).sum(axis=1))


class Trees:
    """Trees whose leaves add up to the margin."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self._base = float(written["base"])
        self._roots = [int(root) for root in written["roots"]]
        self._leaves = np.array(written["leaves"], dtype=np.float64)
        self._feature = np.array(written["feature"], dtype=np.int64)
        self._threshold = np.array(written["threshold"], dtype=np.float64)
        self._missing_left = np.array(written["missing_left"], dtype=bool)
        self._sides = np.array([written["right"], written["left"]], dtype=np.int64).T.reshape(-1, 2)
        self._categories = {at: np.array(codes) for at, codes in enumerate(written["categories"]) if codes}

    def margin(self, rows: Floats) -> Floats:
        """See `Explainer`."""
        found = np.full(len(rows), self._base)
        for root in self._roots:
            self._walk(root, rows, np.arange(len(rows)), found)
        return found

    def _walk(self, node: int, rows: Floats, here: NDArray[np.intp], found: Floats) -> None:
        if node < 0:
            found[here] += self._leaves[-1 - node]
        elif len(here):
            left = self._left(node, rows[here, self._feature[node]])
            right_child, left_child = self._sides[node]
            self._walk(int(left_child), rows, here[left], found)
            self._walk(int(right_child), rows, here[~left], found)

    def _left(self, node: int, values: Floats) -> NDArray[np.bool_]:
        codes = self._categories.get(node)
        goes = values <= self._threshold[node] if codes is None else np.isin(values, codes)
        return np.where(np.isnan(values), self._missing_left[node], goes)


def write_explain(explained: Mapping[str, Any], features: tuple[str, ...], background: Floats) -> bytes:
    """The content of explain.json.

    Args:
        explained: What the model says of itself: `kind` and what that kind needs.
        features: The names of the features, in the order of a row.
        background: Rows just on the approved side of the threshold, shape (rows, features).
    """
    rows = [[None if np.isnan(value) else value for value in row] for row in background.tolist()]
    return canonical_json(
        {"version": FORMAT_VERSION, **explained, "order": list(features), "background": rows}
    )


def read_explain(content: bytes) -> tuple[Explainer | None, Floats]:
    """The explainer, None where there is none for the model, and the background rows.

    Raises:
        BundleError: The content is no explain.json of this format.
    """
    try:
        written = json.loads(content)
        if written["version"] != FORMAT_VERSION:
            raise BundleError(
                f"explain.json: format version {written['version']}; this reads {FORMAT_VERSION}"
            )
        rows = [[np.nan if value is None else value for value in row] for row in written["background"]]
        background = np.array(rows, dtype=np.float64).reshape(len(rows), len(written["order"]))
        kind = written["kind"]
        if kind == "additive":
            written["features"] = {name: written["features"][name] for name in written["order"]}
        return (KINDS[kind](written) if kind != "none" else None), background
    except _UNREADABLE as error:
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
    explainer, background = read_explain(content)
    order = json.loads(content)["order"]
    if order != list(features):
        raise BundleError(
            f"explain.json is of other features than the contract: {', '.join(map(str, order))}"
        )
    if explainer is None:
        return
    every_row = np.concatenate([background, rows])
    margin = scorer.score(every_row).margin
    try:
        apart = np.abs(explainer.margin(every_row) - margin) / np.maximum(1, np.abs(margin))
    except _UNREADABLE as error:
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
