"""Reaching a verdict and keeping it with the run: verdict, evidence, report, model card."""

import json
from collections.abc import Mapping
from typing import Any

from components.policy_file import read_policy
from tollgate.clock import now
from tollgate.evaluation.evidence import Evidence
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
    page, card = _pages(evidence, verdict)
    storage.write(f"runs/{run}/evidence.json", evidence)
    storage.write(verdict_key(run), verdict.content())
    storage.write(f"runs/{run}/report.html", page.encode())
    storage.write(f"runs/{run}/card.md", card.encode())
    return verdict, page


def _pages(evidence: bytes, verdict: Verdict) -> tuple[str, str]:
    """Report and card; what is wrong with evidence that cannot be shown stands in the verdict, and is shown alone."""
    try:
        read = Evidence.read(json.loads(evidence))
        return render(read, verdict), model_card(read, verdict)
    except Exception:
        if verdict.decision == "deploy":
            raise
        return render_unread(verdict), ""


def verdict_key(run: str) -> str:
    """Where in storage a run's verdict lies."""
    return f"runs/{run}/verdict.json"
