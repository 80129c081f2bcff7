"""Ours beside plain scikit-learn on real data: the same columns, folds and fit rows, protected columns out of both.

usage: python benchmarks/real_data.py DATA

DATA is a folder with one folder a data set, as the pages under examples/ describe them. Prints a Markdown table.
"""

import argparse
import datetime as dt
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from pipelines.config import Workflow, load_workflow
from tollgate.bundle.scorer import Scorer
from tollgate.contract.table import encode_table
from tollgate.data.ingest import PART, ingest
from tollgate.training.train import Part, train

Floats = NDArray[np.float64]
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
FOLDS = 5


@dataclass(frozen=True)
class Case:
    """A data set: its example, and how often its five folds are drawn."""

    name: str
    repeats: int


CASES = (Case("taiwan", 1),)


def main() -> int:
    """Measure each data set that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="the folder with the data sets")
    data: Path = parser.parse_args().data
    sys.stdout.write(
        "| data | rows | folds | ours | plain, same fit rows | plain, all training rows | ours - plain |\n"
    )
    sys.stdout.write("| --- | --- | --- | --- | --- | --- | --- |\n")
    for case in CASES:
        sys.stdout.write(measure(case, data) + "\n")
    return 0


def measure(case: Case, data: Path) -> str:
    """A line of the table: mean ROC AUC over the folds."""
    workflow = load_workflow(EXAMPLES / case.name / "workflow.yaml")
    table, events = read(workflow, data / case.name / workflow.data.source)
    rows = encode_table(table, workflow.data.contract)
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=case.repeats, random_state=0)
    found = np.array([one_fold(workflow, rows, events, *fold) for fold in folds.split(rows, events)])
    ours, same, everything = found.mean(axis=0)
    folded = f"{FOLDS} x {case.repeats}"
    return f"| {case.name} | {len(rows)} | {folded} | {ours:.4f} | {same:.4f} | {everything:.4f} | {ours - same:+.4f} |"


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
    workflow: Workflow, rows: Floats, events: Floats, training: NDArray[np.int64], test: NDArray[np.int64]
) -> tuple[float, float, float]:
    """ROC AUC on the test fold: ours, plain on the same fit rows, plain on all training rows."""
    shuffled = np.random.default_rng(0).permutation(training)
    fit, calibration, threshold = np.split(shuffled, [int(0.7 * len(shuffled)), int(0.85 * len(shuffled))])
    parts = {"fit": fit, "calibration": calibration, "threshold": threshold}
    trained = train(
        workflow.data.contract,
        workflow.train,
        {name: Part(rows[part], events[part]) for name, part in parts.items()},
        rows[test],
    )
    ours = Scorer(trained.files["model.onnx"]).score(rows[test]).margin
    return (
        float(roc_auc_score(events[test], ours)),
        plain(workflow, rows, events, fit, test),
        plain(workflow, rows, events, training, test),
    )


def plain(
    workflow: Workflow, rows: Floats, events: Floats, fit: NDArray[np.int64], test: NDArray[np.int64]
) -> float:
    """What one would write by hand: scaled numbers, one-hot categories, logistic regression."""
    contract = workflow.data.contract
    kinds = [contract.columns[name].type for name in contract.features]
    categories = [place for place, kind in enumerate(kinds) if kind == "category"]
    numbers = [place for place, kind in enumerate(kinds) if kind != "category"]
    encode = ColumnTransformer(
        [
            ("numbers", StandardScaler(), numbers),
            ("categories", OneHotEncoder(handle_unknown="ignore"), categories),
        ]
    )
    model = make_pipeline(encode, LogisticRegression(max_iter=2000)).fit(rows[fit], events[fit])
    return float(roc_auc_score(events[test], model.predict_proba(rows[test])[:, 1]))


if __name__ == "__main__":
    sys.exit(main())
