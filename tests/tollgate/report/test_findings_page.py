"""The findings on the page: gate by gate where there are many, waivers in red, and a page where nothing can be read."""

import re
from typing import Any

import pytest

from tests.tollgate.gates.evidence import AT, evidence, figure, lineage_of
from tests.tollgate.report.reader import HOSTILE, Reader
from tollgate.canonical import canonical_json
from tollgate.gates.finding import Finding, Harm, Status
from tollgate.gates.metric import MetricGate
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.report import render, render_measured, render_unread
from tollgate.verdict import Verdict, judge

WAIVER = {
    "gate": "metric",
    "subject": "roc_auc",
    "reason": "the pilot is small",
    "person": "R. Owner",
    "expires": "2026-03-01",
}
UNCLEAR = evidence(metrics={"roc_auc": figure(0.66, 0.6, 0.7)})
RED = re.compile(r"\.WAIVED, \.waivers \{ color: var\(--fail\); \}")


def verdict_with(*waivers: dict[str, Any], policy: dict[str, Any] | None = None) -> Verdict:
    settings = {"metric": [{"name": "roc_auc", "at_least": 0.65}], "waivers": list(waivers)}
    policy = {"waivable": ["metric", "champion"]} if policy is None else policy
    content = canonical_json(UNCLEAR.as_json())
    return judge(content, lineage_of(UNCLEAR), GatesSection.read(settings), Policy.read(policy), AT)


def finding(gate: str, subject: str, status: Status = "PASS") -> Finding:
    return Finding(gate=gate, subject=subject, status=status, message=f"what {gate} says of {subject}")


def many() -> Verdict:
    """A verdict of 15 findings of three gates, in an order of their own."""
    findings = [finding("data", f"column{at}") for at in range(12)]
    findings += [finding("metric", "ks"), finding("metric", "roc_auc", "FAIL")]
    findings += [finding("champion", "roc_auc", "INCONCLUSIVE")]
    return verdict_with().model_copy(update={"findings": tuple(findings), "decision": "hold"})


def test_a_waiver_stands_in_red_with_its_person_its_reason_and_its_expiry() -> None:
    verdict = verdict_with(WAIVER)
    page, count = render(UNCLEAR, verdict), len(verdict.findings)
    assert RED.search(page)
    text = Reader(page).text
    said = f"Of {count} findings {count - 1} are PASS, and 1 inconclusive, waived by R. Owner"
    assert f"Passed with waivers {said}" in text
    assert "metric roc_auc · used · R. Owner, until 2026-03-01: the pilot is small" in text
    assert "A waiver changes no finding." in text
    row = re.search(r'<td class="status WAIVED">(.*?)</td>.*?<p class="WAIVED">(.*?)</p>', page, re.DOTALL)
    assert row is not None
    assert row[1] == "? INCONCLUSIVE"
    assert "waived by R. Owner until 2026-03-01: the pilot is small" in row[2]


def test_a_waiver_that_lets_nothing_through_says_so() -> None:
    unused = {**WAIVER, "gate": "champion"}
    refused = {**WAIVER, "gate": "loosened"}
    verdict = verdict_with(unused, refused)
    text = Reader(render(UNCLEAR, verdict)).text
    said = f"Of {len(verdict.findings)} findings 1 failed and 1 inconclusive"
    assert f"Held {said}: the model is not deployed." in text
    assert "(the waiver for champion roc_auc is not used: no finding needs it)" in text
    assert "(the waiver for loosened roc_auc does not hold: the policy lets nobody waive loosened)" in text


def test_a_held_model_tells_how_many_findings_are_waived() -> None:
    verdict = verdict_with(WAIVER)
    failed = (*verdict.findings, finding("data", "rows", "FAIL"), finding("data", "age", "INCONCLUSIVE"))
    held = verdict.model_copy(update={"findings": failed, "decision": "hold"})
    said = f"Of {len(failed)} findings 1 failed, 1 inconclusive and 1 waived"
    assert said in Reader(render(UNCLEAR, held)).text


def test_without_a_waiver_there_is_no_word_of_any() -> None:
    text = Reader(render(UNCLEAR, verdict_with())).text
    assert "Waivers" not in text
    assert "A waiver" not in text


