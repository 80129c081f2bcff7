"""Reaching a verdict and keeping it with the run: verdict, evidence, report, model card."""

import json
from collections.abc import Mapping
from typing import Any

from components.policy_file import read_policy
from tollgate.admission import GATE, shortly
from tollgate.clock import now
from tollgate.evaluation.evidence import Evidence
from tollgate.gates.finding import lacking
from tollgate.gates.section import GatesSection
from tollgate.lineage import Lineage
from tollgate.report import render, render_unread
from tollgate.report.model_card import model_card
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict, judge


def reach_verdict(
    evidence: bytes, lineage: Lineage, gates: Mapping[str, Any], storage: FolderStorage, run: str
) -> tuple[Verdict, str]:
    """Judge evidence, and write what was judged and found to the run's folder in storage.

    Returns:
        The verdict, and the report as HTML.
    """
    verdict = judge(evidence, lineage, GatesSection.read(gates), read_policy(), now())
    verdict, page, card = _shown(evidence, verdict)
    storage.write(f"runs/{run}/evidence.json", evidence)
    storage.write(verdict_key(run), verdict.content())
    storage.write(f"runs/{run}/report.html", page.encode())
    storage.write(f"runs/{run}/card.md", card.encode())
    return verdict, page


def _shown(evidence: bytes, verdict: Verdict) -> tuple[Verdict, str, str]:
    """The verdict with report and card: nobody can look at a model whose evidence cannot be shown, so that is held."""
    try:
        read = Evidence.read(json.loads(evidence))
    except (ValueError, TypeError, RecursionError):
        return verdict, render_unread(verdict), ""  # why it cannot be read stands in the verdict
    try:
        return verdict, render(read, verdict), model_card(read, verdict)
    except Exception as error:  # noqa: BLE001 - whatever evidence holds, the step ends with a verdict
        said = f"no report can be made of this evidence: {type(error).__name__}: {shortly(error)}"
        held = verdict.model_copy(
            update={"decision": "hold", "findings": (*verdict.findings, lacking(GATE, "report", said))}
        )
        return held, render_unread(held), ""


def verdict_key(run: str) -> str:
    """Where in storage a run's verdict lies."""
    return f"runs/{run}/verdict.json"
