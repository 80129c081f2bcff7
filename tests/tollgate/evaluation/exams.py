"""Exams of small bundles, with what earlier steps would have recorded."""

from typing import Any

import pyarrow as pa

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.contract.table import encode_table
from tollgate.data.validate import EVENT
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling import Sampling


def facts(table: pa.Table, **training: Any) -> dict[str, Any]:
    """What earlier steps recorded of a holdout without anything odd."""
    rows, events = table.num_rows, int(sum(table.column(EVENT).to_pylist()))
    fit = {"rows": 200, "events": 90}
    return {
        "splits": "d" * 64,
        "population": {
            "used": 900,
            "immature": 100,
            "parts": {"fit": fit, "holdout": {"rows": rows, "events": events}},
        },
        "validation": {"digest": "v" * 64, "repeats": []},
        "training": {
            "record": "7" * 64,
            "rows": {"fit": 200},
            "events": {"fit": 90},
            "dropped": {"rows": 200, "features": [], "failed": {}},
            **training,
        },
        "parity": 1e-16,
    }


def exam_of(
    bundle: Bundle,
    table: pa.Table,
    relatives: dict[str, Scorer] | None = None,
    recorded: dict[str, Any] | None = None,
) -> Exam:
    """An exam of a bundle on a holdout."""
    scored = Scored(table.column(EVENT).to_numpy(), bundle.score(encode_table(table, bundle.contract)))
    return Exam(
        table,
        bundle,
        scored,
        Sampling(1000, seed=3),
        relatives or {},
        None,
        facts(table) if recorded is None else recorded,
    )
