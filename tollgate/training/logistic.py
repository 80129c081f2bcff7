"""Logistic regression over imputed, scaled numbers and one-hot categories."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tollgate.contract import Contract
from tollgate.training.graph import GraphBuilder

Matrix = NDArray[np.float64]


class Logistic:
    """The model `logistic`: fitted by scikit-learn, and the same as a graph.

    Attributes:
        estimator: The scikit-learn pipeline over rows as the contract encodes them.
    """

    def __init__(self, contract: Contract, seed: int) -> None:
        kinds = [contract.columns[name] for name in contract.features]
        self._categories = [place for place, column in enumerate(kinds) if column.type == "category"]
        self._numbers = [place for place, column in enumerate(kinds) if column.type != "category"]
        self._absent = [place for place in self._numbers if kinds[place].missing == "allowed"]
        self._codes = [
            _codes(len(kinds[p].values or ()), kinds[p].missing == "allowed") for p in self._categories
        ]
        self.estimator: Any = Pipeline(
            [
                ("encode", ColumnTransformer(self._encoders(), sparse_threshold=0)),
                ("fit", LogisticRegression(max_iter=2000, tol=1e-8, random_state=seed)),
            ]
        )

    def _encoders(self) -> list[tuple[str, Any, list[int]]]:
        scale = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
        one_hot = OneHotEncoder(categories=self._codes, handle_unknown="ignore", sparse_output=False)
        steps = [
            ("numbers", scale, self._numbers),
            ("absent", MissingIndicator(features="all"), self._absent),
            ("categories", one_hot, self._categories),
        ]
        return [step for step in steps if step[2]]

    def fit(self, rows: Matrix, events: NDArray[np.float64]) -> None:
        """Fit to rows of shape (rows, features) and their events, 1.0 or 0.0."""
        self.estimator.fit(rows, events)

    def margin(self, builder: GraphBuilder) -> str:
        """Add the fitted model to a graph; the margin has shape (rows, 1)."""
        columns = []
        if self._numbers:
            columns.append(self._scaled(builder))
        if self._absent:
            columns.append(builder.number(builder.node("IsNaN", builder.take(self._absent))))
        if self._categories:
            columns.append(self._one_hot(builder))
        encoded = builder.node("Concat", *columns, axis=1)
        regression = self.estimator.named_steps["fit"]
        weighted = builder.node("MatMul", encoded, builder.constant(regression.coef_.T))
        return builder.node("Add", weighted, builder.constant(regression.intercept_))

    def _scaled(self, builder: GraphBuilder) -> str:
        impute, scale = self.estimator.named_steps["encode"].named_transformers_["numbers"]
        numbers = builder.take(self._numbers)
        filled = builder.node(
            "Where", builder.node("IsNaN", numbers), builder.constant(impute.statistics_), numbers
        )
        centred = builder.node("Sub", filled, builder.constant(scale.mean_))
        return builder.node("Div", centred, builder.constant(scale.scale_))

    def _one_hot(self, builder: GraphBuilder) -> str:
        """For each category of each column whether the row has it; a missing value has a column of its own."""
        places = np.repeat(self._categories, [len(codes) for codes in self._codes])
        codes = np.concatenate(self._codes)
        values = builder.take(places)
        same = builder.node("Equal", values, builder.constant(codes))
        missing = builder.node(
            "And", builder.node("IsNaN", values), builder.constant(np.isnan(codes), np.bool_)
        )
        return builder.number(builder.node("Or", same, missing))


def _codes(values: int, may_miss: bool) -> Matrix:
    codes = np.arange(values, dtype=np.float64)
    return np.append(codes, np.nan) if may_miss else codes
