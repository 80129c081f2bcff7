"""The gate `monotonic`: does the model keep to the directions that the contract declares?"""

from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.monotonic_facts import Direction
from tollgate.gates.finding import Finding, Harm, Status, lacking
from tollgate.gates.gate import HIGHER, Gate
from tollgate.short import short

HEEDLESS = ("logistic",)  # models that take no notice of a declared direction


class MonotonicGate(Gate):
    """Each direction that the contract declares, on the graph of the bundle."""

    question: ClassVar[str] = "Does the probability move with every feature only in the declared direction?"

    blind: ClassVar[str] = (
        "A direction that nobody declared, and, of a model that explains nothing, rows other than those tried."
    )
    source: ClassVar[str] = (
        "By definition, the furthest that the margin moves the wrong way from one value of the feature to a later "
        "one. No paper stands for it, and the limit, for rounding of IEEE 754 doubles, is Tollgate's own."
    )

    at_most: Annotated[
        float,
        Field(ge=0, le=1e-6, description="The most that the margin may move the wrong way: rounding."),
        HIGHER,
    ] = 1e-9

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding for each declared direction."""
        facts = evidence.monotonic
        if isinstance(facts, NotAssessed):
            return [lacking("monotonic", "directions", facts.not_assessed)]
        if facts.agrees is False:
            return [
                lacking("monotonic", "directions", "what explain.json says of the model is not its graph")
            ]
        if not facts.directions:
            said = "the contract declares no direction"
            return [Finding(gate="monotonic", subject="directions", status="PASS", message=said)]
        model = str(evidence.training.get("model", ""))
        return [self._finding(name, found, model) for name, found in facts.directions.items()]

    def _finding(self, name: str, found: Direction, model: str) -> Finding:
        high = found.worst if found.bound is None else max(found.bound, found.worst)
        harm = Harm(low=found.worst, high=high, limit=self.at_most)
        return Finding(
            gate="monotonic",
            subject=name,
            status=harm.status,
            message=_said(name, found, harm.status) + (_hint(model) if harm.status != "PASS" else ""),
            harm=harm,
            figures=found.as_json(),
        )


def _hint(model: str) -> str:
    """What to do about a model that was never told of the direction."""
    if model not in HEEDLESS:
        return ""
    return f"; the model {model} does not heed `monotone`, scorecard and gradient_boosting do"


def _said(name: str, found: Direction, status: Status) -> str:
    way, wrong = ("rise", "falls") if found.declared == "increasing" else ("fall", "rises")
    said = f"the margin must {way} with {name}"
    if status == "FAIL":
        known = found.low is not None and found.high is not None
        span = f"from {short(found.low or 0)} to {short(found.high or 0)}" if known else "somewhere"
        return f"{said}, and {wrong} by {short(found.worst, 3)} {span}"
    if status == "INCONCLUSIVE":
        most = short(found.bound or 0.0, 3)
        return f"{said}; no row was found where it {wrong}, but by its trees it may by up to {most}"
    if found.method == "sweep":
        return f"{said}, and does at {found.points:,} values in {found.rows:,} rows; others were not tried"
    return f"{said}, and does for every row there can be; at {found.points:,} values in {found.rows:,} rows it was seen"
