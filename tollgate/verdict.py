"""The verdict: every gate speaks, then one place decides."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import ValidationError

from tollgate.canonical import canonical_json, sha256
from tollgate.evaluation.evidence import Evidence
from tollgate.gates.finding import Finding, lacking
from tollgate.gates.gate import Gate
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.section import Section

FORMAT_VERSION: Literal[1] = 1
Decision = Literal["deploy", "hold"]


class Judged(Section):
    """What a verdict was made of, by digest, so that a later edit shows.

    Attributes:
        bundle: The challenger's bundle digest; empty when the evidence could not be read.
        holdout: The digest of the split that the holdout came from.
        champion: The champion's release digest; None without a champion.
        generation: The target's generation at the time.
        evidence: The sha256 of evidence.json.
        gates: The digest of the section `gates`.
        policy: The digest of the policy.
    """

    bundle: str
    holdout: str
    champion: str | None
    generation: int
    evidence: str
    gates: str
    policy: str


class Verdict(Section):
    """All findings, the decision, and the digests of what was judged.

    Attributes:
        version: The format of verdict.json.
        decision: deploy only when every finding is PASS.
        findings: What every gate said.
        judged: What the verdict was made of.
        settings: The section `gates` as JSON values.
        at: When, UTC, ISO 8601.
    """

    version: Literal[1] = FORMAT_VERSION
    decision: Decision
    findings: tuple[Finding, ...]
    judged: Judged
    settings: Mapping[str, Any]
    at: str

    def content(self) -> bytes:
        """The content of verdict.json; its sha256 names the verdict."""
        return canonical_json(json.loads(self.model_dump_json()))

    def stopped_by(self) -> list[Finding]:
        """The findings that are not PASS."""
        return [finding for finding in self.findings if finding.status != "PASS"]


def judge(evidence: bytes, gates: GatesSection, policy: Policy, at: str) -> Verdict:
    """Let every gate speak, and decide.

    Args:
        evidence: The content of evidence.json.
        gates: The gates and their limits.
        policy: The floor under them.
        at: The time, UTC, ISO 8601.

    Returns:
        A verdict, whatever the evidence: what cannot be read or judged is a FAIL.
    """
    findings = [lacking("policy", "gates", reason) for reason in policy.weaker(gates)]
    read: Evidence | None = None
    try:
        read = Evidence.read(json.loads(evidence))
    except (ValueError, RecursionError) as error:
        findings.append(lacking("evidence", "evidence.json", f"the evidence cannot be read: {_short(error)}"))
    if read is not None:
        for gate in gates.gates():
            findings += _speak(gate, read)
    passed = bool(findings) and all(finding.status == "PASS" for finding in findings)
    return Verdict(
        decision="deploy" if passed else "hold",
        findings=tuple(findings),
        judged=Judged(
            bundle=read.bundle if read else "",
            holdout=read.holdout.splits if read else "",
            champion=read.champion.release if read else None,
            generation=read.champion.generation if read else 0,
            evidence=sha256(evidence),
            gates=gates.digest(),
            policy=policy.digest(),
        ),
        settings=gates.as_json(),
        at=at,
    )


def _speak(gate: Gate, evidence: Evidence) -> list[Finding]:
    """A gate that breaks, in whatever way, or says nothing is a FAIL: it lets no model through by accident."""
    name = type(gate).__name__
    try:
        return gate.findings(evidence) or [lacking(name, "", "the gate gave no finding")]
    except Exception as error:  # noqa: BLE001 - the finding says what it was, and the other gates still speak
        return [
            lacking(name, "", f"the gate broke on this evidence: {type(error).__name__}: {_short(error)}")
        ]


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)[:200]
