"""The one place that names every measurement: a part of the evidence, by name, and the function that measures it."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from tollgate.evaluation.bands import score_bands
from tollgate.evaluation.calibration import measure_calibration
from tollgate.evaluation.cost import measure_errors
from tollgate.evaluation.data import measure_data
from tollgate.evaluation.definition import definition
from tollgate.evaluation.dependence import dependence
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.fairness import measure_fairness
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.importance import importance
from tollgate.evaluation.leakage import measure_leakage
from tollgate.evaluation.missing_values import missing_values
from tollgate.evaluation.monotonic import measure_monotonic
from tollgate.evaluation.prior_shift import prior_shift
from tollgate.evaluation.reasons import measure_reasons
from tollgate.evaluation.robustness import measure_robustness
from tollgate.evaluation.segments import segments
from tollgate.evaluation.service import measure_service
from tollgate.evaluation.slices import measure_slices
from tollgate.evaluation.spread import spread
from tollgate.evaluation.stability import measure_stability
from tollgate.evaluation.swap_set import swap_set
from tollgate.evaluation.vintages import vintages
from tollgate.section import Section

MEASURES: Mapping[str, Callable[[Exam], Section]] = {
    "data": measure_data,
    "leakage": measure_leakage,
    "monotonic": measure_monotonic,
    "reasons": measure_reasons,
    "robustness": measure_robustness,
    "service": measure_service,
    "calibration": measure_calibration,
    "stability": measure_stability,
    "slices": measure_slices,
    "fairness": measure_fairness,
    "errors": measure_errors,
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


def assess(exam: Exam) -> tuple[dict[str, Any], dict[str, float]]:
    """Every part of the evidence by name, and how many seconds each took.

    A measurement that breaks, in whatever way, leaves a part that says so, which a gate takes for a FAIL: a run ends
    with a verdict, never with a step that died.
    """
    parts: dict[str, Any] = {}
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
