"""Every gate speaks, one place decides, and whatever is unclear holds the model."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import AT, BUNDLE, CHAMPION, NO_CHAMPION, evidence, few, figure, lineage_of
from tollgate.canonical import canonical_json, sha256
from tollgate.evaluation.evidence import Champion, Evidence, Timings
from tollgate.evaluation.naming import EvidenceName
from tollgate.gates.champion import ChampionGate
from tollgate.gates.finding import Finding
from tollgate.gates.metric import MetricGate
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.verdict import Verdict, judge

GATES = GatesSection.read({"metric": [{"name": "roc_auc", "at_least": 0.65}], "champion": {"margin": 0.01}})
POLICY = Policy()
NAME = EvidenceName.of(canonical_json(evidence().as_json()))
MADE = lineage_of(evidence())
POOR = {"roc_auc": figure(0.55, 0.5, 0.6)}
UNCLEAR = {"roc_auc": figure(0.66, 0.6, 0.7)}


def content(found: Evidence | None = None) -> bytes:
    return canonical_json((found or evidence()).as_json())


def judged(found: Evidence | None = None, gates: GatesSection = GATES, policy: Policy = POLICY) -> Verdict:
    found = found or evidence()
    return judge(content(found), lineage_of(found), gates, policy, AT)


OTHERS = ("data", "leakage", "monotonic", "parity", "reasons", "robustness", "service")


def of_two(verdict: Verdict) -> list[Finding]:
    """What the gates metric and champion say; the others pass."""
    others = [f for f in verdict.findings if f.gate in OTHERS]
    return [finding for finding in verdict.findings if finding not in others]


def test_only_when_every_finding_is_pass_the_model_may_be_deployed() -> None:
    verdict = judged()
    assert verdict.decision == "deploy"
    assert [(f.gate, f.subject, f.status) for f in verdict.findings[:2]] == [
        ("metric", "roc_auc", "PASS"),
        ("champion", "roc_auc", "PASS"),
    ]
    assert verdict.stopped_by() == []


@pytest.mark.parametrize(
    ("found", "statuses"),
    [
        (evidence(metrics=POOR), ["FAIL", "PASS"]),
        (evidence(metrics=UNCLEAR), ["INCONCLUSIVE", "PASS"]),
        (evidence(differences={"roc_auc": figure(-0.1, -0.2, -0.05)}), ["PASS", "FAIL"]),
        (evidence(differences={"roc_auc": figure(0.0, -0.05, 0.05)}), ["PASS", "INCONCLUSIVE"]),
        (evidence(metrics=POOR, differences={}), ["FAIL", "FAIL"]),
        (evidence(metrics={}, differences={}), ["FAIL", "FAIL"]),
        (evidence(holdout=few(99, 900)), ["INCONCLUSIVE", "INCONCLUSIVE"]),
        (evidence(champion=Champion(state="unreadable", reason="torn"), differences={}), ["PASS", "FAIL"]),
    ],
)
def test_one_finding_that_is_not_pass_holds_the_model_and_the_other_gates_still_speak(
    found: Evidence, statuses: list[str]
) -> None:
    verdict = judged(found)
    assert verdict.decision == "hold"
    assert [finding.status for finding in verdict.findings[:2]] == statuses
    assert verdict.stopped_by() == [found for found in verdict.findings if found.status != "PASS"]


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\xff\xfe",
        b"nonsense",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        content()[:-1],
        json.dumps({k: v for k, v in evidence().as_json().items() if k != "version"}).encode(),
        json.dumps(evidence().as_json() | {"more": 1}).encode(),
        json.dumps(evidence().as_json() | {"parity": float("nan")}).encode(),
        json.dumps(evidence().as_json() | {"metrics": {"roc_auc": 0.9}}).encode(),
    ],
)
def test_evidence_that_cannot_be_read_is_a_fail(written: bytes) -> None:
    verdict = judge(written, MADE, GATES, POLICY, AT)
    assert verdict.decision == "hold"
    (finding,) = verdict.findings
    assert (finding.gate, finding.status) == ("evidence", "FAIL")
    assert finding.message.startswith("the evidence cannot be read: ")
    assert len(finding.message) < 300
    assert verdict.judged.bundle == ""
    assert verdict.judged.evidence == sha256(written)


def test_the_message_on_unreadable_evidence_names_the_key() -> None:
    written = json.dumps(evidence().as_json() | {"metrics": {"roc_auc": 0.9}}).encode()
    assert "metrics.roc_auc: " in judge(written, MADE, GATES, POLICY, AT).findings[0].message


class UnforeseenError(Exception):
    """An error that no list of errors would name."""


@pytest.mark.parametrize(
    "error",
    [
        ValueError("odd"),
        KeyError("odd"),
        ZeroDivisionError("odd"),
        AssertionError("odd"),
        UnforeseenError("odd"),
    ],
)
def test_a_gate_that_raises_is_a_fail_and_the_others_still_speak(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: Any) -> list[Finding]:
        raise error

    monkeypatch.setattr(MetricGate, "findings", broken)
    verdict = judged()
    assert verdict.decision == "hold"
    assert [finding.status for finding in verdict.findings[:2]] == ["FAIL", "PASS"]
    assert verdict.findings[0].gate == "metric"
    assert type(error).__name__ in verdict.findings[0].message
    assert "odd" in verdict.findings[0].message


@pytest.mark.parametrize("nothing", [[], None, ()])
def test_a_gate_that_says_nothing_is_a_fail(monkeypatch: pytest.MonkeyPatch, nothing: Any) -> None:
    monkeypatch.setattr(ChampionGate, "findings", lambda *_: nothing)
    verdict = judged()
    assert verdict.decision == "hold"
    assert [(f.status, f.message) for f in verdict.stopped_by()] == [("FAIL", "the gate gave no finding")]


def test_gates_weaker_than_the_policy_hold_a_model_that_passes_them() -> None:
    verdict = judged(
        policy=Policy.read(
            {"limits": {"metric": {"roc_auc": {"at_least": 0.7}}, "champion": {"margin": 0.001}}}
        )
    )
    assert verdict.decision == "hold"
    assert [finding.gate for finding in verdict.stopped_by()] == ["policy", "policy"]
    assert "metric.roc_auc.at_least is 0.65, at least 0.7 is required" in verdict.findings[0].message
    assert {finding.status for finding in verdict.findings[2:]} == {"PASS"}, "the gates speak all the same"


def test_a_required_gate_that_nobody_named_runs_with_its_default_options() -> None:
    alone = GatesSection.read({"champion": {"margin": 0.01}})
    verdict = judged(gates=alone)
    assert [(f.gate, f.status) for f in verdict.findings[:2]] == [("metric", "PASS"), ("champion", "PASS")]
    assert "needed is at least 0.6" in verdict.findings[0].message
    assert judged(evidence(metrics=POOR), alone).decision == "hold"
    free = judged(gates=alone, policy=Policy.read({"required": []})).findings
    assert free[0].gate == "champion"
    assert "metric" not in {finding.gate for finding in free}


def test_a_verdict_names_what_was_judged() -> None:
    verdict = judged()
    assert verdict.judged.bundle == BUNDLE
    assert verdict.judged.holdout == "d" * 64
    assert (verdict.judged.champion, verdict.judged.generation) == (CHAMPION.release, CHAMPION.generation)
    assert (verdict.judged.evidence, verdict.judged.timings) == (NAME.evidence, NAME.timings)
    assert verdict.settings == json.loads(GATES.model_dump_json())
    assert verdict.at == AT
    none = judged(evidence(champion=NO_CHAMPION, differences={})).judged
    assert (none.champion, none.generation) == (None, 0)


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"found": evidence(parity=1e-12)}, {"evidence"}),
        ({"found": evidence(timings=Timings(measured_at=AT))}, {"timings"}),
        ({"found": evidence(bundle="a" * 64)}, {"evidence", "bundle"}),
        (
            {"found": evidence(champion=CHAMPION.model_copy(update={"generation": 4}))},
            {"evidence", "generation"},
        ),
        ({"gates": GatesSection.read({**GATES.as_json(), "champion": {"margin": 0.02}})}, {"gates"}),
        ({"policy": Policy.read({"limits": {"champion": {"margin": 0.04}}})}, {"policy"}),
        ({"policy": Policy.read({"sources": ["data/"]})}, {"policy"}),
    ],
)
def test_another_thing_judged_is_another_digest(change: dict[str, Any], moved: set[str]) -> None:
    before, after = judged().judged.as_json(), judged(**change).judged.as_json()
    assert {name for name in before if before[name] != after[name]} == moved


def test_the_same_things_judged_at_the_same_time_are_the_same_verdict() -> None:
    spelt_out = GatesSection.read({**GATES.as_json(), "champion": {"margin": 0.01, "metric": "roc_auc"}})
    assert judged().judged == judged(gates=spelt_out).judged
    assert judged().content() == judged().content()


@pytest.mark.parametrize(
    "found", [evidence(), evidence(metrics=POOR), evidence(champion=NO_CHAMPION, differences={})]
)
def test_verdict_json_reads_back_as_it_was_written(found: Evidence) -> None:
    verdict = judged(found)
    written = json.loads(verdict.content())
    assert written["version"] == 2
    read = Verdict.read(written)
    assert read == verdict
    assert read.content() == verdict.content()


@pytest.mark.parametrize("change", [{"version": 3}, {"decision": "maybe"}, {"findings": None}, {"more": 1}])
def test_a_verdict_of_another_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Verdict.read(json.loads(judged().content()) | change)
