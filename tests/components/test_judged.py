"""Reaching a verdict, whatever the evidence: the step ends with one, and with a page that can be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from components.judged import reach_verdict
from tests.components.judgement import GATES, RUN, Judgement, judged
from tests.small import SmallBundle
from tests.tollgate.gates.evidence import NO_CHAMPION, evidence, lineage_of
from tests.tollgate.report.reader import Reader
from tollgate.canonical import canonical_json
from tollgate.data.validation import MainFacts, Told
from tollgate.outcome import Outcome
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict

UNSHOWN: dict[str, dict[str, Any]] = {
    "rows that are no number": {"population": {"read": "many"}},
    "a part that is no part": {"population": {"parts": {"fit": 2}}},
}


def verdict_of(judgement: Judgement) -> Verdict:
    return Verdict.read(json.loads(judgement.verdict))


@pytest.mark.parametrize("name", UNSHOWN)
def test_evidence_that_no_report_can_be_made_of_holds_the_model_and_is_said(
    storage: FolderStorage, bundle: SmallBundle, name: str
) -> None:
    assert verdict_of(judged(storage, bundle)).decision == "deploy"
    judgement = judged(storage, bundle, **UNSHOWN[name])
    verdict = verdict_of(judgement)
    (stopping,) = verdict.stopped_by()
    assert (verdict.decision, stopping.gate, stopping.subject, stopping.status) == (
        "hold",
        "evidence",
        "report",
        "FAIL",
    )
    assert stopping.message.startswith("no report can be made of this evidence: ")
    page = Reader(storage.read(f"runs/{RUN}/report.html").decode()).text
    assert stopping.message in page
    assert storage.read(f"runs/{RUN}/card.md") == b""
    assert storage.read(f"runs/{RUN}/verdict.json") == judgement.verdict
    outcome = judgement.publish()
    assert isinstance(outcome, Outcome)
    assert outcome.outcome == "held"
    assert judgement.target.current() is None


def test_a_model_that_is_held_anyway_has_that_finding_too(
    storage: FolderStorage, bundle: SmallBundle
) -> None:
    strict = {**GATES, "metric": [{"name": "roc_auc", "at_least": 0.99}]}
    verdict = verdict_of(judged(storage, bundle, gates=strict, **UNSHOWN["a part that is no part"]))
    assert [(one.gate, one.subject) for one in verdict.stopped_by()] == [
        ("metric", "roc_auc"),
        ("evidence", "report"),
    ]


@pytest.mark.parametrize("first", [[2], [{"level": "note"}], [{"level": "note", "said": 2}], {}, "x", 2])
def test_what_was_found_in_the_data_has_one_form_or_the_evidence_cannot_be_read(
    storage: FolderStorage, first: Any
) -> None:
    facts = MainFacts(digest="v" * 64, first=(Told(level="note", said="some rows repeat"),))
    found = evidence(champion=NO_CHAMPION, validation=facts)
    written = found.as_json()
    assert written["validation"]["first"] == [{"level": "note", "said": "some rows repeat"}]
    written["validation"]["first"] = first
    verdict, page = reach_verdict(canonical_json(written), lineage_of(found), GATES, storage, RUN)
    (only,) = verdict.findings
    assert (verdict.decision, only.status) == ("hold", "FAIL")
    assert only.message.startswith("the evidence cannot be read: validation.first")
    assert only.message in Reader(page).text


def test_evidence_of_older_formats_says_less_of_the_data_and_is_read(storage: FolderStorage) -> None:
    found = evidence(champion=NO_CHAMPION)
    for facts in ({}, {"digest": "v" * 64, "warnings": 1, "notes": 2}):
        written = {**found.as_json(), "validation": facts}
        _, page = reach_verdict(canonical_json(written), lineage_of(found), GATES, storage, RUN)
        assert ("What was found in the data" in page) is bool(facts)


def test_report_and_card_lie_with_the_run(judgement: Judgement) -> None:
    folder: Path = judgement.storage.root / "runs" / RUN
    assert "<html" in (folder / "report.html").read_text()
    assert (folder / "card.md").read_text().startswith("# ")
    assert (folder / "evidence.json").read_bytes() == judgement.evidence
