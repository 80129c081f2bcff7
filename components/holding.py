"""Whether a verdict still holds for exactly what is about to be published."""

import datetime as dt
import json

from components.judged import verdict_key
from components.policy_file import read_policy
from tollgate.admission import CLOCKS_APART
from tollgate.clock import now
from tollgate.evaluation.naming import EvidenceName
from tollgate.gates.section import GatesSection
from tollgate.lineage import Lineage
from tollgate.policy import Policy
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict, judge


def read_verdict(content: bytes) -> Verdict | None:
    """The verdict in the content of a verdict.json; None where it is none."""
    try:
        return Verdict.read(json.loads(content))
    except (ValueError, TypeError, RecursionError):
        return None


def kept(content: bytes, storage: FolderStorage, run: str) -> bool:
    """Whether a verdict is, byte for byte, the one that judge kept with the run."""
    return storage.exists(verdict_key(run)) and storage.read(verdict_key(run)) == content


def refusals(verdict: Verdict, evidence: bytes, lineage: Lineage, gates: GatesSection) -> list[str]:
    """Why this verdict must not be acted on; empty where it may be.

    Args:
        verdict: The verdict.
        evidence: The content of evidence.json as it is now.
        lineage: What the run made.
        gates: The section `gates` as it is now.
    """
    policy = read_policy()
    reasons = [f"{finding.gate}: {finding.message}" for finding in verdict.stopped_by()]
    if verdict.decision != "deploy":
        reasons.append(f"the verdict says {verdict.decision}")
    if not verdict.findings:
        reasons.append("the verdict has no finding")
    reasons += _edited(verdict, evidence, lineage, gates, policy)
    reasons = reasons or _judged_again(verdict, evidence, lineage, gates, policy)
    return reasons + [f"weaker than the policy: {reason}" for reason in policy.weaker(gates)]


def _edited(
    verdict: Verdict, evidence: bytes, lineage: Lineage, gates: GatesSection, policy: Policy
) -> list[str]:
    """What is not what was judged, by digest."""
    judged, name = verdict.judged, EvidenceName.of(evidence)
    reasons = []
    if judged.bundle != lineage.bundle:
        reasons.append(f"the verdict is about the bundle {judged.bundle[:12]}, not {lineage.bundle[:12]}")
    if judged.target != lineage.target:
        reasons.append(f"the verdict is for the target {judged.target or 'of no name'}, not {lineage.target}")
    reasons += lineage.other(evidence)
    if judged.evidence != name.evidence:
        reasons.append("the evidence is not the one that was judged")
    if judged.timings != name.timings:
        reasons.append("the timings of the evidence are not those that were judged")
    if judged.gates != gates.digest():
        reasons.append("the gates are not those that were judged by")
    if judged.policy != policy.digest():
        reasons.append("the policy has changed since the verdict")
    return reasons


def _judged_again(
    verdict: Verdict, evidence: bytes, lineage: Lineage, gates: GatesSection, policy: Policy
) -> list[str]:
    """What the gates say again: of then, where it must be this very verdict, and of now."""
    present = now()
    try:
        to_come = dt.datetime.fromisoformat(verdict.at) > dt.datetime.fromisoformat(present) + CLOCKS_APART
    except (ValueError, TypeError):
        return ["the verdict does not say when it was reached"]
    if to_come:
        return [f"the verdict was reached on {verdict.at}, which is still to come"]
    if judge(evidence, lineage, gates, policy, verdict.at).content() != verdict.content():
        return ["the verdict is not what the gates say of this evidence"]
    again = judge(evidence, lineage, gates, policy, present)
    return [f"since the verdict: {finding.gate}: {finding.message}" for finding in again.stopped_by()]
