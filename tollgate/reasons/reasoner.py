"""Reasons and outlier flags of a bundle, from its explain.json."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import UNREADABLE, Additive, Explainer, Trees, read_explain
from tollgate.contract import Contract
from tollgate.errors import BundleError
from tollgate.reasons.additive import AdditiveShapley
from tollgate.reasons.outliers import OutlierDetector
from tollgate.reasons.trees import TreeShapley
from tollgate.reasons.wording import Reason, Wording

Floats = NDArray[np.float64]


class Shapley(Protocol):
    """Contributions of features to the margin.

    Attributes:
        base: The mean margin of the background rows.
    """

    base: float

    def contributions(self, rows: Floats) -> Floats:
        """What each feature contributes to the margin of each row, shape (rows, features)."""


class Reasoner:
    """Why rows get their margin, and whether they are like those that the model was fitted on; loaded once.

    The tables of trees take a few tenths of a second, so they are worked out for the first row that needs them, or
    by `prepare`.

    Attributes:
        explains: Whether there are contributions and reasons.
        finds_outliers: Whether there is an outlier flag.
    """

    def __init__(self, content: bytes, contract: Contract) -> None:
        """Read and prepare.

        Args:
            content: The content of explain.json.
            contract: The bundle's contract.

        Raises:
            BundleError: The content is no explain.json, or of other features than the contract.
        """
        explained = read_explain(content)
        if explained.order != contract.features:
            names = ", ".join(map(str, explained.order))
            raise BundleError(f"explain.json is of other features than the contract: {names}")
        if explained.explainer is not None and not len(explained.background):
            raise BundleError("explain.json has no background rows to explain against")
        try:
            self._outliers = _detector(explained.outlier, len(contract.features))
        except UNREADABLE as error:
            raise BundleError("explain.json cannot be read") from error
        columns = [(name, contract.columns[name]) for name in contract.features]
        self._wording = Wording(columns, explained.background, _straight(explained.explainer))
        self._explained = explained
        self.explains: bool = explained.explainer is not None
        self.finds_outliers: bool = self._outliers is not None
        if not isinstance(explained.explainer, Trees):
            self.prepare()

    def prepare(self) -> None:
        """Work out now what the first row would have to wait for.

        Raises:
            BundleError: What explain.json says cannot be worked out.
        """
        _ = self.base

    @property
    def base(self) -> float:
        """The mean margin of the background rows; 0 where the model explains nothing."""
        return self._shapley.base if self.explains else 0.0

    @cached_property
    def _shapley(self) -> Shapley:
        explainer, background, _, _ = self._explained
        try:
            if isinstance(explainer, Additive):
                return AdditiveShapley(explainer, background)
            if isinstance(explainer, Trees):
                return TreeShapley(explainer, background)
        except UNREADABLE as error:
            raise BundleError("explain.json cannot be read") from error
        raise BundleError("explain.json: the model explains nothing (kind none)")

    def contributions(self, rows: Floats) -> Floats:
        """Interventional Shapley values on the raw margin against the background (Lundberg et al. 2020).

        Args:
            rows: Encoded rows, shape (rows, features).

        Returns:
            Shape (rows, features); `base` and a row's contributions add up to its margin within 1e-9.

        Raises:
            BundleError: The model explains nothing.
        """
        return self._shapley.contributions(rows)

    def reasons(self, rows: Floats, contributions: Floats) -> list[list[Reason]]:
        """For each row what counts against the applicant: the largest first, at most 4, a `reason_group` as one.

        Args:
            rows: Encoded rows, shape (rows, features).
            contributions: Their contributions.
        """
        pairs = zip(rows.tolist(), contributions.tolist(), strict=True)
        return [self._wording.reasons(row, shares) for row, shares in pairs]

    def outlier(self, rows: Floats) -> NDArray[np.bool_]:
        """Whether the values of each row do not go together, shape (rows,).

        Args:
            rows: Encoded rows, shape (rows, features).

        Raises:
            BundleError: The bundle has no outlier parameters.
        """
        if self._outliers is None:
            raise BundleError("explain.json: the bundle has no outlier parameters")
        return self._outliers.flags(rows)


def _straight(explainer: Explainer | None) -> dict[int, float]:
    """The slope of each feature whose term is a straight line, by its place."""
    features = explainer.features if isinstance(explainer, Additive) else []
    return {place: feature["weight"] for place, feature in enumerate(features) if "weight" in feature}


def _detector(written: Mapping[str, Any] | None, features: int) -> OutlierDetector | None:
    return None if written is None else OutlierDetector(written, features)
