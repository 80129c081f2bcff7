"""A model whose margin is the first feature (0 where missing), whatever it is fitted to: a test chooses margins."""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from tollgate.bundle.scorer import Floats
from tollgate.contract import Contract
from tollgate.section import Section
from tollgate.training.graph import GraphBuilder
from tollgate.training.part import Part


class FirstFeature(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A classifier with the first feature as its decision function."""

    def fit(self, rows: Floats, events: Floats) -> "FirstFeature":
        self.classes_ = np.unique(events)
        return self

    def decision_function(self, rows: Floats) -> Floats:
        return np.where(np.isnan(rows[:, 0]), 0.0, rows[:, 0])

    def predict(self, rows: Floats) -> Floats:
        return np.asarray(self.classes_[(self.decision_function(rows) > 0).astype(int)])

    def predict_proba(self, rows: Floats) -> Floats:
        events = np.exp(-np.logaddexp(0, -self.decision_function(rows)))
        return np.stack([1 - events, events], axis=1)


class RawParameters(Section):
    """Parameters that mean nothing, but for how complex the model says it is."""

    complexity: float = 1.0


class Raw:
    """The model."""

    Parameters = RawParameters

    def __init__(self, contract: Contract, parameters: RawParameters, seed: int) -> None:
        self.parameters, self.seed = parameters, seed
        self.estimator: Any = FirstFeature()

    @staticmethod
    def draw(random: np.random.Generator) -> dict[str, Any]:
        return {"complexity": float(random.integers(2, 100))}

    def fit(self, part: Part) -> None:
        self.estimator.fit(part.rows, part.events)

    def complexity(self) -> float:
        return self.parameters.complexity

    def margin(self, builder: GraphBuilder) -> str:
        first = builder.take([0])
        return builder.node("Where", builder.node("IsNaN", first), builder.constant(0.0), first)

    def cuts(self) -> dict[int, Floats]:
        return {}

    def explain(self) -> dict[str, Any]:
        return {"kind": "none"}

    def facts(self) -> dict[str, Any]:
        return {}
