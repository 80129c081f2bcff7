"""The gate `cost`: does deciding with the challenger cost more than what it replaces?"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from tollgate.evaluation.cost_section import Errors, Paired
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.joint import Joint
from tollgate.gates.finding import BELOW_NOTHING, Finding, Harm, lacking, undecided, usable, without_interval
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.judged import judged
from tollgate.gates.metric import NEEDED, enough

NAME = "cost"
Costs = tuple[float, float]


class CostGate(Gate):
    """The expected cost of wrong decisions per row, against the champion's on the same rows."""

    question: ClassVar[str] = (
        "Does a decision cost no more than the champion's, each at its own threshold and at equal approval rate; and "
        "without a champion, less than approving or declining everybody?"
    )
    blind: ClassVar[str] = (
        "Costs that differ from row to row, such as amounts, and what no decision on file shows."
    )
    source: ClassVar[str] = (
        "The expected cost of a cost matrix as in Elkan 2001, where right decisions cost nothing; its ratio by the "
        "delta method."
    )

    false_negative: Annotated[
        float | None,
        Field(gt=0, description="What an approved event costs; by default as under `train.decision.cost`."),
    ] = None
    false_positive: Annotated[
        float | None,
        Field(gt=0, description="What a declined non-event costs, in the same unit."),
    ] = None
    margin: Annotated[
        float,
        Field(ge=0, le=0.2, description="How much more it may cost, as a share of the champion's cost."),
        HIGHER,
    ] = 0.05

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.false_negative is None) != (self.false_positive is None):
            raise ValueError("give both `false_negative` and `false_positive`, or neither")
        return self

    def findings(self, evidence: Evidence) -> list[Finding]:
        """Two against the champion, or one against deciding the same for everybody."""
        costs, found, champion = self._costs(evidence), evidence.errors, evidence.champion
        if isinstance(found, NotAssessed):
            return [lacking(NAME, "cost", found.not_assessed)]
        if costs is None:
            advice = "set `false_negative` and `false_positive`, or `train.decision.cost`"
            return [lacking(NAME, "costs", f"it is not known what an error costs: {advice}")]
        if champion.state == "none":
            return [_against_all(evidence, found, costs)]
        if found.paired is None:
            reason = champion.reason or "it was not measured on these rows"
            return [lacking(NAME, "champion", f"the champion cannot be compared with: {reason}")]
        return [
            self._against(evidence, found.paired, "own_threshold", found.paired.own, costs),
            self._against(evidence, found.paired, "equal_approval", found.paired.equal, costs),
        ]

    def _costs(self, evidence: Evidence) -> Costs | None:
        if self.false_negative is not None and self.false_positive is not None:
            return self.false_negative, self.false_positive
        decision = evidence.training.get("decision")
        cost = decision.get("cost") if isinstance(decision, Mapping) else None
        return (float(cost["false_negative"]), float(cost["false_positive"])) if cost else None

    def _against(
        self, evidence: Evidence, paired: Paired, subject: str, errors: Joint, costs: Costs
    ) -> Finding:
        weights = [*costs, 0.0, 0.0], [0.0, 0.0, *costs]
        more = relative(errors, *weights)
        others = paired.rows - paired.events
        if not enough(paired.events, others):
            reason = f"the compared rows have {paired.events} events and {others} others, {NEEDED}"
            return undecided(NAME, subject, reason)
        if more is None:
            return lacking(NAME, subject, "the champion's decisions cost nothing on these rows")
        if not usable(more.estimate):
            return without_interval(NAME, subject, more.estimate, "the cost")
        harm = Harm(low=more.low or 0.0, high=more.high or 0.0, limit=self.margin)
        ours, theirs = (total(errors, side) for side in weights)
        shares = [f"{100 * share:.1f} %" for share in paired.approved]
        where = f"both approving {shares[1]}"
        if subject == "own_threshold":
            where = f"each at its own threshold, approving {shares[0]} and {shares[1]}"
        message = (
            f"a decision costs {ours:.4f}, the champion's {theirs:.4f}, {where}: more by {_percent(more)}; allowed is "
            f"{100 * self.margin:g} %"
        )
        return judged(
            NAME, subject, evidence, harm, message, {**more.as_json(), "cost": ours, "champion": theirs}
        )


def relative(errors: Joint, ours: list[float], theirs: list[float]) -> Figure | None:
    """How much more one sum of levels is than another, as a share of that, by the delta method; None where that is 0.

    Args:
        errors: The levels.
        ours: What each counts in the one.
        theirs: What each counts in the other.
    """
    cost, base = total(errors, ours), total(errors, theirs)
    if base <= 0:
        return None
    gradient = [one / base - cost / base**2 * other for one, other in zip(ours, theirs, strict=True)]
    return errors.figure(cost / base - 1, gradient)


def total(errors: Joint, weights: list[float]) -> float:
    """A sum of levels, each with its weight."""
    return sum(weight * (value or 0.0) for weight, value in zip(weights, errors.values, strict=True))


def _against_all(evidence: Evidence, found: Errors, costs: Costs) -> Finding:
    """Against the cheaper of approving and of declining everybody: declining costs the others, 1 minus the events."""
    events = found.alone.values[2] or 0.0
    everybody = {"approving": costs[0] * events, "declining": costs[1] * (1 - events)}
    cheaper = min(everybody, key=lambda name: everybody[name])
    base = everybody[cheaper]
    if base <= 0:
        return lacking(NAME, "everybody", f"{cheaper} everybody costs nothing on these rows")
    cost = total(found.alone, [*costs, 0.0])
    by_events = costs[0] if cheaper == "approving" else -costs[1]
    gradient = [costs[0] / base, costs[1] / base, -cost / base**2 * by_events]
    more = found.alone.figure(cost / base - 1, gradient)
    if not usable(more.estimate):
        return without_interval(NAME, "everybody", more.estimate, "the cost")
    harm = Harm(low=more.low or 0.0, high=more.high or 0.0, limit=BELOW_NOTHING)
    message = f"a decision costs {cost:.4f}, {cheaper} everybody {base:.4f}: more by {_percent(more)}; it must be less"
    figures: dict[str, Any] = {**more.as_json(), "cost": cost, cheaper: base}
    return judged(NAME, "everybody", evidence, harm, message, figures)


def _percent(figure: Figure) -> str:
    low, high = figure.low or 0.0, figure.high or 0.0
    return f"{100 * (figure.value or 0.0):+.1f} % [{100 * low:+.1f}, {100 * high:+.1f}]"
