"""Logistic regression over imputed, scaled numbers and one-hot categories."""

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from tollgate.contract import Contract
from tollgate.errors import ModelError
from tollgate.section import Section
from tollgate.training.graph import GraphBuilder
from tollgate.training.part import Part

Matrix = NDArray[np.float64]
LARGEST = 1e150  # the squares of larger numbers, of which the scale is made, are no numbers any more


class LogisticParameters(Section):
    """What can be set of the model `logistic`."""

    C: Annotated[float, Field(ge=1e-9, le=1e9, description="Inverse strength of the L2 penalty.")] = 1.0


class Logistic:
    """The model `logistic`: fitted by scikit-learn, and the same as a graph.

    Attributes:
        estimator: The scikit-learn pipeline over rows as the contract encodes them.
    """

    Parameters = LogisticParameters

    def __init__(self, contract: Contract, parameters: LogisticParameters, seed: int) -> None:
        self._names = contract.features
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
                ("fit", LogisticRegression(C=parameters.C, max_iter=2000, tol=1e-8, random_state=seed)),
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

    @staticmethod
    def draw(random: np.random.Generator) -> dict[str, Any]:
        """Parameters for one trial of a search."""
        return {"C": float(10 ** random.uniform(-4, 2))}

    def fit(self, part: Part) -> None:
        """Fit to rows and their events.

        Raises:
            ModelError: A number is too large to be scaled.
        """
        for place in self._numbers:
            largest = float(np.fmax.reduce(np.abs(part.rows[:, place]), initial=0.0))
            if largest > LARGEST:
                raise ModelError(
                    f"column {self._names[place]}: a value of {largest:.3g} in the fit part; logistic regression, with "
                    f"which every model is compared, takes up to {LARGEST:g}. Give the column `min` and `max`, or "
                    "leave it out"
                )
        self.estimator.fit(part.rows, part.events)

    def complexity(self) -> float:
        """The size of the coefficients, which the penalty keeps small."""
        return float(np.square(self._coefficients).sum())

    def cuts(self) -> dict[int, Matrix]:
        """None: the margin jumps nowhere."""
        return {}

    def facts(self) -> dict[str, Any]:
        """None."""
        return {}

    def explain(self) -> dict[str, Any]:
        """The margin as a sum over features, for `explain.json`."""
        features = {**self._lines(), **self._steps()}
        base = float(self.estimator.named_steps["fit"].intercept_[0])
        return {"kind": "additive", "base": base, "features": {name: features[name] for name in self._names}}

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
        weighted = builder.node("MatMul", encoded, builder.constant(self._coefficients[:, None]))
        regression = self.estimator.named_steps["fit"]
        return builder.node("Add", weighted, builder.constant(regression.intercept_))

    @property
    def _coefficients(self) -> Matrix:
        return np.asarray(self.estimator.named_steps["fit"].coef_[0])

    def _lines(self) -> dict[str, dict[str, Any]]:
        """The terms of numbers: a straight line, and what a missing value adds."""
        if not self._numbers:
            return {}
        impute, scale = self.estimator.named_steps["encode"].named_transformers_["numbers"]
        weights = self._coefficients[: len(self._numbers)] / scale.scale_
        absent = dict(zip(self._absent, self._coefficients[len(self._numbers) :], strict=False))
        lines = {}
        for at, place in enumerate(self._numbers):
            imputed = float(weights[at] * (impute.statistics_[at] - scale.mean_[at]))
            lines[self._names[place]] = {
                "weight": float(weights[at]),
                "centre": float(scale.mean_[at]),
                "missing": imputed + float(absent.get(place, 0.0)),
            }
        return lines

    def _steps(self) -> dict[str, dict[str, Any]]:
        """The terms of categories: one for each code, none for an unknown one."""
        first = len(self._numbers) + len(self._absent)
        steps = {}
        for place, codes in zip(self._categories, self._codes, strict=True):
            terms = self._coefficients[first : first + len(codes)].tolist()
            first += len(codes)
            missing = terms.pop() if np.isnan(codes[-1]) else 0.0
            edges = [code + 0.5 for code in range(len(terms))]
            steps[self._names[place]] = {"edges": edges, "values": [*terms, 0.0], "missing": missing}
        return steps

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
