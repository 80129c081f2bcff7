"""Reaching a verdict and keeping it with the run: verdict, evidence, report."""

import json
from collections.abc import Mapping
from typing import Any

from components.judged_record import record_judged
from components.policy_file import read_policy
from tollgate.clock import now
from tollgate.evaluation.evidence import Evidence
from tollgate.gates.section import GatesSection
from tollgate.report import render
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict, judge


def reach_verdict(
    evidence: bytes, gates: Mapping[str, Any], storage: FolderStorage, run: str
) -> tuple[Verdict, str]:
    """Judge evidence, and write what was judged and found to the run's folder in storage, and that it was judged.

    Returns:
        The verdict, and the report as HTML; empty where the evidence cannot be read.
    """
    verdict = judge(evidence, GatesSection.read(gates), read_policy(), now())
    page = ""
    if verdict.judged.bundle:
        read = Evidence.read(json.loads(evidence))
        record_judged(read, storage)
        page = render(read, verdict)
    storage.write(f"runs/{run}/evidence.json", evidence)
    storage.write(f"runs/{run}/verdict.json", verdict.content())
    storage.write(f"runs/{run}/report.html", page.encode())
    return verdict, page
