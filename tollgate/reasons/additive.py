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
WIDE = 32  # edges from which on a code is looked up rather than compared


class AdditiveShapley:
    """Contributions to an additive margin: straight lines, steps at edges and steps at codes, each in one go.

    Attributes:
        base: The mean margin of the background rows.
    """

    def __init__(self, explainer: Additive, background: Floats) -> None:
        features = explainer.features
        self._means = explainer.terms(background).mean(axis=0)
        self.base = float(explainer.base + self._means.sum())
        self._missing = np.array([feature["missing"] for feature in features], dtype=np.float64) - self._means
        self._weight, self._centre = (
            np.array([feature.get(name, 0.0) for feature in features], dtype=np.float64)
            for name in ("weight", "centre")
        )
        stepped = [place for place, feature in enumerate(features) if "edges" in feature]
        coded = [place for place in stepped if _at_many_codes(features[place]["edges"])]
        cut = [place for place in stepped if place not in coded]
        self._steps: list[_CutSteps | _CodedSteps] = []
        if cut:
            self._steps.append(_CutSteps(features, cut))
        if coded:
            self._steps.append(_CodedSteps(features, coded))

    def contributions(self, rows: Floats) -> Floats:
        """What each feature contributes to the margin of each row, shape (rows, features)."""
        found = (rows - self._centre) * self._weight
        for steps in self._steps:
            found[:, steps.features] = steps.values.take(steps.places(rows[:, steps.features]))
        found -= self._means
        np.copyto(found, self._missing, where=np.isnan(rows))
        return np.asarray(found)


class _Steps:
    """Features whose term is a step function, their values end to end."""

    def __init__(self, features: list[Mapping[str, Any]], places: list[int]) -> None:
        sizes = np.array([len(features[place]["values"]) for place in places], dtype=np.int64)
        of_all = len(places) == len(features)
        self.features = slice(None) if of_all else np.array(places, dtype=np.intp)
        self.first = np.cumsum(sizes) - sizes
        self.last = (sizes - 1).astype(np.float64)
        self.values = np.concatenate(
            [np.array(features[place]["values"], dtype=np.float64) for place in places]
        )


class _CutSteps(_Steps):
    """Steps at edges, compared with all of them; an edge belongs to the bin below it."""

    def __init__(self, features: list[Mapping[str, Any]], places: list[int]) -> None:
        super().__init__(features, places)
        self._edges = np.full((len(places), int(self.last.max(initial=0.0)) or 1), np.inf)
        for at, place in enumerate(places):
            edges = features[place]["edges"][: int(self.last[at])]
            self._edges[at, : len(edges)] = edges

    def places(self, values: Floats) -> NDArray[np.int64]:
        """Where in `values` the step of each value is, anywhere for a missing one; shape (rows, features)."""
        return np.asarray(
            np.add.reduce(values[:, :, None] > self._edges, axis=2, dtype=np.int64) + self.first
        )


class _CodedSteps(_Steps):
    """Steps half-way between many codes."""

    def places(self, values: Floats) -> NDArray[np.int64]:
        """See `_CutSteps`."""
        code = np.minimum(np.fmax(np.ceil(values - CODES), 0.0), self.last)
        return np.asarray(code.astype(np.int64) + self.first)


def _at_many_codes(edges: list[float]) -> bool:
    return len(edges) > WIDE and all(edge == code + CODES for code, edge in enumerate(edges))
