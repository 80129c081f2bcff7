"""A finding from a harm interval: one rule for every gate."""

from collections.abc import Mapping
from typing import Any

from tollgate.evaluation.evidence import Evidence
from tollgate.gates.finding import Finding, Harm, lacking, undecided
from tollgate.gates.metric import too_few


def judged(
    gate: str,
    subject: str,
    evidence: Evidence,
    harm: Harm,
    message: str,
    figures: Mapping[str, Any],
) -> Finding:
    """What a harm interval says: PASS, FAIL or INCONCLUSIVE, the last whenever the holdout is too small."""
    few = too_few(evidence)
    return Finding(
        gate=gate,
        subject=subject,
        status="INCONCLUSIVE" if few else harm.status,
        message=f"{message}; {few}" if few else message,
        harm=harm,
        figures=dict(figures),
    )


def unmeasured(gate: str, subject: str, evidence: Evidence, reason: str) -> Finding:
    """The finding where a figure that should be there is not: INCONCLUSIVE on a holdout too small for it, else FAIL."""
    few = too_few(evidence)
    return undecided(gate, subject, f"{reason}; {few}") if few else lacking(gate, subject, reason)
