"""Gradient boosting over histograms (Friedman 2001; Ke et al. 2017), as scikit-learn fits it."""

import math
from typing import Annotated, Any

import joblib
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_info, threadpool_limits

from tollgate.contract import Contract
from tollgate.errors import ModelError
from tollgate.section import Section
from tollgate.training.boosted import forest_of
from tollgate.training.forest import Forest
from tollgate.training.graph import GraphBuilder
from tollgate.training.part import Part

Floats = NDArray[np.float64]
MOST_CODES = 255
FEWEST_OF_A_CLASS = 20
LEAST_LEARNT = 2
ROWS_A_THREAD = 20_000
FEW_X = 0
DIRECTIONS = {"increasing": 1, "decreasing": -1, None: 0}


class GradientBoostingParameters(Section):
    """What can be set of the model `gradient_boosting`, by scikit-learn's names."""

    learning_rate: Annotated[float, Field(gt=0, le=1, description="How much each tree counts.")] = 0.05
    max_iter: Annotated[int, Field(ge=1, le=5000, description="Trees at the most.")] = 500
    max_leaf_nodes: Annotated[int, Field(ge=2, le=255, description="Leaves of a tree at the most.")] = 15
    min_samples_leaf: Annotated[int, Field(ge=1, le=1_000_000, description="The fewest rows in a leaf.")] = 20
    l2_regularization: Annotated[float, Field(ge=0, description="The L2 penalty on leaves.")] = 1.0
    n_iter_no_change: Annotated[
        int, Field(ge=1, le=5000, description="Trees without gain before it stops.")
    ] = 20
    validation_fraction: Annotated[
        float, Field(gt=0, lt=0.5, description="The latest share of the fit part that tells when to stop.")
    ] = 0.2


class GradientBoosting:
    """The model `gradient_boosting`: native categories and missing values, monotone where the contract says so.

    Attributes:
        estimator: The scikit-learn estimator over rows as the contract encodes them.
    """

    Parameters = GradientBoostingParameters

    def __init__(self, contract: Contract, parameters: GradientBoostingParameters, seed: int) -> None:
        columns = [(name, contract.columns[name]) for name in contract.features]
        self._codes = {
            place: len(column.values) + (column.unknown == "other")
            for place, (_, column) in enumerate(columns)
            if column.values is not None
        }
        for place, codes in self._codes.items():
            if codes > MOST_CODES:
                raise ModelError(
                    f"column {columns[place][0]}: {codes} categories; gradient_boosting takes at most {MOST_CODES}. "
                    "Leave the rare ones out of `values` and set `unknown: other`, or use another model"
                )
        self._parameters = parameters
        self._settings: dict[str, Any] = {
            "learning_rate": parameters.learning_rate,
            "max_leaf_nodes": parameters.max_leaf_nodes,
            "min_samples_leaf": parameters.min_samples_leaf,
            "l2_regularization": parameters.l2_regularization,
            "monotonic_cst": [DIRECTIONS[column.monotone] for _, column in columns],
            "categorical_features": list(self._codes) or None,
            "random_state": seed,
        }
        self._trees = 0  # as many as are to be fitted; 0: as many as the latest rows gain from
        self.estimator: Any = None

    def again(self, contract: Contract) -> "GradientBoosting":
        """The same for other columns, not fitted yet, with as many trees as this one has."""
        other = GradientBoosting(contract, self._parameters, self._settings["random_state"])
        other._trees = int(self.estimator.n_iter_)
        return other

    @staticmethod
    def draw(random: np.random.Generator) -> dict[str, Any]:
        """Parameters for one trial of a search."""
        return {
            "learning_rate": float(10 ** random.uniform(-1.7, -0.7)),
            "max_leaf_nodes": int(random.choice([4, 8, 15, 31])),
            "min_samples_leaf": int(random.choice([10, 20, 50, 100])),
            "l2_regularization": float(10 ** random.uniform(-2, 2)),
        }

    def fit(self, part: Part) -> None:
        """Find the number of trees on the latest rows, then fit that many to all rows."""
        with threadpool_limits(limits=_threads(len(part.rows)), user_api="openmp"):
            trees = self._trees or self._stopped(part)
            fitted = HistGradientBoostingClassifier(**self._settings, max_iter=trees, early_stopping=False)
            self.estimator = fitted.fit(_binnable(part.rows), part.events)

    def complexity(self) -> float:
        """The number of leaves."""
        return float(len(self._forest().leaves))

    def margin(self, builder: GraphBuilder) -> str:
        """Add the fitted model to a graph; the margin has shape (rows, 1)."""
        return self._forest().margin(builder)

    def cuts(self) -> dict[int, Floats]:
        """By feature the thresholds at which the margin may jump."""
        return {place: cuts for place, cuts in self._forest().cuts().items() if place not in self._codes}

    def explain(self) -> dict[str, Any]:
        """The trees, for `explain.json`."""
        return {"kind": "trees", **self._forest().as_json()}

    def facts(self) -> dict[str, Any]:
        """How many trees it has."""
        return {"trees": int(self.estimator.n_iter_)}

    def _forest(self) -> Forest:
        return forest_of(self.estimator, self._codes)

    def _stopped(self, part: Part) -> int:
        """After how many trees the latest rows gain nothing more.

        The latest rows are weighted to the event rate of the earlier ones: when to stop is a question of ranking, and
        a shift of the base rate, which calibration takes care of, would answer it after the first tree. And there are
        2 / learning_rate trees at the least: fewer have not learnt what the earlier rows say (to 1 - e^-2 of it), and
        where they do not help with the latest rows, these cannot tell when to stop.
        """
        late = part.later(self._parameters.validation_fraction)
        early, latest = part.only(~late), part.only(late)
        if min(_fewest(early), _fewest(latest)) < FEWEST_OF_A_CLASS:
            return min(self._parameters.max_iter, 100)
        stopping = HistGradientBoostingClassifier(
            **self._settings,
            max_iter=self._parameters.max_iter,
            early_stopping=True,
            n_iter_no_change=self._parameters.n_iter_no_change,
        )
        rate, latest_rate = early.events.mean(), latest.events.mean()
        stopping.fit(
            _binnable(early.rows),
            early.events,
            X_val=latest.rows,
            y_val=latest.events,
            sample_weight_val=np.where(
                latest.events == 1, rate / latest_rate, (1 - rate) / (1 - latest_rate)
            ),
        )
        scores = stopping.validation_score_[1:]
        least = min(self._parameters.max_iter, math.ceil(LEAST_LEARNT / self._parameters.learning_rate))
        return max(least, int(np.argmax(scores)) + 1)


def _binnable(rows: Floats) -> Floats:
    """Rows with 0 in columns that are missing throughout, which scikit-learn 1.9 cannot bin; no tree asks for them."""
    absent = np.isnan(rows).all(axis=0)
    return np.where(absent, 0.0, rows) if absent.any() else rows


def _threads(rows: int) -> int:
    """As many as the rows keep busy, and never more than are allowed; the model is the same with any number."""
    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp"]
    allowed = min([joblib.cpu_count(), *pools])
    return int(max(1, min(allowed, rows // ROWS_A_THREAD)))


def _fewest(part: Part) -> float:
    return float(min(part.events.sum(), len(part.events) - part.events.sum()))
