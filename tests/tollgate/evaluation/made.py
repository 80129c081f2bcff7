"""Exams with made-up scores: a real bundle for its contract, rows and probabilities as a test wants them."""

from typing import Any

import numpy as np
import pyarrow as pa

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scores
from tollgate.data.validate import EVENT
from tollgate.evaluation.exam import Exam, Rival
from tollgate.evaluation.metrics import Floats, Scored
from tollgate.evaluation.sampling import Sampling

FACTS: dict[str, Any] = {"validation": {"method": "time"}}


def days(months: Any) -> pa.Array:
    """The first day of months that are counted from January 2024's 0."""
    first = np.datetime64("2024-01", "M") + np.asarray(months, dtype=int)
    return pa.array(first.astype("datetime64[D]"), pa.date32())


def table_of(event: Floats, **columns: Any) -> pa.Table:
    return pa.table({**columns, EVENT: pa.array(event)})


def scores_of(probability: Floats, threshold: float = 0.5) -> Scores:
    return Scores(probability, np.log(probability / (1 - probability)), probability < threshold)


def exam_of(
    challenger: Bundle,
    event: Floats,
    probability: Floats,
    threshold: float = 0.5,
    rival: Rival | None = None,
    facts: dict[str, Any] = FACTS,
    **columns: Any,
) -> Exam:
    """An exam in which the challenger says just that; only the contract of the bundle counts."""
    scored = Scored(event, scores_of(probability, threshold))
    table = table_of(event, **columns)
    return Exam(table, challenger, scored, Sampling(1000, seed=0), {}, rival, facts)
