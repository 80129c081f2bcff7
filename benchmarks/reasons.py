"""How long reasons take for one row: ours beside the shap package, in one process, on the same rows and models.

usage: python -m benchmarks.reasons [ROUNDS]

20 features, 5 of them categories and 5 with missing values; a background of 64 rows. Ours is all that an answer
needs: from a float64 row to contributions, reasons and texts. Of shap it is `shap_values` alone, by LinearExplainer
and by TreeExplainer with feature_perturbation="interventional". LinearExplainer needs rows that the scikit-learn
pipeline encoded, and gives a value for each encoded column, not for each feature; the time of encoding has a column
of its own. Rounds are interleaved; shown is the median of the rounds' means.
"""

import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import write_explain
from tollgate.contract import Column, Contract
from tollgate.reasons.reasoner import Reasoner
from tollgate.training.models import find_model
from tollgate.training.outliers import outlier_parameters
from tollgate.training.part import Part

Floats = NDArray[np.float64]
NUMBERS, CATEGORIES, CODES = 15, 5, 6
ROWS, BACKGROUND, A_ROUND = 20_000, 64, 200
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "logistic": ("logistic", {}),
    "scorecard": ("scorecard", {}),
    "gradient_boosting, 100 trees of 31 leaves": (
        "gradient_boosting",
        {"max_iter": 100, "max_leaf_nodes": 31, "learning_rate": 0.02},
    ),
    "gradient_boosting, 200 trees of 31 leaves": (
        "gradient_boosting",
        {"max_iter": 200, "max_leaf_nodes": 31, "learning_rate": 0.01},
    ),
}


def main() -> int:
    """Print a table of microseconds a row, and how long it takes to prepare."""
    warnings.simplefilter("ignore")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    contract, part = problem()
    asked = part.rows[-A_ROUND:]
    heads = ("model", "ours", "shap", "encoding for shap", "outlier flag", "to prepare, ms")
    sys.stdout.write(f"| {' | '.join(heads)} |\n| --- |{' ---: |' * (len(heads) - 1)}\n")
    for title, (name, parameters) in MODELS.items():
        kind = find_model(name)
        model = kind(contract, kind.Parameters.read(parameters), 7)
        model.fit(part)
        background = part.rows[:BACKGROUND]
        outlier = outlier_parameters(contract, part.rows[:10_000], part.rows[10_000:])
        content = write_explain(model.explain(), contract.features, background, outlier)
        start = time.perf_counter()
        reasoner = Reasoner(content, contract)
        reasoner.prepare()
        prepared = (time.perf_counter() - start) * 1e3
        encode, explain = EXPLAINERS[name](model, background)
        ways = [
            (lambda row, reasoner=reasoner: reasoner.reasons(row, reasoner.contributions(row)), asked),
            (explain, encode(asked)),
            (encode, asked),
            (reasoner.outlier, asked),
        ]
        times = " | ".join(f"{taken:.1f}" for taken in medians(ways, rounds))
        sys.stdout.write(f"| {title} | {times} | {prepared:.0f} |\n")
        sys.stdout.flush()
    return 0


def medians(ways: list[tuple[Callable[[Floats], Any], Floats]], rounds: int) -> list[float]:
    """Microseconds a row of each way, the median of interleaved rounds; the first round warms up."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds + 1):
        for (way, rows), times in zip(ways, taken, strict=True):
            start = time.perf_counter()
            for place in range(len(rows)):
                way(rows[place : place + 1])
            times.append((time.perf_counter() - start) / len(rows) * 1e6)
    return [float(np.median(times[1:])) for times in taken]


def problem() -> tuple[Contract, Part]:
    """Columns with texts for each, and rows whose outcome hangs on ten of them."""
    draw = np.random.default_rng(0)
    texts = {"high": "The value is too high", "low": "The value is too low"}
    missing = {"missing": "allowed", "reason": {**texts, "missing": "The value is not known"}}
    columns: dict[str, dict[str, Any]] = {
        f"number_{place}": {"type": "number", "reason": texts, **(missing if place < CATEGORIES else {})}
        for place in range(NUMBERS)
    }
    for place in range(CATEGORIES):
        values = [f"value {code}" for code in range(CODES)]
        columns[f"category_{place}"] = {
            "type": "category",
            "values": values,
            "reason": {"high": "The category"},
        }
    columns["outcome"] = {"role": "target", "positive": 1}
    rows = np.column_stack(
        [draw.normal(size=(ROWS, NUMBERS)), draw.integers(0, CODES, (ROWS, CATEGORIES))]
    ).astype(np.float32)
    odds = rows[:, :8] @ draw.normal(size=8) * 0.5 + rows[:, 0] * rows[:, 1] + (rows[:, NUMBERS] == 2) - 1
    rows[:, :5][draw.random((ROWS, 5)) < 0.05] = np.nan
    events = draw.random(ROWS) < 1 / (1 + np.exp(-odds))
    contract = Contract.of({name: Column.read(settings) for name, settings in columns.items()})
    return contract, Part(
        rows.astype(np.float64), events.astype(np.float64), np.arange(ROWS, dtype=np.float64)
    )


def linear(model: Any, background: Floats) -> tuple[Callable[[Floats], Any], Callable[[Floats], Any]]:
    """For a regression: how rows are encoded beforehand, and LinearExplainer on encoded rows."""
    import shap

    encode, regression = model.estimator[:-1], model.estimator[-1]
    explainer = shap.LinearExplainer(regression, encode.transform(background))
    return encode.transform, explainer.shap_values


def trees(model: Any, background: Floats) -> tuple[Callable[[Floats], Any], Callable[[Floats], Any]]:
    """For the very same trees: rows as they are, and TreeExplainer."""
    import shap

    explainer = shap.TreeExplainer(model.estimator, background, feature_perturbation="interventional")
    return lambda rows: rows, lambda row: explainer.shap_values(row, check_additivity=False)


EXPLAINERS: dict[str, Callable[[Any, Floats], tuple[Callable[[Floats], Any], Callable[[Floats], Any]]]] = {
    "logistic": linear,
    "scorecard": linear,
    "gradient_boosting": trees,
}

if __name__ == "__main__":
    sys.exit(main())
