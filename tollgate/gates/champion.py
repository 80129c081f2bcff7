"""The gate `champion`: is the challenger not worse than the model now served?"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import BELOW_NOTHING, Finding, Harm, lacking, undecided, usable
from tollgate.gates.gate import HIGHER, LOWER
from tollgate.gates.metric import NEEDED, enough
from tollgate.gates.reuse import HoldoutGate, Widened, uncounted, used, widened, worn
from tollgate.short import short

FEWEST_SCORED = 0.99
FINE = 0.001
COMPARED = {name: metric for name, metric in METRICS.items() if metric.widest is not None}
BY_RATE = {name: metric.by_rate for name, metric in COMPARED.items() if metric.by_rate is not None}


class ChampionGate(HoldoutGate):
    """A paired comparison on holdout rows that neither model learned from."""

    question: ClassVar[str] = (
        "Is the challenger, on rows that neither learned from, not worse than the champion by more than the margin?"
    )

    blind: ClassVar[str] = (
        "Applicants whom the champion's policy declined, whose outcome nobody knows; learned rows under another id; "
        "and uses of the holdout of which no record was left, or whose rows had other ids."
    )
    source: ClassVar[str] = (
        "The paired bootstrap of Efron 1979, as under `metric`; an interval held against a margin is the test of "
        "non-inferiority of ICH E9, 3.3.2."
    )

    margin: Annotated[
        float,
        Field(
            ge=0,
            le=0.05,
            description="The most of the metric that the challenger may lose: "
            + ", ".join(f"{name} {metric.widest}" for name, metric in COMPARED.items())
            + " or less. What goes with the rate of events may be lost by a share of that at most, if it is less: "
            + "; ".join(f"{name} {most.words}" for name, most in BY_RATE.items())
            + ".",
        ),
        HIGHER,
    ] = 0.01
    metric: Annotated[str, Field(description=f"The metric compared: {', '.join(COMPARED)}.")] = "roc_auc"
    superior: Annotated[
        bool, Field(description="Whether the challenger must be better, whatever the margin."), LOWER
    ] = False

    @field_validator("metric")
    @classmethod
    def _known(cls, name: Any) -> Any:
        if name not in METRICS:
            raise ValueError(f"there is no metric {name!r}; there are {', '.join(COMPARED)}")
        if name not in COMPARED:
            raise ValueError(
                f"{name!r} moves with each model's own threshold, so it compares no models; {', '.join(COMPARED)} do"
            )
        return name

    @model_validator(mode="after")
    def _can_be_lost(self) -> Self:
        widest = METRICS[self.metric].widest or 0.0
        if self.margin > widest and not self.superior:
            raise ValueError(
                f"a `margin` of {self.margin:g} is too wide for `{self.metric}`: give `margin`, at most {widest:g}"
            )
        return self

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding: harm is what the champion has over the challenger."""
        champion, comparison = evidence.champion, evidence.comparison
        if champion.state == "none":
            return [self._finding("PASS", "there is no champion: no pointer and no history")]
        if champion.state == "unreadable":
            return [self._lacking(f"the champion cannot be compared with: {champion.reason}")]
        if not isinstance(comparison, Comparison):
            return [self._lacking(f"the champion was not compared with: {comparison.not_assessed}")]
        uncounted_use = uncounted(evidence)
        if uncounted_use:
            return [self._lacking(uncounted_use)]
        figure, doubts = evidence.differences.get(self.metric), _doubts(comparison)
        if figure is None or not usable(figure.estimate):
            reason = f"the difference in {self.metric} has no interval: "
            reason += figure.reason if figure else "it was not measured"
            if doubts and (figure or not comparison.scored_rows):
                used_up = worn(used(evidence), self.max_reuse)
                return [undecided("champion", self.metric, "; ".join([reason, *doubts]), used_up)]
            return [self._lacking(reason)]
        found = self._compared(figure, comparison, used(evidence), doubts)
        if champion.bundle == evidence.bundle:
            same = f"the challenger is the champion, bundle for bundle; {found.message}"
            found = found.model_copy(update={"message": same})
        return [found]

    def _compared(
        self, figure: Figure, comparison: Comparison, challengers: int, doubts: list[str]
    ) -> Finding:
        difference = widened(figure, challengers)
        limit, needed = self._limit(comparison)
        harm = self._harm(difference, limit)
        said = [
            f"{self.metric} differs from the champion's by {_signed(figure.value, difference)}{difference.said}",
            needed,
            *_beside(comparison, self.metric, challengers),
            *doubts,
        ]
        used_up = worn(challengers, self.max_reuse)
        status = "INCONCLUSIVE" if doubts or (used_up and harm.status == "PASS") else harm.status
        figures = figure.as_json() | {"rows": comparison.scored_rows, "challengers": challengers}
        if self.metric in comparison.worst:
            figures["worst"] = comparison.worst[self.metric].as_json()
        message = "; ".join([*said, used_up] if used_up else said)
        return self._finding(status, message, harm, figures, waivable=not used_up)

    def _limit(self, comparison: Comparison) -> tuple[float, str]:
        """The most harm that is allowed on these rows, and in words what is needed."""
        if self.superior:
            return BELOW_NOTHING, "it must be better"
        most = METRICS[self.metric].by_rate
        by_rate = most.at(comparison.scored_events / max(comparison.scored_rows, 1)) if most else self.margin
        if most is None or by_rate >= self.margin:
            return self.margin, f"it may be worse by {short(self.margin)}"
        return by_rate, f"it may be worse by {short(by_rate, 2)}, {most.words}"

    def _harm(self, difference: Widened, limit: float) -> Harm:
        sign = 1 if METRICS[self.metric].greater_is_better else -1
        low, high = sorted((-sign * difference.low, -sign * difference.high))
        return Harm(low=low, high=high, limit=limit, level=difference.level)

    def _lacking(self, reason: str) -> Finding:
        return lacking("champion", self.metric, reason)

    def _finding(
        self,
        status: Any,
        message: str,
        harm: Harm | None = None,
        figures: dict[str, Any] | None = None,
        waivable: bool = True,
    ) -> Finding:
        return Finding(
            gate="champion",
            subject=self.metric,
            status=status,
            message=message,
            harm=harm,
            figures=figures or {},
            waivable=waivable,
        )


