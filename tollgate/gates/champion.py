"""The gate `champion`: is the challenger not worse than the model now served?"""

from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.metric import too_few


class ChampionGate(Gate):
    """A paired comparison on the very same holdout rows."""

    question: ClassVar[str] = (
        "Is the challenger, on the same rows, not worse than the champion by more than the margin?"
    )

    blind: ClassVar[str] = "Applicants whom the champion's policy declined: their outcome nobody knows."

    margin: Annotated[
        float,
        Field(ge=0, le=0.05, description="The most of the metric that the challenger may lose."),
        HIGHER,
    ] = 0.01
    metric: Annotated[str, Field(description="The metric compared.")] = "roc_auc"

    @field_validator("metric")
    @classmethod
    def _known(cls, name: Any) -> Any:
        if name not in METRICS:
            raise ValueError(f"there is no metric {name!r}; there are {', '.join(METRICS)}")
        return name

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding: harm is what the champion has over the challenger."""
        champion = evidence.champion
        if champion.state == "none":
            return [self._finding("PASS", "there is no champion: no pointer and no history")]
        if champion.state == "unreadable":
            return [
                lacking("champion", self.metric, f"the champion cannot be compared with: {champion.reason}")
            ]
        figure = evidence.differences.get(self.metric)
        few = too_few(evidence)
        if figure is None or not usable(figure.estimate):
            reason = figure.reason if figure else "it was not measured"
            reason = f"the difference in {self.metric} has no interval: {reason}"
            if figure and few:
                return [undecided("champion", self.metric, f"{reason}; {few}")]
            return [lacking("champion", self.metric, reason)]
        sign = 1 if METRICS[self.metric].greater_is_better else -1
        ends = sorted((-sign * (figure.low or 0.0), -sign * (figure.high or 0.0)))
        harm = Harm(low=ends[0], high=ends[1], limit=self.margin)
        message = (
            f"{self.metric} differs from the champion's by {figure.value:+.4f} "
            f"[{figure.low:+.4f}, {figure.high:+.4f}]; it may be worse by {self.margin:g}"
        )
        if champion.bundle == evidence.bundle:
            message = f"the challenger is the champion, bundle for bundle; {message}"
        if few:
            return [self._finding("INCONCLUSIVE", f"{message}; {few}", harm, figure.as_json())]
        return [self._finding(harm.status, message, harm, figure.as_json())]

    def _finding(
        self, status: Any, message: str, harm: Harm | None = None, figures: dict[str, Any] | None = None
    ) -> Finding:
        return Finding(
            gate="champion",
            subject=self.metric,
            status=status,
            message=message,
            harm=harm,
            figures=figures or {},
        )
