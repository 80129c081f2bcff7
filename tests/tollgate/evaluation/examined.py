"""Exams made for a test: a small bundle, and rows whose outcome and scores are what the test is about."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Floats, Scores
from tollgate.contract.table import encode_table
from tollgate.data.validate import EVENT
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling import Sampling

WIDE: dict[str, dict[str, Any]] = {
    "issued": {"role": "time"},
    "income": {"type": "number", "min": 0},
    "grade": {"type": "category", "values": ["a", "b"], "unknown": "other"},
    "debt": {"type": "number", "missing": "allowed"},
    "since": {"type": "date"},
    "owner": {"type": "boolean"},
    "age": {"type": "integer", "role": "protected", "bands": [25, 40]},
    "height": {"type": "number", "role": "protected", "missing": "allowed"},
    "outcome": {"role": "target", "positive": 1},
}
GROUPED = {**COLUMNS, "household": {"role": "group"}}


def wide_bundle(folder: Path) -> Bundle:
    return bundle_of(folder / "bundle", WIDE)


def wide_table(rows: int = 600, seed: int = 2, **change: Any) -> pa.Table:
    """Rows for WIDE; the event goes with the income; `change` replaces columns."""
    draw = np.random.default_rng(seed)
    income = draw.uniform(1, 100, rows)
    debt = draw.uniform(1, 100, rows)
    columns: dict[str, Any] = {
        "issued": pa.array(draw.integers(19_000, 19_100, rows), pa.int32()).cast(pa.date32()),
        "income": pa.array(income),
        "grade": pa.array(draw.choice(["a", "b", "zz-top"], rows)),
        "debt": pa.array(debt, mask=draw.random(rows) < 0.3),
        "since": pa.array(draw.integers(1, 100, rows), pa.int32()).cast(pa.date32()),
        "owner": pa.array(draw.random(rows) < 0.5),
        "age": pa.array(draw.integers(18, 70, rows)),
        "height": pa.array(draw.uniform(150, 190, rows), mask=draw.random(rows) < 0.1),
        "outcome": pa.array(["1"] * rows),
        EVENT: pa.array((draw.random(rows) < income / 100).astype(np.float64)),
    }
    return pa.table(columns | change)


def examine(bundle: Bundle, table: pa.Table, scores: Scores | None = None, **more: Any) -> Exam:
    """The exam of a bundle on some rows; with scores of the test's own where they are given."""
    found = bundle.score(encode_table(table, bundle.contract)) if scores is None else scores
    scored = Scored(table.column(EVENT).to_numpy(), found)
    return Exam(table, bundle, scored, Sampling(1000, seed=3), **more)


def scores_of(probability: Floats, threshold: float = 0.5) -> Scores:
    """Scores with these probabilities, which order the rows as well."""
    clipped = np.clip(probability, 1e-9, 1 - 1e-9)
    return Scores(probability, np.log(clipped / (1 - clipped)), probability < threshold)
