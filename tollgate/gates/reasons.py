"""The gate `reasons`: has every declined applicant a reason, and is it true?"""

from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.gates.finding import Finding, Harm, lacking
from tollgate.gates.gate import HIGHER, Gate
from tollgate.short import short

NAMED = 5


class ReasonsGate(Gate):
    """Reasons of declined rows of the holdout."""

    question: ClassVar[str] = (
        "Has every declined row a reason, do contributions add up, and are the words true of the value?"
    )

    blind: ClassVar[str] = "Whether an applicant understands a reason, or could do anything about it."
    source: ClassVar[str] = (
        "Contributions are Shapley values, which add up to the margin (local accuracy; Lundberg, Lee 2017). Regulation "
        "B (12 CFR 1002.9) asks for the reasons of a denial. Rows are counted, and the limits are Tollgate's own."
    )

    without: Annotated[
        float,
        Field(ge=0, le=0.01, description="The largest share of declined rows that may have no reason."),
        HIGHER,
    ] = 0.0
    apart: Annotated[
        float,
        Field(gt=0, le=1e-6, description="By how much contributions may miss the margin."),
        HIGHER,
    ] = 1e-9

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding each on whether there are reasons, whether they add up, and what they say."""
        facts = evidence.reasons
        if isinstance(facts, NotAssessed):
            return [lacking("reasons", "declined rows", facts.not_assessed)]
        if not facts.explains:
            return [_plain("the model explains nothing, so that nobody is given a reason")]
        if not facts.looked:
            return [_plain("the model declines no row of the holdout")]
        return [self._without(facts), self._additive(facts), *_words(facts)]

    def _without(self, facts: ReasonsFacts) -> Finding:
        share = facts.without / facts.looked
        said = (
            f"{facts.without:,} of {facts.looked:,} declined rows looked at, of {facts.declined:,}, have no reason; "
            f"at most the share {short(self.without)} is allowed"
        )
        return _finding("declined rows", share, self.without, said)

    def _additive(self, facts: ReasonsFacts) -> Finding:
        said = (
            f"base and contributions differ from the margin by at most {short(facts.additivity, 2)}; "
            f"at most {short(self.apart)} is allowed"
        )
        return _finding("contributions", facts.additivity, self.apart, said)


def _words(facts: ReasonsFacts) -> list[Finding]:
    if facts.contrary:
        return [
            _finding(name, float(rows), 0.0, f"{rows:,} reasons say of {name} what its value contradicts")
            for name, rows in facts.contrary.items()
        ]
    said = "what is said agrees with the values"
    if facts.lacking:
        named = ", ".join(facts.lacking[:NAMED]) + (" and more" if len(facts.lacking) > NAMED else "")
        said += f"; the contract has not all texts for {named}, so that the name stands in their place"
    return [_plain(said, "words")]


def _finding(subject: str, value: float, limit: float, said: str) -> Finding:
    harm = Harm(low=value, high=value, limit=limit)
    return Finding(
        gate="reasons",
        subject=subject,
        status=harm.status,
        message=said,
        harm=harm,
        figures={"value": value},
    )


def _plain(said: str, subject: str = "declined rows") -> Finding:
    return Finding(gate="reasons", subject=subject, status="PASS", message=said)
