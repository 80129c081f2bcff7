"""The plain script that `tollgate run` is measured against: what a data scientist writes for the same figures.

usage: python -m benchmarks.plain FILE MODEL

Reads, splits in four, fits the model and the logistic yardstick, calibrates, finds the threshold, and bootstraps
the metrics.
"""

import json
import sys
from typing import Any

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

BOOTSTRAPS, APPROVED = 1000, 0.7
TEXTS = ["purpose", "region"]
LEFT_OUT = ["loan_id", "issued", "note", "default"]


def main() -> int:
    """Print the metrics of both models with their intervals as JSON."""
    path, kind = sys.argv[1:]
    loans = pd.read_csv(path)
    draw = np.random.default_rng(7).random(len(loans))
    parts = [
        loans[(draw >= low) & (draw < high)] for low, high in ((0, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1))
    ]
    found = {}
    for name in (kind, "logistic"):
        found[name] = intervals(*scored(name, *parts))
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


def scored(kind: str, fit: Any, calibration: Any, threshold: Any, holdout: Any) -> tuple[Any, Any, Any]:
    """Outcomes, probabilities and decisions of the holdout's rows."""
    model = MODELS[kind]().fit(*sides(fit))
    calibrated = CalibratedClassifierCV(FrozenEstimator(model), method="sigmoid", cv=2).fit(
        *sides(calibration)
    )
    cut = np.quantile(calibrated.predict_proba(sides(threshold)[0])[:, 1], APPROVED)
    rows, outcomes = sides(holdout)
    probability = calibrated.predict_proba(rows)[:, 1]
    return outcomes.to_numpy(), probability, probability >= cut


def intervals(outcome: Any, probability: Any, declined: Any) -> dict[str, list[float]]:
    """Each metric with its 95 % bootstrap interval."""
    random = np.random.default_rng(7)
    draws: dict[str, list[float]] = {name: [] for name in METRICS}
    for _ in range(BOOTSTRAPS):
        rows = random.integers(0, len(outcome), len(outcome))
        for name, metric in METRICS.items():
            draws[name].append(metric(outcome[rows], probability[rows], declined[rows]))
    return {
        name: [metric(outcome, probability, declined), *np.percentile(draws[name], [2.5, 97.5])]
        for name, metric in METRICS.items()
    }


def sides(part: Any) -> tuple[Any, Any]:
    """Features and outcomes."""
    return part.drop(columns=LEFT_OUT), part["default"]


def logistic() -> Any:
    """Imputation, scaling and one-hot encoding before a logistic regression."""
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    encode = ColumnTransformer([("texts", OneHotEncoder(handle_unknown="ignore"), TEXTS)], remainder=numbers)
    return make_pipeline(encode, LogisticRegression(max_iter=1000))


def gradient_boosting() -> Any:
    """Native categories and missing values, stopped early."""
    encode = ColumnTransformer([("texts", OrdinalEncoder(), TEXTS)], remainder="passthrough")
    trees = HistGradientBoostingClassifier(
        categorical_features=[0, 1], max_iter=500, early_stopping=True, random_state=7
    )
    return make_pipeline(encode, trees)


def ks(outcome: Any, probability: Any, _: Any) -> float:
    """The distance of Kolmogorov and Smirnov between events and others."""
    false, true, _ = roc_curve(outcome, probability)
    return float((true - false).max())


MODELS = {"logistic": logistic, "gradient_boosting": gradient_boosting}
METRICS: dict[str, Any] = {
    "roc_auc": lambda outcome, probability, _: roc_auc_score(outcome, probability),
    "pr_auc": lambda outcome, probability, _: average_precision_score(outcome, probability),
    "ks": ks,
    "brier": lambda outcome, probability, _: brier_score_loss(outcome, probability),
    "log_loss": lambda outcome, probability, _: log_loss(outcome, probability),
    "precision": lambda outcome, _, declined: precision_score(outcome, declined),
    "recall": lambda outcome, _, declined: recall_score(outcome, declined),
}

if __name__ == "__main__":
    sys.exit(main())
