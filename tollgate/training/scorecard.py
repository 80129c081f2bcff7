"""A scorecard: logistic regression on weights of evidence, with points (Siddiqi 2006; Thomas 2009)."""

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from tollgate.contract import Column, Contract
from tollgate.section import Section
from tollgate.training.evidence_weights import Kind, WeightOfEvidence
from tollgate.training.graph import GraphBuilder
from tollgate.training.part import Part
from tollgate.training.points import DOUBLING, ODDS, POINTS

Floats = NDArray[np.float64]
CODES_CUT = 2  # more codes are their own places: an edge for each of hundreds would fill the memory


class ScorecardParameters(Section):
    """What can be set of the model `scorecard`."""

    bins: Annotated[int, Field(ge=2, le=50, description="Bins of a number at the most.")] = 8
    min_bin_share: Annotated[
        float, Field(gt=0, lt=0.5, description="The share of rows that a bin needs.")
    ] = 0.03
    C: Annotated[float, Field(ge=1e-9, le=1e9, description="Inverse strength of the L2 penalty.")] = 1.0


class Scorecard:
    """The model `scorecard`.

    Attributes:
        estimator: The scikit-learn pipeline over rows as the contract encodes them.
    """

    Parameters = ScorecardParameters

    def __init__(self, contract: Contract, parameters: ScorecardParameters, seed: int) -> None:
        self._names, self._columns = contract.features, contract.columns
        kinds = tuple(_kind(contract.columns[name]) for name in contract.features)
        self._woe = WeightOfEvidence(kinds, parameters.bins, parameters.min_bin_share)
        self._regression = LogisticRegression(C=parameters.C, max_iter=2000, tol=1e-8, random_state=seed)
        self.estimator: Any = Pipeline([("woe", self._woe), ("fit", self._regression)])

    @staticmethod
    def draw(random: np.random.Generator) -> dict[str, Any]:
        """Parameters for one trial of a search."""
        return {
            "bins": int(random.integers(4, 13)),
            "min_bin_share": float(random.choice([0.02, 0.03, 0.05, 0.08])),
            "C": float(10 ** random.uniform(-3, 2)),
        }

    def fit(self, part: Part) -> None:
        """Fit; a feature that would count against its own evidence is left out, the worst first."""
        self.estimator.fit(part.rows, part.events)
        while self._regression.coef_.min() < 0:
            self._woe.tables_[int(self._regression.coef_.argmin())].weight[:] = 0.0
            self._regression.fit(self._woe.transform(part.rows), part.events)

    def complexity(self) -> float:
        """The number of bins that count."""
        return float(sum(np.count_nonzero(table.weight) for table in self._woe.tables_))

    def margin(self, builder: GraphBuilder) -> str:
        """Add the fitted model to a graph; the margin has shape (rows, 1)."""
        coded = [at for at, kind in enumerate(self._woe.kinds) if kind.codes > CODES_CUT]
        cut = [at for at in range(len(self._names)) if at not in coded]
        order, shares = [*cut, *coded], self._shares()
        values = builder.take(order)
        bins = [*([self._binned(builder, cut)] if cut else []), *([builder.take(coded)] if coded else [])]
        sizes = [len(shares[at]) for at in order]
        missing = builder.constant([size - 1 for size in sizes])
        first = builder.constant(np.r_[0, np.cumsum(sizes)[:-1]])
        place = builder.node("Concat", *bins, axis=1)
        place = builder.node("Where", builder.node("IsNaN", values), missing, place)
        place = builder.whole(builder.node("Add", place, first))
        table = builder.constant(np.concatenate([shares[at] for at in order]))
        found = builder.node("Gather", table, place)
        summed = builder.node("ReduceSum", found, builder.constant([1], np.int64), keepdims=1)
        return builder.node("Add", summed, builder.constant(self._regression.intercept_))

    def cuts(self) -> dict[int, Floats]:
        """By feature the edges at which the margin jumps."""
        return {at: table.edges for at, table in enumerate(self._woe.tables_)}

    def explain(self) -> dict[str, Any]:
        """The margin as a sum over features, for `explain.json`."""
        features = {
            name: {"edges": table.edges.tolist(), "values": share[:-1].tolist(), "missing": float(share[-1])}
            for name, table, share in zip(self._names, self._woe.tables_, self._shares(), strict=True)
        }
        return {"kind": "additive", "base": float(self._regression.intercept_[0]), "features": features}

    def facts(self) -> dict[str, Any]:
        """The card: by feature and bin its upper edge or category, rows, events, weight of evidence and points.

        Points fall with the risk: at 600 the odds are 50 to 1, and 20 points double them.
        """
        factor = DOUBLING / np.log(2)
        start = POINTS - factor * np.log(ODDS) - factor * float(self._regression.intercept_[0])
        card = {}
        for name, table, share in zip(self._names, self._woe.tables_, self._shares(), strict=True):
            card[name] = {
                **_described(self._columns[name]),
                "edges": table.edges.tolist(),
                "rows": (table.events + table.others).tolist(),
                "events": table.events.tolist(),
                "weight": table.weight.tolist(),
                "points": np.round(start / len(self._names) - factor * share, 1).tolist(),
            }
        return {"scorecard": card}

    def _binned(self, builder: GraphBuilder, places: list[int]) -> str:
        """The bins of some features: how many edges their values passed, shape (rows, features)."""
        tables = [self._woe.tables_[at] for at in places]
        edges = np.full((len(tables), max(1, *(len(table.edges) for table in tables))), np.inf)
        for at, table in enumerate(tables):
            edges[at, : len(table.edges)] = table.edges
        last = builder.constant([2], np.int64)
        column = builder.node("Unsqueeze", builder.take(places), last)
        passed = builder.number(builder.node("Greater", column, builder.constant(edges)))
        return builder.node("ReduceSum", passed, last, keepdims=0)

    def _shares(self) -> list[Floats]:
        """By feature what each bin adds to the margin, the missing values last."""
        tables, coefficients = self._woe.tables_, self._regression.coef_[0]
        return [table.weight * weight for table, weight in zip(tables, coefficients, strict=True)]


def _described(column: Column) -> dict[str, Any]:
    """The type of a feature, and what its codes stand for."""
    if column.type == "boolean":
        return {"type": column.type, "names": ["false", "true"]}
    names = [str(value) for value in column.values or ()]
    others = ["any other"] if column.unknown == "other" else []
    return {"type": column.type, **({"names": [*names, *others]} if names else {})}


def _kind(column: Column) -> Kind:
    if column.values is not None:
        return Kind(codes=len(column.values) + (column.unknown == "other"))
    if column.type == "boolean":
        return Kind(codes=2)
    return Kind(direction=column.monotone)
