"""The gate `metric`: does the bound of a metric's interval clear its limit?"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS, Evidence
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable
from tollgate.gates.gate import HIGHER, LOWER
from tollgate.gates.reuse import HoldoutGate, uncounted, used, widened, worn
from tollgate.short import short

MORE_ROWS = "hold out more rows (`split.holdout`)"
NEEDED = f"and {FEWEST_OF_A_CLASS} of each are needed: {MORE_ROWS}"


class MetricGate(HoldoutGate):
    """One metric with its limit."""

    question: ClassVar[str] = "Does the metric's 95 % interval lie wholly on the good side of its limit?"

    blind: ClassVar[str] = (
        "Whether the metric is the one that matters, how it will be on rows of another kind, and uses of the holdout "
        "of which no record was left, or whose rows had other ids."
    )
    source: ClassVar[str] = (
        "The bootstrap of Efron 1979, with the interval between percentiles of the draws, and for ks the basic one "
        "(Davison, Hinkley 1997, 5.2); where k models used the holdout, at the level of alpha / k (Bonferroni)."
    )

    told_by: ClassVar[str] = "name"

    name: Annotated[str, Field(description="The metric: " + ", ".join(METRICS) + ".")]
    at_least: Annotated[
        float | None,
        Field(
            gt=0,
            lt=1,
            description="The limit of a metric where more is better: "
            + ", ".join(
                f"{name} {metric.loosest}" for name, metric in METRICS.items() if metric.greater_is_better
            )
            + " or more.",
        ),
        LOWER,
    ] = None
    at_most: Annotated[
        float | None,
        Field(
            gt=0,
            description="The limit of a metric where less is better: "
            + ", ".join(
                f"{name} {metric.loosest}" for name, metric in METRICS.items() if not metric.greater_is_better
            )
            + " or less.",
        ),
        HIGHER,
    ] = None

    @classmethod
    def usual(cls) -> Self:
        """The area under the ROC curve, at least 0.6."""
        return cls(name="roc_auc", at_least=0.6)

    @field_validator("name")
    @classmethod
    def _known(cls, name: Any) -> Any:
        if name not in METRICS:
            raise ValueError(f"there is no metric {name!r}; there are {', '.join(METRICS)}")
        return name

    @model_validator(mode="after")
    def _can_fail(self) -> Self:
        metric = METRICS[self.name]
        key = "at_least" if metric.greater_is_better else "at_most"
        other = "at_most" if key == "at_least" else "at_least"
        limit = getattr(self, key)
        if limit is None or getattr(self, other) is not None:
            raise ValueError(f"`{self.name}` needs `{key}`, and only that")
        loosest = metric.loosest or 0.0
        if limit < loosest if metric.greater_is_better else limit > loosest:
            raise ValueError(
                f"`{key}` of `{self.name}` is {limit:g}, and {loosest:g} is the loosest that there is"
            )
        return self

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding: harm is the metric, turned so that greater is worse."""
        uncounted_use = uncounted(evidence)
        if uncounted_use:
            return [lacking("metric", self.name, uncounted_use)]
        figure, few = evidence.metrics.get(self.name), too_few(evidence)
        if figure is None or not usable(figure.estimate):
            reason = f"{self.name} has no interval: {figure.reason if figure else 'it was not measured'}"
            if figure and few:
                used_up = worn(used(evidence), self.max_reuse)
                return [undecided("metric", self.name, f"{reason}; {few}", used_up)]
            return [lacking("metric", self.name, reason)]
        return [self._finding(figure, used(evidence), few)]

    def _finding(self, figure: Figure, challengers: int, few: str) -> Finding:
        found = widened(figure, challengers)
        if self.at_least is not None:
            harm = Harm(low=-found.high, high=-found.low, limit=-self.at_least, level=found.level)
            bound = f"at least {short(self.at_least)}"
        else:
            harm = Harm(low=found.low, high=found.high, limit=float(self.at_most or 0), level=found.level)
            bound = f"at most {short(harm.limit)}"
        interval = f"{figure.value:.4f} [{found.low:.4f}, {found.high:.4f}]{found.said}"
        message = f"{self.name} is {interval}; needed is {bound}"
        status = harm.status
        if few:
            status, message = "INCONCLUSIVE", f"{message}; {few}"
        used_up = worn(challengers, self.max_reuse)
        if used_up and status == "PASS":
            status = "INCONCLUSIVE"
        return Finding(
            gate="metric",
            subject=self.name,
            status=status,
            message=f"{message}; {used_up}" if used_up else message,
            harm=harm,
            figures=figure.as_json() | ({} if challengers == 1 else {"challengers": challengers}),
            waivable=not used_up,
        )


def too_few(evidence: Evidence) -> str:
    """Why the holdout is too small for any statistical gate; empty where it is not."""
    events = evidence.holdout.events
    others = evidence.holdout.rows - events
    return "" if enough(events, others) else f"the holdout has {events} events and {others} others, {NEEDED}"


def enough(events: int, others: int) -> bool:
    """Whether so many of each class are enough for a statistical gate."""
    return min(events, others) >= FEWEST_OF_A_CLASS
