from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import BUNDLE, evidence
from tollgate.gates.finding import Finding
from tollgate.gates.parity import ParityGate

TRAINED: dict[str, Any] = {"bundle": BUNDLE, "parity": {"rows": 5000, "probes": 300, "worst": 2e-15}}


def one(gate: ParityGate | None = None, **change: Any) -> Finding:
    (finding,) = (gate or ParityGate()).findings(evidence(**change))
    assert (finding.gate, finding.subject) == ("parity", "graph")
    return finding


@pytest.mark.parametrize(
    ("apart", "status"),
    [(0.0, "PASS"), (1e-9, "PASS"), (1.0000001e-9, "FAIL"), (1e-6, "FAIL"), (1.0, "FAIL")],
)
def test_a_graph_passes_only_when_it_is_the_pipeline(apart: float, status: str) -> None:
    assert one(parity=apart, training={}).status == status


def test_what_was_not_measured_fails() -> None:
    finding = one(parity=None, training={})
    assert (finding.status, finding.message) == (
        "FAIL",
        "train recorded no distance between the graph and its pipeline",
    )


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1e-3])
def test_a_distance_that_is_no_distance_fails_even_when_it_was_smuggled_in(bad: float) -> None:
    (finding,) = ParityGate().findings(evidence(training={}).model_copy(update={"parity": bad}))
    assert finding.status == "FAIL"


@pytest.mark.parametrize(
    ("training", "words"),
    [
        ({**TRAINED, "bundle": "a" * 64}, "another bundle"),
        ({**TRAINED, "parity": {"rows": 5000, "worst": 1e-7}}, "another one than train recorded"),
        ({**TRAINED, "parity": {"rows": 999, "worst": 2e-15}}, "fewer rows than the holdout"),
    ],
)
def test_evidence_that_contradicts_itself_fails(training: dict[str, Any], words: str) -> None:
    finding = one(parity=2e-15, training=training)
    assert finding.status == "FAIL"
    assert words in finding.message


def test_a_finding_says_how_far_apart_and_on_how_many_rows_and_cannot_be_waived() -> None:
    finding = one(parity=2e-15, training=TRAINED)
    assert finding.message == (
        "the graph differs from the trained pipeline by at most 2e-15 on 5,000 rows and 300 probes; "
        "at most 1e-09 is allowed"
    )
    assert not finding.waivable


def test_the_limit_can_only_be_made_tighter() -> None:
    assert one(ParityGate(at_most=1e-15), parity=2e-15, training={}).status == "FAIL"
    with pytest.raises(ValidationError, match="less than or equal to"):
        ParityGate.read({"at_most": 1.1e-9})
