"""Shapley values of an additive margin, in closed form.

Where each feature adds a term of its own, its interventional Shapley value is that term less its mean over the
background (Lundberg and Lee 2017, corollary 1, which needs no independence here: nothing interacts).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import Additive

Floats = NDArray[np.float64]
CODES = 0.5  # a category's term has its edges half-way between codes


class AdditiveShapley:
    """Contributions to an additive margin: straight lines, steps at codes and steps at edges, each in one go.

    Attributes:
        base: The mean margin of the background rows.
    """

    def __init__(self, explainer: Additive, background: Floats) -> None:
        terms = explainer.terms(background)
        means = terms.mean(axis=0)
        self.base = float(explainer.base + means.sum())
        lines = [feature.get("weight", 0.0) for feature in explainer.features]
        self._weight = np.array(lines, dtype=np.float64)
        self._centre = np.array(
            [feature.get("centre", 0.0) for feature in explainer.features], dtype=np.float64
        )
        self._missing = np.array([feature["missing"] for feature in explainer.features]) - means
        self._means = means
        stepped = [place for place, feature in enumerate(explainer.features) if "edges" in feature]
        coded = [place for place in stepped if _at_codes(explainer.features[place]["edges"])]
        self._coded = _Steps(explainer.features, coded)
        self._cut = _Steps(explainer.features, [place for place in stepped if place not in coded])

    def contributions(self, rows: Floats) -> Floats:
        """What each feature contributes to the margin of each row, shape (rows, features)."""
        found = (rows - self._centre) * self._weight
        absent = found != found
        anywhere = absent.any()
        for steps, places in ((self._coded, _by_code), (self._cut, _by_edge)):
            if len(steps.features):
                values = rows[:, steps.features]
                if anywhere:
                    values = np.nan_to_num(values)
                found[:, steps.features] = steps.values[places(values, steps)]
        found -= self._means
        return np.where(absent, self._missing, found) if anywhere else found


class _Steps:
    """Features whose term is a step function: their edges side by side, their values end to end."""

    def __init__(self, features: list[Mapping[str, Any]], places: list[int]) -> None:
        self.features = np.array(places, dtype=np.intp)
        sizes = np.array([len(features[place]["values"]) for place in places], dtype=np.int64)
        self.first = np.cumsum(sizes) - sizes
        self.last = (sizes - 1).astype(np.float64)
        self.values = np.array(
            [value for place in places for value in features[place]["values"]], dtype=np.float64
        )
        self.edges = np.full((len(places), int(sizes.max(initial=1))), np.inf)
        for at, place in enumerate(places):
            edges = features[place]["edges"][: int(self.last[at])]
            self.edges[at, : len(edges)] = edges


def _by_code(values: Floats, steps: _Steps) -> NDArray[np.int64]:
    """The place of each value where the edges lie half-way between codes."""
    code = np.minimum(np.maximum(np.ceil(values - CODES), 0.0), steps.last)
    return np.asarray(code.astype(np.int64) + steps.first)


def _by_edge(values: Floats, steps: _Steps) -> NDArray[np.int64]:
    """The place of each value among edges; an edge belongs to the bin below it."""
    return np.asarray((values[:, :, None] > steps.edges).sum(axis=2) + steps.first)


def _at_codes(edges: list[float]) -> bool:
    return all(edge == code + CODES for code, edge in enumerate(edges))
