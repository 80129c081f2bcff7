"""Measuring the part `service`, and the time of a single row."""

import time
from typing import Any

import numpy as np
import onnx

from tollgate.bundle.scorer import Scorer
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.reference_graph import FEATURES, reference_graph
from tollgate.evaluation.service_facts import ServiceFacts, ServiceTimings
from tollgate.evaluation.shares import quantile

ROUNDS = 101
CALLS = 5
LONGEST = 2.0  # seconds in all, so that a graph that takes long is measured less often
FEWEST_ROUNDS = 11
TREES = "nodes_featureids"


def measure_service(exam: Exam) -> ServiceFacts:
    """The part `service`."""
    content = exam.challenger.files["model.onnx"]
    graph = onnx.load_model_from_string(content).graph
    trees = [
        len(attribute.ints) for node in graph.node for attribute in node.attribute if attribute.name == TREES
    ]
    return ServiceFacts(
        bytes=len(content),
        nodes=len(graph.node),
        tree_nodes=sum(trees),
        constants=sum(int(np.prod(tensor.dims)) for tensor in graph.initializer),
    )


def timed(exam: Exam) -> ServiceTimings | NotAssessed:
    """`time_rows`, or that it broke: a run ends with a verdict, never with a step that died."""
    try:
        return time_rows(exam)
    except Exception as error:  # noqa: BLE001 - it stands in the evidence, and stops the model
        said = f"a row could not be timed: {type(error).__name__}: {str(error)[:200]}"
        return NotAssessed(not_assessed=said, broken=True)


def time_rows(exam: Exam) -> ServiceTimings | NotAssessed:
    """How long the graph takes for a single row, and the small graph in the same breath."""
    if not len(exam.encoded):
        return NotAssessed(not_assessed="the holdout has no row")
    reference = Scorer(reference_graph())
    own, other = exam.encoded[:1].copy(), np.ones((1, FEATURES))
    (
        _seconds(exam.challenger.scorer, own),
        _seconds(reference, other),
    )  # the first call of a graph takes longer
    times: list[tuple[float, float]] = []
    start = time.perf_counter()
    while len(times) < ROUNDS:
        times.append((_seconds(exam.challenger.scorer, own), _seconds(reference, other)))
        if len(times) >= FEWEST_ROUNDS and time.perf_counter() - start > LONGEST:
            break
    taken = np.array(times)
    middle = np.median(taken, axis=0) * 1000
    return ServiceTimings(
        ratio=quantile(taken[:, 0] / taken[:, 1], 0.5),
        milliseconds=float(middle[0]),
        reference_milliseconds=float(middle[1]),
        rounds=len(times),
    )


def _seconds(scorer: Scorer, row: Floats) -> float:
    """What one call takes, as the predictor makes it."""

    def encode(rows: Any, place: Any) -> bool:
        place[:] = row
        return True

    start = time.perf_counter()
    for _ in range(CALLS):
        scorer.score_row(encode, None)
    return (time.perf_counter() - start) / CALLS
