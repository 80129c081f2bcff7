"""The gate `fairness`: are protected groups approved as a reference group is?"""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS, Evidence
from tollgate.evaluation.fairness_section import Fairness, Protected
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.gates.fair_pair import FOUR_FIFTHS, Pair, reported
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable
from tollgate.gates.gate import HIGHER, LOWER, Gate
from tollgate.gates.judged import judged
from tollgate.gates.metric import MORE_ROWS

NAME = "fairness"
MISSING = "missing"


class FairnessGate(Gate):
    """Approval of protected groups against a reference group; approval is the favourable outcome."""

    question: ClassVar[str] = "Is each protected group approved nearly as often as the reference group?"
    blind: ClassVar[str] = (
        "Harm to the reference group itself, people in two groups at once, groups that the data does not name, and "
        "whether a difference is justified."
    )

    policy: Annotated[
        Literal["none", "report", "gate"],
        Field(
            description="none: nothing is said; report: the figures are told and never hold a model; gate: each group "
            "must show it."
        ),
        LOWER,
    ] = "report"
    reference: Annotated[
        Mapping[str, str],
        Field(
            description="By protected column the group that others are held against; by default the largest."
        ),
    ] = {}
    ratio: Annotated[
        float,
        Field(
            ge=0.5,
            lt=1,
            description="The least that the approval rate may be, as a share of the reference group's; 0.8 is the "
            "four-fifths rule of 29 CFR 1607.4 D. A report names the groups that are below.",
        ),
        LOWER,
    ] = FOUR_FIFTHS
    difference: Annotated[
        float | None,
        Field(gt=0, le=0.3, description="How much lower the approval rate may be, as a difference."),
        HIGHER,
    ] = None
    opportunity: Annotated[
        float,
        Field(
            gt=0,
            le=0.3,
            description="How much lower the approval rate of those without the event may be (equal opportunity).",
        ),
        HIGHER,
    ] = 0.1

    def findings(self, evidence: Evidence) -> list[Finding]:
        """As a report one for each protected column; as a gate two or three for each group but the reference."""
        if self.policy == "none":
            return [_told("policy", "the policy is none: groups are measured, and not looked at")]
        found = evidence.fairness
        if isinstance(found, NotAssessed):
            return [lacking(NAME, "fairness", found.not_assessed)]
        if not found.columns:
            none = "no column of the contract is protected, or none has two groups in the holdout"
            return [lacking(NAME, "groups", none) if self.policy == "gate" else _told("groups", none)]
        return list(self._wrong(found)) or [
            finding
            for name, column in found.columns.items()
            for finding in self._of(evidence, name, column, self._reference(name, column))
        ]

    def _wrong(self, found: Fairness) -> Iterator[Finding]:
        """References that the evidence does not know: a misspelt one must not fall back to another."""
        for name, group in self.reference.items():
            groups = [one.name for one in found.columns[name].groups] if name in found.columns else []
            if group not in groups:
                known = f"groups: {', '.join(groups)}" if groups else f"columns: {', '.join(found.columns)}"
                reason = f"the reference group {group!r} of {name} was not found; there are {known}"
                yield lacking(NAME, f"reference {name}", reason)

    def _reference(self, name: str, column: Protected) -> int:
        names = [one.name for one in column.groups]
        if name in self.reference:
            return names.index(self.reference[name])
        sizes = [-1 if one.name == MISSING else one.rows for one in column.groups]
        return sizes.index(max(sizes))

    def _of(self, evidence: Evidence, name: str, column: Protected, reference: int) -> Iterator[Finding]:
        if self.policy == "report":
            message, below = reported(name, column, reference, self.ratio)
            yield _told(name, message, {"reference": column.groups[reference].name, "below": below})
            return
        for at in range(len(column.groups)):
            if at != reference:
                pair = Pair(name, column, at, reference)
                yield self._ratio(evidence, pair)
                if self.difference is not None:
                    yield self._difference(evidence, pair, self.difference)
                yield self._opportunity(evidence, pair)

    def _ratio(self, evidence: Evidence, pair: Pair) -> Finding:
        subject, figure = f"{pair.group} ratio", pair.log_ratio
        if figure is None:
            return _nothing(
                subject, pair.fewest_rows, "rows", "nobody of it, or of the reference, is approved"
            )
        if not usable(figure.estimate):
            return _nothing(subject, pair.fewest_rows, "rows", f"the ratio has no interval: {figure.reason}")
        harm = Harm(low=-(figure.high or 0.0), high=-(figure.low or 0.0), limit=-math.log(self.ratio))
        ends = [math.exp(end or 0.0) for end in (figure.value, figure.low, figure.high)]
        message = (
            f"{pair.group} is approved {ends[0]:.3f} [{ends[1]:.3f}, {ends[2]:.3f}] times as often as "
            f"{pair.reference}; needed is at least {self.ratio:g}"
        )
        return _enough(subject, pair.fewest_rows, "rows") or judged(
            NAME, subject, evidence, harm, message, figure.as_json()
        )

    def _difference(self, evidence: Evidence, pair: Pair, limit: float) -> Finding:
        words = f"the approval rate of {pair.group}"
        return _lower(evidence, pair, "difference", words, pair.shortfall, pair.fewest_rows, "rows", limit)

    def _opportunity(self, evidence: Evidence, pair: Pair) -> Finding:
        words = f"the approval rate of those without the event in {pair.group}"
        few = pair.fewest_others
        return _lower(
            evidence,
            pair,
            "opportunity",
            words,
            pair.of_good,
            few,
            "rows without the event",
            self.opportunity,
        )


def _lower(
    evidence: Evidence,
    pair: Pair,
    what: str,
    words: str,
    figure: Figure | None,
    fewest: int,
    kind: str,
    limit: float,
) -> Finding:
    subject = f"{pair.group} {what}"
    if figure is None:
        return _nothing(subject, fewest, kind, "it has no rate")
    if not usable(figure.estimate):
        return _nothing(subject, fewest, kind, f"the difference has no interval: {figure.reason}")
    harm = Harm(low=figure.low or 0.0, high=figure.high or 0.0, limit=limit)
    ends = [0.0 - (end or 0.0) for end in (figure.value, figure.high, figure.low)]
    message = (
        f"{words} minus that of {pair.reference} is {ends[0]:+.3f} [{ends[1]:+.3f}, {ends[2]:+.3f}]; needed is at "
        f"least {-limit:g}"
    )
    return _enough(subject, fewest, kind) or judged(NAME, subject, evidence, harm, message, figure.as_json())


def _enough(subject: str, fewest: int, kind: str) -> Finding | None:
    """INCONCLUSIVE where the smaller group is too small; None where it is not."""
    if fewest >= FEWEST_OF_A_CLASS:
        return None
    reason = f"the smaller group has {fewest} {kind}, and {FEWEST_OF_A_CLASS} are needed: {MORE_ROWS}"
    return undecided(NAME, subject, reason)


def _nothing(subject: str, fewest: int, kind: str, reason: str) -> Finding:
    return _enough(subject, fewest, kind) or lacking(NAME, subject, reason)


def _told(subject: str, message: str, figures: Mapping[str, Any] | None = None) -> Finding:
    return Finding(gate=NAME, subject=subject, status="PASS", message=message, figures=figures or {})
