"""deploy acts only on a verdict that holds for exactly what it is about to publish."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.deployed import publish
from components.judged import reach_verdict, verdict_key
from components.policy_file import POLICY_FILE
from tests.components.judgement import GATES, SERVING, Judgement, judged
from tests.small import SmallBundle
from tests.tollgate.gates.evidence import figure
from tollgate.canonical import canonical_json, sha256
from tollgate.errors import ConfigError
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.gates.waiver import Waiver
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict
from tollgate.waived import Waived

OTHER = "0" * 64
WAIVER = {"gate": "metric", "reason": "because we want to", "person": "A. Person", "expires": "2099-01-01"}
Change = Callable[[Judgement], Judgement]


def with_verdict(judgement: Judgement, **change: Any) -> Judgement:
    """The judgement with an edited verdict, edited where judge kept it with the run too."""
    verdict = Verdict.read(json.loads(judgement.verdict)).model_copy(update=change).content()
    judgement.storage.write("runs/one/verdict.json", verdict)
    return judgement.but(verdict=verdict)


def passing(judgement: Judgement) -> Judgement:
    """The judgement with every finding turned to PASS by hand."""
    verdict = Verdict.read(json.loads(judgement.verdict))
    passed = tuple(finding.model_copy(update={"status": "PASS"}) for finding in verdict.findings)
    return with_verdict(judgement, findings=passed, decision="deploy")


def with_evidence(judgement: Judgement, **change: Any) -> Judgement:
    """The judgement with edited evidence, written as evaluate would have written it."""
    return judgement.but(evidence=canonical_json(json.loads(judgement.evidence) | change))


def with_lineage(judgement: Judgement, **change: str) -> Judgement:
    return judgement.but(lineage=dataclasses.replace(judgement.lineage, **change))


def replaced(judgement: Judgement) -> Judgement:
    """Better evidence in the place of that which was measured, and the very verdict that the gates give on it."""
    values = json.loads(judgement.evidence)
    values["metrics"]["roc_auc"] |= {"value": 0.75, "low": 0.73, "high": 0.77}
    content = canonical_json(values)
    made = dataclasses.replace(judgement.lineage, evidence=sha256(content))
    verdict, _ = reach_verdict(content, made, judgement.gates, judgement.storage, "one")
    assert verdict.decision == "deploy"
    return judgement.but(evidence=content, verdict=verdict.content())


def with_judged(judgement: Judgement, **change: Any) -> Judgement:
    judged = Verdict.read(json.loads(judgement.verdict)).judged
    return with_verdict(judgement, judged=judged.model_copy(update=change))


def without_timings(evidence: bytes) -> bytes:
    return canonical_json({key: one for key, one in json.loads(evidence).items() if key != "timings"})


def dated_earlier(judgement: Judgement) -> Judgement:
    """The judgement with a verdict that says a second less, which the gates would say as well."""
    verdict = Verdict.read(json.loads(judgement.verdict))
    at = (dt.datetime.fromisoformat(verdict.at) - dt.timedelta(seconds=1)).isoformat(timespec="seconds")
    return judgement.but(verdict=verdict.model_copy(update={"at": at}).content())


def with_waiver(judgement: Judgement) -> Judgement:
    """The judgement with a waiver written into the verdict alone."""
    waiver = Waiver.read(WAIVER)
    return with_verdict(judgement, waivers=(Waived(waiver=waiver, state="used", said="so", findings=(0,)),))


def written(judgement: Judgement, run: str = "one") -> Outcome:
    return Outcome.model_validate_json(judgement.storage.read(outcome_key(run)))


def test_a_verdict_that_holds_is_acted_on(judgement: Judgement) -> None:
    outcome = judgement.publish()
    live = judgement.target.current()
    assert live is not None
    assert (outcome.outcome, outcome.changed, outcome.reasons) == ("deployed", True, ())
    assert (outcome.release, outcome.generation, outcome.bundle) == (live.release, 1, judgement.bundle)
    assert judgement.target.release(live.release).verdict == sha256(judgement.verdict) == outcome.verdict
    assert written(judgement) == outcome


HANDED_ON = "and evaluate handed on "
AGAIN = "the verdict is not what the gates say of this evidence"
EVIDENCE = "the evidence is not the one that was judged"
LATER = {"measured_at": "2030-01-01T00:00:00+00:00", "seconds": {}}
# By what is wrong: what deploy is given, and words of its refusal.
REFUSED: dict[str, tuple[Change, str]] = {
    "evidence with a blank more": (lambda j: j.but(evidence=j.evidence + b" "), EVIDENCE),
    "a key of the evidence twice": (
        lambda j: j.but(evidence=b'{"bundle":"x",' + j.evidence.removeprefix(b"{")),
        EVIDENCE,
    ),
    "a figure edited": (
        lambda j: with_evidence(j, metrics={"roc_auc": {"value": 0.9, "low": 0.8, "high": 0.95}}),
        EVIDENCE,
    ),
    "timings edited": (
        lambda j: with_evidence(j, timings=LATER),
        "the timings of the evidence are not those",
    ),
    "no timings": (
        lambda j: j.but(evidence=without_timings(j.evidence)),
        "the timings of the evidence are not those",
    ),
    "evidence and verdict replaced": (replaced, HANDED_ON),
    "other evidence handed on": (lambda j: with_lineage(j, evidence=OTHER), HANDED_ON),
    "no evidence": (lambda j: j.but(evidence=b""), EVIDENCE),
    "other gates": (
        lambda j: j.but(gates={**GATES, "champion": {"margin": 0.02}}),
        "the gates are not those that were judged by",
    ),
    "a waiver more": (
        lambda j: j.but(gates={**GATES, "waivers": [WAIVER]}),
        "the gates are not those that were judged by",
    ),
    "a waiver in the verdict alone": (with_waiver, AGAIN),
    "other bundle": (lambda j: with_lineage(j, bundle=OTHER), "the verdict is about the bundle "),
    "other split": (lambda j: with_lineage(j, splits=OTHER), AGAIN),
    "other training": (lambda j: with_lineage(j, training=OTHER), AGAIN),
    "other validation": (lambda j: with_lineage(j, validation=OTHER), AGAIN),
    "decision hold": (lambda j: with_verdict(j, decision="hold"), "the verdict says hold"),
    "no finding": (lambda j: with_verdict(j, findings=()), "the verdict has no finding"),
    "finding left out": (
        lambda j: with_verdict(j, findings=Verdict.read(json.loads(j.verdict)).findings[:1]),
        AGAIN,
    ),
    "settings edited": (lambda j: with_verdict(j, settings={}), AGAIN),
    "dated later": (lambda j: with_verdict(j, at="2099-01-01T00:00:00+00:00"), "is still to come"),
    "dated earlier": (lambda j: with_verdict(j, at="2020-01-01T00:00:00+00:00"), AGAIN),
    "dated never": (lambda j: with_verdict(j, at="yesterday"), "does not say when it was reached"),
    "dated without a zone": (lambda j: with_verdict(j, at="2020-01-01T00:00:00"), "does not say when"),
    "version edited": (lambda j: with_verdict(j, version=1), AGAIN),
    "judged: bundle": (lambda j: with_judged(j, bundle=OTHER), "the verdict is about the bundle "),
    "judged: target": (
        lambda j: with_judged(j, target="local/another"),
        "the verdict is for the target local/another, not local/credit",
    ),
    "judged: no target": (lambda j: with_judged(j, target=""), "the verdict is for the target of no name"),
    "other target": (
        lambda j: j.but(serving={"name": "another"}),
        "the verdict is for the target local/credit, not local/another",
    ),
    "judged: holdout": (lambda j: with_judged(j, holdout=OTHER), AGAIN),
    "judged: champion": (lambda j: with_judged(j, champion=OTHER), AGAIN),
    "judged: generation": (lambda j: with_judged(j, generation=7), AGAIN),
    "judged: evidence": (lambda j: with_judged(j, evidence=OTHER), EVIDENCE),
    "judged: timings": (lambda j: with_judged(j, timings=OTHER), "the timings of the evidence are not"),
    "judged: gates": (lambda j: with_judged(j, gates=OTHER), "the gates are not those that were judged by"),
    "judged: policy": (lambda j: with_judged(j, policy=OTHER), "the policy has changed since the verdict"),
    "verdict with a blank more": (
        lambda j: j.but(verdict=j.verdict + b" "),
        "the verdict is not the one that judge kept with the run",
    ),
    "dated a second earlier": (dated_earlier, "the verdict is not the one that judge kept with the run"),
    "verdict of no form": (lambda j: j.but(verdict=b"{}"), "the verdict cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_verdict_that_does_not_hold_for_this_is_refused(judgement: Judgement, name: str) -> None:
    change, words = REFUSED[name]
    outcome = change(judgement).publish()
    assert outcome.outcome == "held"
    assert any(words in reason for reason in outcome.reasons), outcome.reasons
    assert judgement.target.current() is None
    assert written(judgement) == outcome


def test_a_verdict_that_no_judge_kept_is_refused(judgement: Judgement) -> None:
    (judgement.storage.root / verdict_key("one")).unlink()
    assert judgement.publish().reasons == ("the verdict is not the one that judge kept with the run",)


def test_a_verdict_that_stops_the_model_is_refused_with_its_findings(
    storage: FolderStorage, bundle: SmallBundle
) -> None:
    poor = judged(storage, bundle, metrics={"roc_auc": figure(0.55, 0.5, 0.6)})
    outcome = poor.publish()
    assert outcome.outcome == "held"
    assert outcome.reasons[0].startswith("metric: roc_auc is 0.5500")
    assert "the verdict says hold" in outcome.reasons


def test_findings_turned_to_pass_by_hand_do_not_help(storage: FolderStorage, bundle: SmallBundle) -> None:
    poor = judged(storage, bundle, metrics={"roc_auc": figure(0.55, 0.5, 0.6)})
    outcome = passing(poor).publish()
    assert outcome.reasons == ("the verdict is not what the gates say of this evidence",)
    assert poor.target.current() is None


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "policy.yaml"
    monkeypatch.setenv(POLICY_FILE, str(path))
    path.write_text("version: 1\nmargin: 0.02\n")
    return path


def test_a_policy_that_changed_since_the_verdict_makes_it_void(
    storage: FolderStorage, bundle: SmallBundle, policy: Path
) -> None:
    judgement = judged(storage, bundle)
    policy.write_text("version: 1\nmargin: 0.03\n")
    outcome = judgement.publish()
    assert outcome.outcome == "held"
    assert outcome.reasons == ("the policy has changed since the verdict",)


def test_gates_weaker_than_the_policy_are_refused_with_the_reason(
    storage: FolderStorage, bundle: SmallBundle, policy: Path
) -> None:
    policy.write_text("version: 1\nmargin: 0.001\n")
    outcome = judged(storage, bundle).publish()
    assert outcome.outcome == "held"
    said = "champion.margin is 0.01, at most 0.001 is allowed"
    assert f"weaker than the policy: {said}" in outcome.reasons
    assert f"policy: {said}" in outcome.reasons


def test_a_policy_that_cannot_be_read_stops_the_step(judgement: Judgement, policy: Path) -> None:
    policy.write_text("margin: loose\n")
    with pytest.raises(ConfigError, match="margin: must be a number"):
        judgement.publish()
    assert judgement.target.current() is None
    assert not judgement.storage.exists(outcome_key("one"))


def test_a_bundle_that_was_damaged_in_storage_is_not_published(judgement: Judgement) -> None:
    path = judgement.storage.root / "bundles" / judgement.bundle / "model.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    outcome = judgement.publish()
    assert outcome.outcome == "held"
    assert "model.onnx is not the file that manifest.json names" in outcome.reasons[0]
    assert judgement.target.current() is None
    assert written(judgement) == outcome


@pytest.mark.parametrize(("promised", "ending"), [(True, "held"), (False, "deployed")])
def test_a_model_without_reasons_is_not_served_where_they_are_promised(
    judgement: Judgement, promised: bool, ending: str
) -> None:
    """The small bundle's evidence says that its model gives none."""
    outcome = judgement.but(serving={**judgement.serving, "adverse_action": promised}).publish()
    assert outcome.outcome == ending
    assert any("promises reasons, and this model gives none" in one for one in outcome.reasons) == promised


def test_a_model_judged_with_a_promise_of_reasons_is_not_served_without_it(
    storage: FolderStorage, bundle: SmallBundle
) -> None:
    found = judged(storage, bundle, reasons=ReasonsFacts(explains=True), adverse_action=True)
    outcome = found.publish()
    assert outcome.outcome == "held"
    assert "is to be served without that promise" in outcome.reasons[0]
    assert found.but(serving={**found.serving, "adverse_action": True}).publish().outcome == "deployed"


def test_a_kind_of_target_that_is_not_there_is_refused(judgement: Judgement) -> None:
    given = (judgement.verdict, judgement.evidence, judgement.lineage, GATES, SERVING, judgement.storage)
    with pytest.raises(ConfigError, match="there is no target 'moon'"):
        publish(*given, "moon", "one")
