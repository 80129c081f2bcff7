"""A waiver lets one INCONCLUSIVE finding through where the policy allows it, and changes none."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import AT, evidence, figure, lineage_of, timings
from tollgate.canonical import canonical_json
from tollgate.evaluation.evidence import Evidence
from tollgate.gates.champion import ChampionGate
from tollgate.gates.finding import Finding
from tollgate.gates.metric import MetricGate
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.verdict import Verdict, judge
from tollgate.waived import weigh

LIMITS = {"metric": [{"name": "roc_auc", "at_least": 0.65}], "champion": {"margin": 0.01}}
WAIVER = {
    "gate": "metric",
    "subject": "roc_auc",
    "reason": "the pilot is small",
    "person": "R. Owner",
    "expires": "2026-03-01",
}
UNCLEAR = {"roc_auc": figure(0.66, 0.6, 0.7)}
POOR = {"roc_auc": figure(0.55, 0.5, 0.6)}
LETS = {"waivable": ["metric"]}


def judged(
    *waivers: dict[str, Any],
    found: Evidence | None = None,
    policy: dict[str, Any] | None = None,
    at: str = AT,
) -> Verdict:
    found = found or evidence(metrics=UNCLEAR)
    gates = GatesSection.read({**LIMITS, "waivers": [WAIVER | waiver for waiver in waivers]})
    content = canonical_json(found.as_json())
    return judge(content, lineage_of(found), gates, Policy.read(LETS if policy is None else policy), at)


def states(verdict: Verdict) -> list[str]:
    return [one.state for one in verdict.waivers]


def test_an_inconclusive_finding_that_is_waived_lets_the_model_through_and_stays_what_it_is() -> None:
    verdict = judged({})
    assert verdict.decision == "deploy"
    assert [finding.status for finding in verdict.findings[:2]] == ["INCONCLUSIVE", "PASS"]
    assert {finding.status for finding in verdict.findings[2:]} == {"PASS"}
    assert verdict.findings == judged().findings
    (one,) = verdict.waivers
    assert (one.state, one.findings) == ("used", (0,))
    assert one.waiver.as_json() == WAIVER
    assert one.said == "waived by R. Owner until 2026-03-01: the pilot is small"
    assert (verdict.stopped_by(), judged().decision) == ([], "hold")


def test_a_waiver_that_names_no_subject_is_for_every_finding_of_its_gate() -> None:
    assert judged({"subject": None}).decision == "deploy"


@pytest.mark.parametrize("waiver", [{"subject": "ks"}, {"gate": "champion"}])
def test_a_waiver_for_something_else_lets_nothing_through_and_is_noted_as_unused(waiver: Any) -> None:
    verdict = judged(waiver, policy={"waivable": ["metric", "champion"]})
    assert (verdict.decision, states(verdict)) == ("hold", ["unused"])
    assert "is not used: no finding needs it" in verdict.waivers[0].said
    assert verdict.findings == judged().findings


def test_a_waiver_for_a_subject_that_no_finding_has_is_told_which_there_are() -> None:
    (one,) = judged({"subject": "auc"}).waivers
    assert one.said == (
        "the waiver for metric auc is not used: no finding needs it; no finding is about auc: metric has roc_auc"
    )
    (one,) = judged({"gate": "slices", "subject": "sex"}, policy={"waivable": ["slices"]}).waivers
    assert one.said.endswith("no finding needs it; the gate slices found nothing")


def test_of_many_subjects_those_that_wait_for_a_waiver_are_told_first() -> None:
    (waiver,) = GatesSection.read({**LIMITS, "waivers": [WAIVER | {"subject": "other"}]}).waivers
    findings = [
        Finding(gate="metric", subject=f"s{at}", status="INCONCLUSIVE" if at == 11 else "PASS", message="so")
        for at in range(12)
    ]
    (one,), _ = weigh([waiver], findings, Policy.read(LETS), AT)
    assert one.said.endswith("metric has s11, s0, s1, s2, s3, s4, s5, s6, s7, s8 and 2 more")


def test_one_of_two_findings_that_is_waived_is_not_enough() -> None:
    found = evidence(metrics=UNCLEAR, differences={"roc_auc": figure(0.0, -0.05, 0.05)})
    assert judged({}, found=found).decision == "hold"
    both = judged({}, {"gate": "champion"}, found=found, policy={"waivable": ["metric", "champion"]})
    assert (both.decision, states(both)) == ("deploy", ["used", "used"])


def test_a_fail_is_never_waived() -> None:
    verdict = judged({}, found=evidence(metrics=POOR))
    assert (verdict.decision, states(verdict)) == ("hold", ["unused"])
    assert verdict.waivers[0].said.endswith("a FAIL is never waived")


def test_a_finding_that_cannot_be_waived_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Finding(gate="metric", subject="roc_auc", status="INCONCLUSIVE", message="so", waivable=False)
    monkeypatch.setattr(MetricGate, "findings", lambda *_: [said])
    verdict = judged({})
    assert (verdict.decision, states(verdict)) == ("hold", ["unused"])
    assert verdict.waivers[0].said.endswith("what was found cannot be waived")


@pytest.mark.parametrize("gate", ["data", "parity"])
def test_what_is_a_fact_is_not_waived_whatever_the_policy_says(gate: str) -> None:
    policy = Policy.read(LETS).model_copy(update={"waivable": (gate,)})
    (waiver,) = GatesSection.read({**LIMITS, "waivers": [WAIVER]}).waivers
    unclear = Finding(gate=gate, subject="roc_auc", status="INCONCLUSIVE", message="so")
    (one,), (finding,) = weigh([waiver.model_copy(update={"gate": gate})], [unclear], policy, AT)
    assert (one.state, finding.status) == ("refused", "FAIL")
    assert f"what {gate} finds can never be waived" in finding.message


def test_without_leave_of_the_policy_a_waiver_is_a_fail_of_its_own() -> None:
    for found in (evidence(metrics=UNCLEAR), evidence()):
        verdict = judged({}, found=found, policy={})
        assert (verdict.decision, states(verdict)) == ("hold", ["refused"])
        (said,) = [finding for finding in verdict.findings if finding.gate == "waiver"]
        assert (said.subject, said.status) == ("metric roc_auc", "FAIL")
        assert "the policy lets nobody waive metric" in said.message


@pytest.mark.parametrize(
    ("at", "state", "decision"),
    [
        ("2026-03-01T23:59:59+00:00", "used", "deploy"),
        ("2026-03-02T00:00:00+00:00", "expired", "hold"),
        ("2026-03-02T01:00:00+02:00", "used", "deploy"),
    ],
)
def test_a_waiver_holds_until_the_end_of_its_last_day(at: str, state: str, decision: str) -> None:
    found = evidence(metrics=UNCLEAR, timings=timings(at=at))
    verdict = judged({}, found=Evidence.read(found.as_json()), at=at)
    assert (states(verdict), verdict.decision) == ([state], decision)
    told = [finding for finding in verdict.findings if finding.gate == "waiver"]
    assert [finding.status for finding in told] == (["FAIL"] if state == "expired" else [])
    assert all("expired on 2026-03-01: it lets nothing through" in finding.message for finding in told)


def test_an_expired_waiver_that_nothing_needs_is_noted_and_stops_nothing() -> None:
    verdict = judged({"expires": "2026-01-01"}, found=evidence())
    assert (verdict.decision, states(verdict)) == ("deploy", ["unused"])
    assert verdict.waivers[0].said.endswith("no finding needs it, and it expired on 2026-01-01")


@pytest.mark.parametrize(
    ("expires", "longest", "state"),
    [
        ("2026-04-02", 90, "used"),
        ("2026-04-03", 90, "refused"),
        ("2026-01-03", 1, "used"),
        ("2026-01-04", 1, "refused"),
        ("2099-01-01", 366, "refused"),
    ],
)
def test_a_waiver_holds_no_longer_than_the_policy_allows(expires: str, longest: int, state: str) -> None:
    verdict = judged({"expires": expires}, policy={**LETS, "longest_waiver": longest})
    assert states(verdict) == [state]
    assert verdict.decision == ("deploy" if state == "used" else "hold")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "ok"}, "at least 10 characters"),
        ({"reason": " " * 12}, "must be words"),
        ({"person": ""}, "at least 2 characters"),
        ({"person": "   "}, "must be words"),
        ({"person": "\u200b\u200b"}, "no letter and no digit can be seen"),
        ({"person": "\u2060\ufeff"}, "no letter and no digit can be seen"),
        ({"person": "\u00ad \u3000\u202e"}, "no letter and no digit can be seen"),
        ({"person": "\u3164\u115f\u1160\uffa0"}, "no letter and no digit can be seen"),
        ({"person": "\u2800\u2800"}, "no letter and no digit can be seen"),
        ({"reason": "\u200b" * 12}, "no letter and no digit can be seen"),
        ({"reason": "-" * 12}, "no letter and no digit can be seen"),
        ({"reason": "a" * 12}, "one word is no reason: say why the risk is taken"),
        ({"reason": "because - ! -"}, "one word is no reason"),
        ({"expires": "2026-3-1"}, "'2026-3-1' is no day; write it YYYY-MM-DD"),
        ({"expires": "20260301"}, "is no day"),
        ({"expires": "2026-02-30"}, "is no day"),
        ({"expires": "never"}, "is no day"),
        ({"gate": "metrics"}, "`waivers` names the gate 'metrics', and there are metric, "),
        ({"gate": "waiver"}, "names the gate 'waiver'"),
        ({"gate": "evidence"}, "names the gate 'evidence'"),
        ({"gate": "leakage", "subject": None}, "`subject` is needed: a waiver for leakage names the feature"),
        ({"subject": ""}, "at least 1 character"),
        ({"subject": "  "}, "nothing can be seen in it: leave it out to mean every finding of the gate"),
        ({"subject": "\u200b\u3164"}, "nothing can be seen in it"),
        ({"signed": "yes"}, "Extra inputs"),
    ],
)
def test_a_waiver_of_another_form_is_refused_with_the_configuration(change: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        GatesSection.read({**LIMITS, "waivers": [WAIVER | change]})


@pytest.mark.parametrize("person", ["王芳", "Ольга", "J. 2", "Zo\u200de"])
def test_a_name_in_any_letters_is_one(person: str) -> None:
    assert judged({"person": person}).decision == "deploy"


def test_a_reason_in_letters_without_spaces_is_one() -> None:
    assert judged({"reason": "试点规模很小所以风险可以接受"}).decision == "deploy"


@pytest.mark.parametrize("key", ["gate", "reason", "person", "expires"])
def test_a_waiver_lacks_nothing(key: str) -> None:
    lacking = {name: value for name, value in WAIVER.items() if name != key}
    with pytest.raises(ValidationError, match=f"{key}\n  Field required"):
        GatesSection.read({**LIMITS, "waivers": [lacking]})


def test_waivers_alone_are_no_gates() -> None:
    with pytest.raises(ValidationError, match="no gate is named"):
        GatesSection.read({"waivers": [WAIVER]})


def test_a_verdict_with_a_waiver_reads_back_and_names_the_other_gates_section() -> None:
    verdict = judged({})
    assert Verdict.read(json.loads(verdict.content())) == verdict
    assert verdict.judged.gates != judged().judged.gates


def test_a_waiver_written_over_a_fail_by_hand_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChampionGate, "findings", lambda *_: [])
    verdict = judged({})
    forged = verdict.waivers[0].model_copy(update={"findings": (0, 1)})
    assert verdict.model_copy(update={"waivers": (forged,)}).stopped_by() == [verdict.findings[1]]
