"""The gate `fairness`: are protected groups approved as a reference group is?

29 CFR 1607.4 D holds every group against the one with the highest rate. Limits go both ways, so that a reference that
is itself approved much less than another group is seen: naming the worst-off group as the reference helps nobody.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS, Evidence
from tollgate.evaluation.fairness_section import Fairness, Protected
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.gates.fair_pair import FOUR_FIFTHS, Pair
from tollgate.gates.fair_report import reported
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable, without_interval
from tollgate.gates.gate import HIGHER, LOWER, Gate
from tollgate.gates.judged import judged
from tollgate.gates.metric import MORE_ROWS

NAME = "fairness"
MISSING = "missing"


class FairnessGate(Gate):
    """Approval of protected groups against a reference group; approval is the favourable outcome."""

    question: ClassVar[str] = (
        "Is each protected group approved nearly as often as the reference group, and this as often as each of them?"
    )
    blind: ClassVar[str] = (
        "Two groups of which one is approved more often than the reference and one less, each within the limit, people "
        "in two groups at once, groups that the data does not name, and whether a difference is justified."
    )
    source: ClassVar[str] = (
        "The ratio of 29 CFR 1607.4 D with the interval of Katz, Baptista, Azen, Pike 1978; differences of two "
        "shares of different rows, normally approximated."
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
            description="The least that the approval rate may be, as a share of the reference group's, and the "
            "reference's of it; 0.8 is the four-fifths rule of 29 CFR 1607.4 D. A report names the groups that are "
            "below this share of the highest rate of a group with 100 rows.",
        ),
        LOWER,
    ] = FOUR_FIFTHS
    difference: Annotated[
        float | None,
        Field(gt=0, le=0.3, description="How far the approval rates may be apart, either way."),
        HIGHER,
    ] = None
    opportunity: Annotated[
        float,
        Field(
            gt=0,
            le=0.3,
            description="How far the approval rates of those without the event may be apart, either way (equal "
            "opportunity).",
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
            yield _told(name, *reported(name, column, reference, self.ratio))
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
            few = _enough(subject, pair.fewest_rows, "rows")
            return few or without_interval(NAME, subject, figure.estimate, "the ratio")
        limit = -math.log(self.ratio)
        value, low, high = figure.value or 0.0, figure.low or 0.0, figure.high or 0.0
        harm = Harm(low=-high, high=-low, limit=limit, floor=-limit)
        worse, better, below = pair.from_below((value, low, high))
        ends = [math.exp(end) for end in below]
        message = (
            f"{worse} is approved {ends[0]:.3f} [{ends[1]:.3f}, {ends[2]:.3f}] times as often as {better}; needed is "
            f"at least {self.ratio:g}, either way"
        )
        return _enough(subject, pair.fewest_rows, "rows") or judged(
            NAME, subject, evidence, harm, message, figure.as_json()
        )

    def _difference(self, evidence: Evidence, pair: Pair, limit: float) -> Finding:
        return _apart(evidence, pair, "difference", "", pair.shortfall, pair.fewest_rows, limit)

    def _opportunity(self, evidence: Evidence, pair: Pair) -> Finding:
        among = " without the event"
        return _apart(
            evidence, pair, "opportunity", among, pair.of_good, pair.fewest_others, self.opportunity
        )


def _apart(
    evidence: Evidence, pair: Pair, what: str, among: str, figure: Figure | None, fewest: int, limit: float
) -> Finding:
    """How far two approval rates are apart, told from the lower one."""
    subject, kind = f"{pair.group} {what}", f"rows{among}"
    if figure is None:
        return _nothing(subject, fewest, kind, "it has no rate")
    if not usable(figure.estimate):
        few = _enough(subject, fewest, kind)
        return few or without_interval(NAME, subject, figure.estimate, "the difference")
    value, low, high = figure.value or 0.0, figure.low or 0.0, figure.high or 0.0
    harm = Harm(low=low, high=high, limit=limit, floor=-limit)
    worse, better, ends = pair.from_below((0.0 - value, 0.0 - high, 0.0 - low))
    of = f"those{among} in " if among else ""
    message = (
        f"the approval rate of {of}{worse} minus that of {better} is {ends[0]:+.3f} [{ends[1]:+.3f}, {ends[2]:+.3f}]; "
        f"needed is at least {-limit:g}, either way"
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
