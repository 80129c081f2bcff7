"""Reaching a verdict and keeping it with the run: verdict, evidence, report, model card."""

import json
from collections.abc import Mapping
from typing import Any

from components.policy_file import read_policy
from tollgate.clock import now
from tollgate.evaluation.evidence import Evidence
from tollgate.gates.section import GatesSection
from tollgate.report import render
from tollgate.report.model_card import model_card
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict, judge


def reach_verdict(
    evidence: bytes, gates: Mapping[str, Any], storage: FolderStorage, run: str
) -> tuple[Verdict, str]:
    """Judge evidence, and write what was judged and found to the run's folder in storage.

    Returns:
        The verdict, and the report as HTML; empty where the evidence cannot be read.
    """
    verdict = judge(evidence, GatesSection.read(gates), read_policy(), now())
    read = Evidence.read(json.loads(evidence)) if verdict.judged.bundle else None
    page = render(read, verdict) if read else ""
    card = model_card(read, verdict) if read else ""
    storage.write(f"runs/{run}/evidence.json", evidence)
    storage.write(f"runs/{run}/verdict.json", verdict.content())
    storage.write(f"runs/{run}/report.html", page.encode())
    storage.write(f"runs/{run}/card.md", card.encode())
    return verdict, page
