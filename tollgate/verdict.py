"""The verdict: every gate speaks, then one place decides."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from tollgate.admission import admit, shortly
from tollgate.canonical import canonical_json
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.naming import EvidenceName
from tollgate.gates.finding import Finding, lacking
from tollgate.gates.gate import Gate
from tollgate.gates.section import GatesSection
from tollgate.lineage import Lineage
from tollgate.loosened import loosened
from tollgate.policy import Policy
from tollgate.section import Section
from tollgate.waived import Waived, weigh

FORMAT_VERSION: Literal[2] = 2
Decision = Literal["deploy", "hold"]


class Judged(Section):
    """What a verdict was made of, by digest, so that a later edit shows.

    Attributes:
        bundle: The challenger's bundle digest; empty when the evidence could not be read.
        target: What it was judged for: the target's kind and name; empty in version 1.
        holdout: The digest of the split that the holdout came from.
        champion: The champion's release digest; None without a champion.
        generation: The target's generation at the time.
        evidence: The digest of evidence.json without its timings; in version 1 the sha256 of the whole file.
        timings: The digest of its timings; empty where there are none, and in version 1.
        gates: The digest of the section `gates`.
        policy: The digest of the policy.
    """

    bundle: str
    target: str = ""
    holdout: str
    champion: str | None
    generation: int
    evidence: str
    timings: str = ""
    gates: str
    policy: str


class Verdict(Section):
    """All findings, the decision, and the digests of what was judged.

    Attributes:
        version: The format of verdict.json; 1 knew neither waivers nor timings, and held the settings as set.
        decision: deploy only when every finding is PASS, or INCONCLUSIVE and waived.
        findings: What every gate said; a waiver changes none of them.
        waivers: What was set to let findings through, and whether it does.
        judged: What the verdict was made of.
        settings: The gates that ran, as JSON values: every option, and the gates that the policy requires.
        at: When, UTC, ISO 8601.
    """

    version: Literal[1, 2] = FORMAT_VERSION
    decision: Decision
    findings: tuple[Finding, ...]
    waivers: tuple[Waived, ...] = ()
    judged: Judged
    settings: Mapping[str, Any]
    at: str

    def content(self) -> bytes:
        """The content of verdict.json; its sha256 names the verdict."""
        return canonical_json(json.loads(self.model_dump_json()))

    def waived(self) -> dict[int, Waived]:
        """The waiver that lets a finding through, by the finding's place."""
        return {at: one for one in self.waivers if one.state == "used" for at in one.findings}

    def stopped_by(self) -> list[Finding]:
        """The findings that are neither PASS nor waived; a FAIL stops whatever is said of it."""
        waived = self.waived()
        return [
            one
            for at, one in enumerate(self.findings)
            if one.status == "FAIL" or (one.status == "INCONCLUSIVE" and at not in waived)
        ]


def judge(evidence: bytes, lineage: Lineage, gates: GatesSection, policy: Policy, at: str) -> Verdict:
    """Let every gate speak, weigh the waivers, and decide.

    Args:
        evidence: The content of evidence.json.
        lineage: What the run made, which the evidence must be about.
        gates: The gates and their limits.
        policy: The floor under them.
        at: The time, UTC, ISO 8601.

    Returns:
        A verdict, whatever the evidence: what cannot be read or judged is a FAIL.
    """
    run = policy.completed(gates)
    findings = [lacking("policy", "gates", reason) for reason in policy.weaker(gates)]
    read, faults = admit(evidence, lineage, run.max_age, at)
    findings += faults
    if read is not None:
        for name, gate in run.named():
            findings += _speak(name, gate, read)
        findings += loosened(read, run)
    waivers, stopping = weigh(gates.waivers, findings, policy, at)
    verdict = Verdict(
        decision="hold",
        findings=(*findings, *stopping),
        waivers=waivers,
        judged=_judged(evidence, read, lineage, gates, policy),
        settings=json.loads(run.model_dump_json()),
        at=at,
    )
    passed = bool(findings) and not verdict.stopped_by()
    return verdict.model_copy(update={"decision": "deploy"}) if passed else verdict


def _judged(
    evidence: bytes, read: Evidence | None, lineage: Lineage, gates: GatesSection, policy: Policy
) -> Judged:
    name = EvidenceName.of(evidence)
    return Judged(
        bundle=read.bundle if read else "",
        target=lineage.target,
        holdout=read.holdout.splits if read else "",
        champion=read.champion.release if read else None,
        generation=read.champion.generation if read else 0,
        evidence=name.evidence,
        timings=name.timings,
        gates=gates.digest(),
        policy=policy.digest(),
    )


def _speak(name: str, gate: Gate, evidence: Evidence) -> list[Finding]:
    """A gate that breaks, in whatever way, or says nothing is a FAIL: it lets no model through by accident."""
    try:
        return gate.findings(evidence) or [lacking(name, "", "the gate gave no finding")]
    except Exception as error:  # noqa: BLE001 - the finding says what it was, and the other gates still speak
        return [
            lacking(name, "", f"the gate broke on this evidence: {type(error).__name__}: {shortly(error)}")
        ]
