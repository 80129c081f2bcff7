"""deploy acts only on a verdict that holds for exactly what it is about to publish."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.deployed import publish
from components.policy_file import POLICY_FILE
from tests.components.judgement import GATES, SERVING, Judgement, judged
from tests.small import SmallBundle
from tests.tollgate.gates.evidence import figure
from tollgate.canonical import sha256
from tollgate.errors import BundleError, ConfigError
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict

OTHER = "0" * 64
Change = Callable[[Judgement], Judgement]


def with_verdict(judgement: Judgement, **change: Any) -> Judgement:
    """The judgement with an edited verdict."""
    verdict = Verdict.read(json.loads(judgement.verdict))
    return judgement.but(verdict=verdict.model_copy(update=change).content())


def passing(judgement: Judgement) -> Judgement:
    """The judgement with every finding turned to PASS by hand."""
    verdict = Verdict.read(json.loads(judgement.verdict))
    passed = tuple(finding.model_copy(update={"status": "PASS"}) for finding in verdict.findings)
    return with_verdict(judgement, findings=passed, decision="deploy")


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


# By what is wrong: what deploy is given, and words of its refusal.
REFUSED: dict[str, tuple[Change, str]] = {
    "evidence edited": (lambda j: j.but(evidence=j.evidence + b" "), "the evidence is not the one that was"),
    "other gates": (
        lambda j: j.but(gates={**GATES, "champion": {"margin": 0.02}}),
        "the gates are not those that were judged by",
    ),
    "other bundle": (lambda j: j.but(bundle=OTHER), "the verdict is about the bundle "),
    "decision hold": (lambda j: with_verdict(j, decision="hold"), "the verdict says hold"),
    "no finding": (lambda j: with_verdict(j, findings=()), "the verdict has no finding"),
    "finding left out": (
        lambda j: with_verdict(j, findings=Verdict.read(json.loads(j.verdict)).findings[:1]),
        "the verdict is not what the gates say of this evidence",
    ),
    "settings edited": (
        lambda j: with_verdict(j, settings={}),
        "the verdict is not what the gates say of this evidence",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_verdict_that_does_not_hold_for_this_is_refused(judgement: Judgement, name: str) -> None:
    change, words = REFUSED[name]
    outcome = change(judgement).publish()
    assert outcome.outcome == "held"
    assert any(words in reason for reason in outcome.reasons)
    assert judgement.target.current() is None
    assert written(judgement) == outcome


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
    with pytest.raises(BundleError, match=r"model\.onnx"):
        judgement.publish()
    assert judgement.target.current() is None


def test_a_kind_of_target_that_is_not_there_is_refused(judgement: Judgement) -> None:
    given = (judgement.verdict, judgement.evidence, judgement.bundle, GATES, SERVING, judgement.storage)
    with pytest.raises(ConfigError, match="there is no target 'moon'"):
        publish(*given, "moon", "one")
