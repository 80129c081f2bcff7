"""Gates whose arithmetic is a definition rather than a paper's, on examples that can be followed by hand."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from tests.small import small_training
from tests.tollgate.evaluation.exams import exam_of
from tests.tollgate.evaluation.models import bundle_of, holdout
from tests.tollgate.gates.evidence import BUNDLE, MEASURED, evidence
from tollgate.bundle.explain import Additive
from tollgate.evaluation import service
from tollgate.evaluation.evidence import Timings
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.evaluation.service_facts import ServiceFacts, ServiceTimings
from tollgate.gates.finding import Status
from tollgate.gates.parity import ParityGate
from tollgate.gates.reasons import ReasonsGate
from tollgate.gates.service import ServiceGate
from tollgate.reasons.additive import AdditiveShapley
from tollgate.training import models
from tollgate.training.graph import GraphBuilder
from tollgate.training.logistic import Logistic

OFF = 4e-10


class Off(Logistic):
    """A model whose graph is not quite what was fitted."""

    def margin(self, builder: GraphBuilder) -> str:
        return builder.node("Add", super().margin(builder), builder.constant(OFF))


def test_parity_is_the_largest_distance_of_two_probabilities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Margins that are off by 4e-10 move p by 4e-10 p (1 - p), most at p = 1/2: a quarter, 1e-10."""
    monkeypatch.setitem(models.MODELS, "off", f"{__name__}:Off")
    parity = small_training(model="off", calibration="none").facts["parity"]
    assert parity["worst"] == pytest.approx(1e-10, rel=0.01)
    training = {"bundle": BUNDLE, "parity": {**parity, "rows": 1000}}
    said = evidence(parity=parity["worst"], training=training)
    found = [ParityGate(at_most=limit).findings(said)[0] for limit in (1e-9, 5e-11)]
    assert [one.status for one in found] == ["PASS", "FAIL"]
    assert found[0].harm is not None
    assert found[0].harm.low == found[0].harm.high == parity["worst"]


@pytest.mark.parametrize(("moved", "status"), [(0.0, "PASS"), (1e-6, "FAIL")])
def test_reasons_are_the_values_of_a_straight_line_and_add_up(moved: float, status: Status) -> None:
    """Lundberg, Lee 2017, corollary 1: of a linear model feature i adds w_i (x_i - mean of x_i).

    The margin is 0.5 + 2 income - debt, and the background has means of 2 and 3. For a row of 5 and 1 that is
    2 x (5 - 2) = 6 and -(1 - 3) = 2; the base is 0.5 + 4 - 3 = 1.5, and 1.5 + 6 + 2 is the margin, 0.5 + 10 - 1 = 9.5.
    """
    line = {"centre": 0.0, "missing": 0.0}
    terms = {"income": {**line, "weight": 2.0}, "debt": {**line, "weight": -1.0}}
    shapley = AdditiveShapley(Additive({"base": 0.5, "features": terms}), np.array([[1.0, 2.0], [3.0, 4.0]]))
    (shares,) = shapley.contributions(np.array([[5.0, 1.0]]))
    assert (shapley.base, shares.tolist()) == (1.5, [6.0, 2.0])
    apart = abs(shapley.base + float(shares.sum()) + moved - 9.5)
    facts = ReasonsFacts(explains=True, declined=8, looked=8, without=0, additivity=apart)
    found = {one.subject: one.status for one in ReasonsGate().findings(evidence(reasons=facts))}
    assert found["contributions"] == status


@pytest.mark.parametrize(("without", "status"), [(1, "PASS"), (2, "FAIL")])
def test_rows_without_a_reason_are_a_share_of_those_looked_at(without: int, status: Status) -> None:
    """1 of 100 is 0.01, the most that may be allowed; 2 of 100 are more."""
    facts = ReasonsFacts(explains=True, declined=900, looked=100, without=without, additivity=0.0)
    found = {one.subject: one for one in ReasonsGate(without=0.01).findings(evidence(reasons=facts))}
    assert found["declined rows"].status == status
    assert found["declined rows"].figures == {"value": without / 100}


@dataclass
class Clock:
    """Time that passes only when a graph scores."""

    now: float = 0.0

    def perf_counter(self) -> float:
        return self.now


@dataclass
class Ticking:
    """A graph whose call takes as long as is said for it, round by round."""

    clock: Clock
    taken: list[float]
    calls: int = field(default=0)

    def score_row(self, *given: object) -> None:
        self.clock.now += self.taken[self.calls // service.CALLS]
        self.calls += 1


@pytest.mark.parametrize(("limit", "status"), [(9.1, "PASS"), (8.9, "INCONCLUSIVE"), (2.9, "FAIL")])
def test_service_takes_the_median_of_ratios(
    limit: float, status: Status, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """In 11 rounds the graph takes 2 to 22 ms, the small one always 2 ms: ratios of 1 to 11, in no order, median 6.

    Conover 1999, 3.2: 11 x 0.5 -+ 1.96 sqrt(11 x 0.25) is 2.25 and 8.75, rounded up the 3rd and the 9th.
    """
    clock, ratios = Clock(), [7, 1, 11, 4, 6, 9, 2, 10, 3, 8, 5]
    small = Ticking(clock, [0.002] * 12)
    own: Any = Ticking(clock, [1.0, *(0.002 * ratio for ratio in ratios)])
    bundle = bundle_of(tmp_path / "bundle")
    exam = exam_of(bundle, holdout(rows=20))
    exam = replace(exam, challenger=replace(bundle, scorer=own))
    monkeypatch.setattr(service, "LONGEST", 0.0)
    monkeypatch.setattr(service, "time", clock)
    monkeypatch.setattr(service, "Scorer", lambda graph: small)
    timed = service.time_rows(exam)
    assert isinstance(timed, ServiceTimings)
    assert (timed.milliseconds, timed.reference_milliseconds) == pytest.approx((12, 2))
    facts = ServiceFacts(bytes=2_500_000, nodes=12, tree_nodes=30, constants=0)
    said = evidence(service=facts, timings=Timings(measured_at=MEASURED, service=timed))
    found = {one.subject: one for one in ServiceGate(time_ratio=limit).findings(said)}
    assert found["time"].status == status
    assert found["time"].harm is not None
    assert (found["time"].harm.low, found["time"].harm.high) == pytest.approx((3, 9))
    assert [found[name].figures["value"] for name in ("size", "nodes")] == [2.5, 42]
