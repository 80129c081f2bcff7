"""The part `service`, and the time of a row beside that of a small graph."""

import time
from dataclasses import replace

import numpy as np
import pytest

from tests.tollgate.evaluation.exams import exam_of
from tests.tollgate.evaluation.models import bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.canonical import sha256
from tollgate.evaluation import service as module
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.reference_graph import FEATURES, reference_graph
from tollgate.evaluation.service import measure_service, time_rows
from tollgate.evaluation.service import timed as timed_or_not
from tollgate.evaluation.service_facts import ServiceTimings
from tollgate.training.forest import NONE, Forest, Node
from tollgate.training.graph import GraphBuilder


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle")


def of_trees() -> bytes:
    """The graph of one tree with two inner nodes."""
    nodes = (Node(0, 10.0, NONE, True, -1, 1), Node(0, 20.0, NONE, True, -2, -3))
    builder = GraphBuilder()
    forest = Forest(0.0, (0,), nodes, np.array([0.0, 1.0, 2.0]))
    axis = builder.constant([1], np.int64)
    margin = builder.node("Squeeze", forest.margin(builder), axis, output="margin")
    builder.node("Sigmoid", margin, output="probability")
    builder.node("Less", margin, builder.constant(0.0), output="approved")
    return builder.finish(2)


def test_operators_nodes_of_trees_and_numbers_are_counted(challenger: Bundle) -> None:
    trees = replace(challenger, files={**challenger.files, "model.onnx": of_trees()})
    found = measure_service(exam_of(trees, holdout()))
    assert (found.nodes, found.tree_nodes, found.constants) == (4, 2, 2)
    assert found.bytes == len(of_trees())
    assert measure_service(exam_of(challenger, holdout())).tree_nodes == 0


def test_the_small_graph_is_always_the_same_and_scores() -> None:
    """A change of it changes what limits on the time ratio mean, and needs a new name for them."""
    assert sha256(reference_graph()) == DIGEST
    rows = np.arange(2.0 * FEATURES).reshape(2, FEATURES)
    scores = Scorer(reference_graph()).score(rows)
    np.testing.assert_allclose(scores.margin, rows @ ((np.arange(FEATURES) - 8) / 16))
    np.testing.assert_allclose(scores.probability, 1 / (1 + np.exp(-scores.margin)))
    np.testing.assert_array_equal(scores.approved, scores.probability < 0.5)


DIGEST = "ea1af1b022a2af80c044d88f0ac5d702e5f99366a49a58acaef4b9870cecacc2"


def timed(bundle: Bundle) -> ServiceTimings:
    found = time_rows(exam_of(bundle, holdout()))
    assert isinstance(found, ServiceTimings)
    return found


def test_a_row_is_timed_beside_the_small_graph(challenger: Bundle) -> None:
    found = timed(challenger)
    assert found.rounds == module.ROUNDS
    assert found.milliseconds > 0
    assert found.reference_milliseconds > 0
    ratio = found.ratio
    assert ratio.low is not None
    assert ratio.value is not None
    assert ratio.high is not None
    assert 0 < ratio.low <= ratio.value <= ratio.high


class Slow(Scorer):
    """Takes a while for each row."""

    def score_row(self, *given: object) -> None:
        time.sleep(0.002)


def test_a_graph_that_takes_long_has_a_high_ratio_and_is_measured_less_often(
    challenger: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.0)
    found = timed(replace(challenger, scorer=Slow(challenger.files["model.onnx"])))
    assert found.rounds == module.FEWEST_ROUNDS
    assert (found.ratio.value or 0) > 5


def test_without_a_row_nothing_is_timed(challenger: Bundle) -> None:
    assert isinstance(time_rows(exam_of(challenger, holdout(rows=0))), NotAssessed)


class Broken(Scorer):
    """Fails on every row."""

    def score_row(self, *given: object) -> None:
        raise MemoryError("of the graph")


def test_a_graph_that_breaks_is_told_and_ends_no_run(challenger: Bundle) -> None:
    found = timed_or_not(
        exam_of(replace(challenger, scorer=Broken(challenger.files["model.onnx"])), holdout())
    )
    assert found == NotAssessed(
        not_assessed="a row could not be timed: MemoryError: of the graph", broken=True
    )
