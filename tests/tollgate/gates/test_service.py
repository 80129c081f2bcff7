from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, timings
from tollgate.evaluation.evidence import Timings
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.service_facts import ServiceFacts
from tollgate.gates.finding import Finding
from tollgate.gates.service import ServiceGate

SMALL: dict[str, Any] = {"bytes": 5000, "nodes": 12, "tree_nodes": 0, "constants": 60}


def said(taken: Timings | None = None, **change: Any) -> dict[str, Finding]:
    found = evidence(service=ServiceFacts(**SMALL | change), timings=taken or timings())
    findings = ServiceGate().findings(found)
    assert {finding.gate for finding in findings} == {"service"}
    return {finding.subject: finding for finding in findings}


def test_a_small_and_fast_graph_passes_and_its_milliseconds_are_told() -> None:
    found = said()
    assert {name: finding.status for name, finding in found.items()} == dict.fromkeys(
        ("size", "nodes", "time"), "PASS"
    )
    assert "a row takes 0.02 ms here, a small graph 0.01 ms; the time ratio is 2" in found["time"].message


@pytest.mark.parametrize(("size", "status"), [(50_000_000, "PASS"), (50_000_001, "FAIL")])
def test_a_graph_has_a_largest_size(size: int, status: str) -> None:
    assert said(bytes=size)["size"].status == status


@pytest.mark.parametrize(("trees", "status"), [(999_988, "PASS"), (999_989, "FAIL")])
def test_operators_and_nodes_of_trees_count_together(trees: int, status: str) -> None:
    assert said(tree_nodes=trees)["nodes"].status == status


@pytest.mark.parametrize(
    ("low", "high", "status"), [(90, 100, "PASS"), (90, 110, "INCONCLUSIVE"), (101, 110, "FAIL")]
)
def test_the_time_ratio_is_judged_by_its_interval_and_milliseconds_never(
    low: float, high: float, status: str
) -> None:
    assert said(timings(low, high))["time"].status == status
    assert said(timings(low, high, milliseconds=1e6))["time"].status == status


def test_what_was_not_measured_fails() -> None:
    broken = NotAssessed(not_assessed="broke")
    (finding,) = ServiceGate().findings(evidence(service=broken))
    assert (finding.status, finding.message) == ("FAIL", "broke")
    untimed = evidence(service=ServiceFacts(**SMALL), timings=None)
    assert ServiceGate().findings(untimed)[-1].status == "FAIL"
    at = "2026-01-02T03:04:05+00:00"
    assert said(Timings(measured_at=at, service=broken))["time"].message == "broke"
    assert said(Timings(measured_at=at))["time"].message == "no row was timed"


@pytest.mark.parametrize("value", [{"megabytes": 501}, {"nodes": 20_000_001}, {"time_ratio": 1001}])
def test_no_limit_can_be_loosened_past_its_bound(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="less than or equal to"):
        ServiceGate.read(value)
