import pytest

from components.held import write_held
from components.judged import reach_verdict
from tests.components.judgement import GATES, Judgement, judged
from tests.small import SmallBundle
from tests.tollgate.gates.evidence import CHAMPION, figure, lineage_of
from tests.tollgate.gates.evidence import evidence as evidence_with
from tests.tollgate.report.reader import Reader
from tollgate.canonical import canonical_json, sha256
from tollgate.lineage import Lineage
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage

NOWHERE = Lineage("0" * 64, "1" * 64, "2" * 64, "3" * 64, "4" * 64, "local/credit")


def test_a_held_run_tells_every_finding_that_is_not_pass(storage: FolderStorage, bundle: SmallBundle) -> None:
    metrics = {"roc_auc": figure(0.66, 0.6, 0.7)}
    judgement = judged(storage, bundle, metrics=metrics)
    outcome = write_held(judgement.verdict, storage, "one")
    (reason,) = outcome.reasons
    assert reason.startswith("metric roc_auc: INCONCLUSIVE: roc_auc is 0.6600")
    assert (outcome.outcome, outcome.bundle) == ("held", bundle.digest)
    assert outcome.verdict == sha256(judgement.verdict)
    assert (outcome.release, outcome.generation, outcome.changed) == (None, None, False)
    assert Outcome.model_validate_json(storage.read(outcome_key("one"))) == outcome


def test_a_model_that_passed_was_not_asked_to_be_deployed(judgement: Judgement) -> None:
    outcome = write_held(judgement.verdict, judgement.storage, "one")
    assert outcome.reasons == ("the run was not asked to deploy",)


@pytest.mark.parametrize("evidence", [b"", b"{}", b"[" * 100_000, b"\xff"])
def test_evidence_that_cannot_be_read_is_held_without_a_bundle(
    storage: FolderStorage, evidence: bytes
) -> None:
    verdict, page = reach_verdict(evidence, NOWHERE, GATES, storage, "one")
    outcome = write_held(verdict.content(), storage, "one")
    assert (outcome.outcome, outcome.bundle) == ("held", None)
    assert storage.read("runs/one/report.html").decode() == page
    text = Reader(page).text
    assert text.startswith("Tollgate: Held")
    assert verdict.findings[0].message in text
    assert "the evidence cannot be read" in outcome.reasons[0]


def test_evidence_that_can_be_read_but_not_shown_still_ends_as_a_verdict_with_a_page(
    storage: FolderStorage,
) -> None:
    nameless = CHAMPION.model_copy(update={"release": None, "bundle": None})
    found = evidence_with(champion=nameless)
    verdict, page = reach_verdict(canonical_json(found.as_json()), lineage_of(found), GATES, storage, "one")
    assert verdict.decision == "hold"
    assert "The evidence cannot be shown" in page
    assert "there is a champion, but its release, its bundle or its generation is not named" in page
    assert storage.read("runs/one/verdict.json") == verdict.content()
