"""The gate `metric`: does the bound of a metric's interval clear its limit?"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS, Evidence
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable
from tollgate.gates.gate import HIGHER, LOWER, Gate


class MetricGate(Gate):
    """One metric with its limit."""

    question: ClassVar[str] = "Does the metric's 95 % interval lie wholly on the good side of its limit?"

    blind: ClassVar[str] = (
        "Whether the metric is the one that matters, and how it will be on rows of another kind."
    )

    told_by: ClassVar[str] = "name"

    name: Annotated[str, Field(description="The metric: " + ", ".join(METRICS) + ".")]
    at_least: Annotated[
        float | None, Field(gt=0, lt=1, description="The limit of a metric where more is better."), LOWER
    ] = None
    at_most: Annotated[
        float | None, Field(gt=0, description="The limit of a metric where less is better."), HIGHER
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
        key = "at_least" if METRICS[self.name].greater_is_better else "at_most"
        other = "at_most" if key == "at_least" else "at_least"
        if getattr(self, key) is None or getattr(self, other) is not None:
            raise ValueError(f"`{self.name}` needs `{key}`, and only that")
        return self

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding: harm is the metric, turned so that greater is worse."""
        figure, few = evidence.metrics.get(self.name), too_few(evidence)
        if figure is None or not usable(figure.estimate):
            reason = f"{self.name} has no interval: {figure.reason if figure else 'it was not measured'}"
            if figure and few:
                return [undecided("metric", self.name, f"{reason}; {few}")]
            return [lacking("metric", self.name, reason)]
        assert figure.low is not None and figure.high is not None  # noqa: S101, PT018 - said by usable()
        if self.at_least is not None:
            harm = Harm(low=-figure.high, high=-figure.low, limit=-self.at_least)
            bound = f"at least {self.at_least:g}"
        else:
            harm = Harm(low=figure.low, high=figure.high, limit=float(self.at_most or 0))
            bound = f"at most {self.at_most:g}"
        message = (
            f"{self.name} is {figure.value:.4f} [{figure.low:.4f}, {figure.high:.4f}]; needed is {bound}"
        )
        status = harm.status
        if few:
            status, message = "INCONCLUSIVE", f"{message}; {few}"
        return [
            Finding(
                gate="metric",
                subject=self.name,
                status=status,
                message=message,
                harm=harm,
                figures=figure.as_json(),
            )
        ]


def too_few(evidence: Evidence) -> str:
    """Why the holdout is too small for any statistical gate; empty where it is not."""
    events = evidence.holdout.events
    others = evidence.holdout.rows - events
    if min(events, others) >= FEWEST_OF_A_CLASS:
        return ""
    return f"the holdout has {events} events and {others} others, and {FEWEST_OF_A_CLASS} of each are needed"
