"""Random trainings, and how far the graph of each lies from scikit-learn on rows that are hard to agree on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from tests.tollgate.training.frames import Frame, frame
from tests.tollgate.training.kinds import KINDS
from tollgate.bundle.explain import read_explain
from tollgate.bundle.scorer import Floats, Scorer
from tollgate.training.calibration import calibrate
from tollgate.training.models import Model, find_model
from tollgate.training.section import Method

MODELS: dict[str, dict[str, Any]] = {
    "logistic": {},
    "scorecard": {},
    "gradient_boosting": {"max_iter": 40, "min_samples_leaf": 5},
}
CALIBRATIONS: tuple[Method, ...] = ("none", "sigmoid", "isotonic")
FOR_ISOTONIC = 3500
FAR = (0.0, -0.0, 5e-324, -5e-324, 2.2e-308, 1e12, -1e12, 1e13, -1e13)


@dataclass(frozen=True)
class Case:
    """A problem, and what is trained on it."""

    problem: Frame
    model: str
    calibration: Method

    @property
    def parameters(self) -> dict[str, Any]:
        return MODELS[self.model]


@dataclass(frozen=True)
class Apart:
    """How far graph and scikit-learn are apart on a case.

    Attributes:
        rows: How many rows were compared.
        probability: The largest difference of probabilities.
        margin: The largest difference of margins, relative to those above 1.
        explained: The same between the explainer and the graph.
    """

    rows: int
    probability: float
    margin: float
    explained: float


def drawn(seed: int, model: str, calibration: Method) -> Case:
    """The case of a seed: one to six columns of any kind, 60 to 400 rows a part."""
    draw = np.random.default_rng(seed)
    kinds = [str(kind) for kind in draw.choice(sorted(KINDS), draw.integers(1, 7))]
    rows = int(draw.integers(60, 400))
    some = FOR_ISOTONIC if calibration == "isotonic" else None
    return Case(frame(kinds, int(draw.integers(2**32)), rows, some), model, calibration)


def compared(case: Case) -> Apart:
    """Train, fit once more by scikit-learn, and compare the two.

    Raises:
        ModelError: The training is refused.
    """
    trained = case.problem.train(model=case.model, calibration=case.calibration, parameters=case.parameters)
    probability, margin, rows = by_scikit(case)
    found = Scorer(trained.files["model.onnx"]).score(rows)
    explainer = read_explain(trained.files["explain.json"]).explainer
    assert explainer is not None
    return Apart(
        len(rows),
        _largest(found.probability - probability),
        _relative(found.margin, margin),
        _relative(explainer.margin(rows), found.margin),
    )


def by_scikit(case: Case) -> tuple[Floats, Floats, Floats]:
    """Probabilities and margins of the hard rows by scikit-learn, fitted anew, and those rows."""
    parts, kind = case.problem.parts, find_model(case.model)
    model = kind(case.problem.contract, kind.Parameters.read(case.parameters), 0)
    with threadpool_limits(limits=1):
        model.fit(parts["fit"])
        classifier = calibrate(case.calibration, model.estimator, parts["calibration"]).classifier
        rows = hard_rows(case, model)
        probability = classifier.predict_proba(rows)[:, 1]
        margin = np.asarray(model.estimator.decision_function(rows))
    tip = 1 / (2 * len(parts["calibration"].events))
    return np.clip(probability, tip, 1 - tip), margin, rows


def hard_rows(case: Case, model: Model) -> Floats:
    """Unseen rows, and such with one feature at or beside a threshold, denormal, far away, missing, of any code."""
    made = [case.problem.fresh]
    for place, values in hard_values(case, model).items():
        rows = case.problem.fresh[np.arange(len(values)) % len(case.problem.fresh)].copy()
        rows[:, place] = values
        made.append(rows)
    return np.concatenate(made)


def hard_values(case: Case, model: Model) -> dict[int, Floats]:
    """By the place of a feature the values that are hard to agree on."""
    found = {}
    for place, name in enumerate(case.problem.contract.features):
        column = case.problem.contract.columns[name]
        if column.values is not None:
            codes = np.arange(len(column.values) + (column.unknown == "other"), dtype=np.float64)
            found[place] = np.r_[codes, np.nan]
        else:
            jumps = thresholds(model, place, name)
            beside = np.nextafter(jumps, np.inf), np.nextafter(jumps, -np.inf)
            found[place] = np.r_[jumps, *beside, FAR, np.nan]
    return found


def thresholds(model: Model, place: int, name: str) -> Floats:
    """The values at which a model jumps, from what scikit-learn or the printed card says, not from `cuts`."""
    card = model.facts().get("scorecard")
    if card is not None:
        return np.array(card[name]["edges"], dtype=np.float64)
    if not hasattr(model.estimator, "_predictors"):
        return np.array([])
    categorical = model.estimator.is_categorical_
    first = np.zeros(0, int) if categorical is None else np.flatnonzero(categorical)
    order = [*first, *(at for at in range(model.estimator.n_features_in_) if at not in first)]
    nodes = np.concatenate([trees[0].nodes for trees in model.estimator._predictors])
    inner = nodes[(nodes["is_leaf"] == 0) & (nodes["is_categorical"] == 0)]
    jumps = inner["num_threshold"][np.array(order, dtype=int)[inner["feature_idx"]] == place]
    return np.unique(jumps[np.isfinite(jumps)])


def _relative(found: Floats, expected: Floats) -> float:
    return _largest((found - expected) / np.maximum(1, np.abs(expected)))


def _largest(difference: Floats) -> float:
    return float(np.nan_to_num(np.abs(difference), nan=np.inf).max())
