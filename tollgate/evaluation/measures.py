"""The one place that names every measurement: a part of the evidence, by name, and the function that measures it."""

import time
from collections.abc import Callable, Mapping

from tollgate.evaluation.bands import score_bands
from tollgate.evaluation.definition import definition
from tollgate.evaluation.dependence import dependence
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.importance import importance
from tollgate.evaluation.missing_values import missing_values
from tollgate.evaluation.prior_shift import prior_shift
from tollgate.evaluation.segments import segments
from tollgate.evaluation.spread import spread
from tollgate.evaluation.swap_set import swap_set
from tollgate.evaluation.vintages import vintages
from tollgate.section import Section

MEASURES: Mapping[str, Callable[[Exam], Section]] = {
    "definition": definition,
    "bands": score_bands,
    "vintages": vintages,
    "segments": segments,
    "swap_set": swap_set,
    "importance": importance,
    "dependence": dependence,
    "missing_values": missing_values,
    "prior_shift": prior_shift,
    "spread": spread,
}


def assess(exam: Exam) -> tuple[dict[str, Section], dict[str, float]]:
    """Every part of the evidence by name, and how many seconds each took.

    A measurement that breaks, in whatever way, leaves a part that says so, which a gate takes for a FAIL: a run ends
    with a verdict, never with a step that died.
    """
    parts: dict[str, Section] = {}
    seconds: dict[str, float] = {}
    for name, measure in MEASURES.items():
        start = time.perf_counter()
        try:
            parts[name] = measure(exam)
        except Exception as error:  # noqa: BLE001 - it stands in the evidence, and stops the model
            said = f"the measurement broke: {type(error).__name__}: {str(error)[:200]}"
            parts[name] = NotAssessed(not_assessed=said, broken=True)
        seconds[name] = time.perf_counter() - start
    return parts, seconds