def _doubts(comparison: Comparison) -> list[str]:
    """Why the comparison proves nothing, whatever it says."""
    found, events = [], comparison.scored_events
    others = comparison.scored_rows - events
    if not enough(events, others):
        found.append(f"the rows compared on have {events} events and {others} others, {NEEDED}")
    for scored, of, what in (
        (comparison.scored_rows, comparison.rows, "rows"),
        (comparison.scored_events, comparison.events, "events"),
    ):
        if scored < FEWEST_SCORED * of:
            found.append(
                f"the champion can score {scored} of {of} {what}, and {FEWEST_SCORED:.0%} are needed: "
                f"{comparison.unscored}"
            )
    return [*found, comparison.unknown] if comparison.unknown else found


def _beside(comparison: Comparison, metric: str, challengers: int) -> list[str]:
    """What else is to be known of a comparison: rows left out, and how it would be with those not scored."""
    said = []
    seen = [comparison.seen_by_champion or 0, comparison.seen_by_challenger or 0]
    if any(seen):
        said.append(
            f"left out are rows that a model learned from, {seen[0]} of the champion and {seen[1]} of the challenger"
        )
    worst, unscored = comparison.worst.get(metric), comparison.rows - comparison.scored_rows
    if worst is not None and usable(worst.estimate):
        shown = _signed(worst.value, widened(worst, challengers))
        said.append(
            f"were the champion right about each of the {unscored} rows that it cannot score: {shown}"
        )
    return said


def _signed(value: float | None, found: Widened) -> str:
    """Ends that differ by little, as of a Brier score of rare events, are told in full."""
    digits = 4 if max(abs(found.low), abs(found.high)) >= FINE or found.low == found.high else 7
    return f"{value:+.{digits}f} [{found.low:+.{digits}f}, {found.high:+.{digits}f}]"
