"""The models that can be trained: one line each."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tollgate.contract import Contract
from tollgate.training.graph import GraphBuilder
from tollgate.training.logistic import Logistic


class Model(Protocol):
    """What a model does.

    Attributes:
        estimator: The fitted scikit-learn estimator, whose `decision_function` is the margin.
    """

    estimator: Any

    def fit(self, rows: NDArray[np.float64], events: NDArray[np.float64]) -> None:
        """Fit to rows of shape (rows, features), as the contract encodes them, and their events."""

    def margin(self, builder: GraphBuilder) -> str:
        """Add the fitted model to a graph, and give the name of its margin, shape (rows, 1)."""


MODELS: dict[str, Callable[[Contract, int], Model]] = {
    "logistic": Logistic,
}