def test_many_findings_stand_gate_by_gate_and_what_stops_the_model_comes_first() -> None:
    text = Reader(render(UNCLEAR, many())).text
    places = [
        text.index(words)
        for words in (
            "metric 1 FAIL, 1 PASS · Does the metric's 95 % interval",
            "✕ FAIL roc_auc what metric says of roc_auc",
            "✓ PASS ks what metric says of ks",
            "champion 1 INCONCLUSIVE · Is the challenger",
            "data 12 PASS",
            "✓ PASS column0 what data says of column0",
            "✓ PASS column11",
        )
    ]
    assert places == sorted(places)


def test_few_findings_stand_in_the_order_in_which_they_were_found() -> None:
    few = many().model_copy(update={"findings": many().findings[9:]})
    text = Reader(render(UNCLEAR, few)).text
    assert "12 PASS" not in text
    assert text.index("PASS data column9") < text.index("FAIL metric roc_auc")


def test_both_limits_of_a_two_sided_finding_are_drawn() -> None:
    harm = Harm(low=0.9, high=1.1, limit=1.25, floor=0.8)
    two_sided = finding("data", "slope").model_copy(update={"harm": harm})
    page = render(UNCLEAR, verdict_with().model_copy(update={"findings": (two_sided,)}))
    assert 'aria-label="harm from 0.9000 to 1.1000, least 0.8000, limit 1.2500"' in page
    (drawing,) = re.findall(r"<svg[^>]*harm from.*?</svg>", page, re.DOTALL)
    limit, floor = (float(x) for x in re.findall(r'<line x1="([\d.]+)" y1="1"', drawing))
    low, width = (float(re.findall(rf'<rect.* {name}="([\d.]+)"', drawing)[0]) for name in ("x", "width"))
    assert 0 <= floor < low < low + width < limit <= 240


def test_what_a_message_puts_between_backquotes_is_code() -> None:
    said = finding("data", "age").model_copy(update={"message": "set `known: before` there"})
    page = render(UNCLEAR, verdict_with().model_copy(update={"findings": (said,)}))
    assert "set <code>known: before</code> there" in page


@pytest.mark.parametrize("key", ["subject", "reason", "person"])
def test_a_hostile_waiver_is_shown_and_never_obeyed(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HOSTILE if key != "person" else HOSTILE[:90]
    unclear = finding("metric", text if key == "subject" else "roc_auc", "INCONCLUSIVE")
    monkeypatch.setattr(MetricGate, "findings", lambda *_: [unclear])
    verdict = verdict_with({**WAIVER, key: text})
    assert verdict.decision == "deploy"
    page = render(UNCLEAR, verdict)
    assert HOSTILE[:12] in Reader(page).text
    assert HOSTILE[:12] not in page


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version":9}', b"[" * 100_000])
def test_evidence_that_cannot_be_read_has_a_page_that_says_so(content: bytes) -> None:
    settings = GatesSection.read({"champion": {}, "waivers": [WAIVER]})
    verdict = judge(content, lineage_of(UNCLEAR), settings, Policy.read({"waivable": ["metric"]}), AT)
    page = render_unread(verdict)
    text = Reader(page).text
    assert text.startswith("Tollgate: Held")
    assert "Of 1 finding 1 failed: the model is not deployed." in text
    assert "The evidence cannot be shown" in text
    assert verdict.findings[0].message in text
    assert f"evidence {verdict.judged.evidence}" in text
    assert "bundle none" in text
    assert not re.search(r"https?:|//|url\(|@import|javascript:|<script", page)


def test_a_report_that_cannot_be_made_of_what_was_measured_is_a_page_that_says_so() -> None:
    assert render_measured(UNCLEAR) == render(UNCLEAR, None)
    unshown = UNCLEAR.model_copy(update={"population": {"read": HOSTILE}})
    page = render_measured(unshown)
    assert HOSTILE[:12] not in page
    text = Reader(page).text
    assert text.startswith("Tollgate: Measured")
    assert "No report can be made of this evidence" in text
    assert f"ValueError: invalid literal for int() with base 10: {HOSTILE[:8]!r}"[:-1] in text
    assert UNCLEAR.bundle[:12] in text
