"""Ours beside plain scikit-learn on real data: the same columns, folds and fit rows, protected columns out of both.

usage: python benchmarks/real_data.py DATA

DATA is a folder with one folder a data set, as the pages under examples/ describe them. Prints a Markdown table.
"""

import argparse
import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from pipelines.config import Workflow, load_workflow
from tollgate.bundle.scorer import Scorer
from tollgate.contract.table import encode_table
from tollgate.data.ingest import PART, ingest
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import train

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
FOLDS = 5
TOLERATED, TOLERATED_BEST = 0.005, 0.01
MODELS = ("logistic", "scorecard", "gradient_boosting")


@dataclass(frozen=True)
class Case:
    """A data set: its example, and how often its five folds are drawn; 0 for one split in the order of rows."""

    name: str
    repeats: int


CASES = (Case("german", 5), Case("uci_credit_approval", 5), Case("taiwan", 1), Case("bank_marketing", 0))


def main() -> int:
    """Measure each data set; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="the folder with the data sets")
    data: Path = parser.parse_args().data
    columns = "data", "model", "ours", "plain, same fit rows", "plain, all training rows", "ours - plain"
    sys.stdout.write(f"| {' | '.join(columns)} |\n| {' | '.join('---' for _ in columns)} |\n")
    met = [measured(case, data) for case in CASES]
    return int(not all(met))


def measured(case: Case, data: Path) -> bool:
    """Print the lines of a data set, mean ROC AUC over its folds; whether its targets are met."""
    workflow = load_workflow(EXAMPLES / case.name / "workflow.yaml")
    table, events = read(workflow, data / case.name / workflow.data.source)
    rows = encode_table(table, workflow.data.contract)
    found = np.array([one_fold(workflow, rows, events, *fold) for fold in folds(case, rows, events)]).mean(
        axis=0
    )
    for model, (ours, same, everything) in zip(MODELS, found, strict=True):
        line = case.name, model, f"{ours:.4f}", f"{same:.4f}", f"{everything:.4f}", f"{ours - same:+.4f}"
        sys.stdout.write(f"| {' | '.join(line)} |\n")
    best, plain_best, all_best = found.max(axis=0)
    line = (
        case.name,
        "the best",
        f"{best:.4f}",
        f"{plain_best:.4f}",
        f"{all_best:.4f}",
        f"{best - plain_best:+.4f}",
    )
    sys.stdout.write(f"| {' | '.join(line)} |\n")
    sys.stdout.flush()
    return bool((found[:, 0] >= found[:, 1] - TOLERATED).all() and best >= plain_best - TOLERATED_BEST)


def folds(case: Case, rows: Floats, events: Floats) -> Iterator[tuple[dict[str, Places], Places]]:
    """The places of the rows of each part, and those of the test fold."""
    if not case.repeats:
        cuts = (np.array([0.6, 0.7, 0.8]) * len(rows)).astype(int)
        fit, calibration, threshold, test = np.split(np.arange(len(rows)), cuts)
        yield {"fit": fit, "calibration": calibration, "threshold": threshold}, test
        return
    drawn = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=case.repeats, random_state=0)
    for training, test in drawn.split(rows, events):
        shuffled = np.random.default_rng(0).permutation(training)
        cuts = (np.array([0.7, 0.85]) * len(shuffled)).astype(int)
        yield dict(zip(("fit", "calibration", "threshold"), np.split(shuffled, cuts), strict=True)), test


def read(workflow: Workflow, source: Path) -> tuple[pa.Table, Floats]:
    """The rows in the contract's types, and their events."""
    with tempfile.TemporaryDirectory() as folder:
        ingest(workflow.data, str(source), dt.datetime.now(dt.UTC).date(), Path(folder))
        table = pyarrow.parquet.read_table(Path(folder) / PART)
    contract = workflow.data.contract
    positive = str(contract.columns[contract.target].positive)
    return table, np.array(
        [value == positive for value in table.column(contract.target).to_pylist()], dtype=float
    )


def one_fold(
    workflow: Workflow, rows: Floats, events: Floats, places: dict[str, Places], test: Places
) -> list[tuple[float, float, float]]:
    """By model the ROC AUC on the test fold: ours, plain on the same fit rows, plain on all training rows."""
    contract = workflow.data.contract
    parts = {name: Part(rows[part], events[part], part.astype(np.float64)) for name, part in places.items()}
    everything = np.concatenate(list(places.values()))
    found = []
    for model in MODELS:
        settings = {"model": model, "calibration": "none", "seed": 7, "decision": {"threshold": 0.5}}
        trained = train(contract, TrainSection.read(settings), parts, rows[test])
        ours = Scorer(trained.files["model.onnx"]).score(rows[test]).margin
        plain = [
            plain_model(workflow, model).fit(rows[fit], events[fit]).predict_proba(rows[test])[:, 1]
            for fit in (places["fit"], everything)
        ]
        same, all_rows = (float(roc_auc_score(events[test], scores)) for scores in plain)
        found.append((float(roc_auc_score(events[test], ours)), same, all_rows))
    return found


def plain_model(workflow: Workflow, model: str) -> Any:
    """What one would write by hand; scikit-learn has no scorecard, so that is compared with the logistic one."""
    contract = workflow.data.contract
    kinds = [contract.columns[name].type for name in contract.features]
    categories = [place for place, kind in enumerate(kinds) if kind == "category"]
    numbers = [place for place, kind in enumerate(kinds) if kind != "category"]
    if model == "gradient_boosting":
        return HistGradientBoostingClassifier(categorical_features=categories, random_state=7)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    encode = ColumnTransformer(
        [("numbers", scaled, numbers), ("categories", OneHotEncoder(handle_unknown="ignore"), categories)]
    )
    return make_pipeline(encode, LogisticRegression(max_iter=2000))


if __name__ == "__main__":
    sys.exit(main())
