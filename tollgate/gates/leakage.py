"""The gate `leakage`: does a feature know what only the outcome could have told it?"""

from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.leakage_facts import Alone, LeakageFacts, Shared
from tollgate.gates.against import against, worst
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.known import known_in_time
from tollgate.gates.metric import too_few


class LeakageGate(Gate):
    """Features that are known too late, and alarms where one says more than it should."""

    question: ClassVar[str] = (
        "Is every feature known before the decision, and does none of them say more than a feature can?"
    )

    blind: ClassVar[str] = (
        "A leak that is no stronger than an honest feature, values that are exactly the outcome and lie scattered "
        "among those of others, and a word on `known` that is not true."
    )
    source: ClassVar[str] = (
        "The ROC AUC with the standard error of DeLong, DeLong, Clarke-Pearson 1988, paired where a feature is left "
        "out; that of the model as under `metric`. Values with one outcome alone by the exact bound of Clopper, "
        "Pearson 1934. Ids, groups and days are counted."
    )

    alone: Annotated[
        float,
        Field(ge=0.5, le=0.97, description="The highest ROC AUC that one feature may have by itself."),
        HIGHER,
    ] = 0.9
    exact: Annotated[
        float,
        Field(ge=0.9, le=0.995, description="The ROC AUC of one feature that is surely no honest one."),
        HIGHER,
    ] = 0.99
    pure: Annotated[
        float,
        Field(
            ge=5,
            le=100,
            description="By what factor the odds of a value or band with one outcome alone may lie beyond those of all "
            "rows.",
        ),
        HIGHER,
    ] = 20
    missing: Annotated[
        float,
        Field(ge=0.5, le=0.75, description="The highest ROC AUC of whether a value is missing."),
        HIGHER,
    ] = 0.6
    loss: Annotated[
        float,
        Field(gt=0, le=0.3, description="The most ROC AUC that a model may lose without one feature."),
        HIGHER,
    ] = 0.1
    shared: Annotated[
        float,
        Field(
            ge=0,
            le=0.5,
            description="The largest share of the holdout whose id, or group, other parts have too.",
        ),
        HIGHER,
    ] = 0.0
    too_good: Annotated[
        float, Field(ge=0.5, le=0.99, description="The highest ROC AUC that is not an alarm."), HIGHER
    ] = 0.95

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding for each feature that raises an alarm, and one for each question that none does."""
        facts, few = evidence.leakage, too_few(evidence)
        if isinstance(facts, NotAssessed):
            return [lacking("leakage", "features", facts.not_assessed)]
        return [
            *known_in_time(facts),
            *self._alone(facts, few),
            *self._pure(facts, few),
            *self._missing(facts, few),
            *self._loss(facts, few),
            *self._shared(facts),
            self._too_good(evidence, few),
        ]

    def _alone(self, facts: LeakageFacts, few: str) -> Iterator[Finding]:
        figures = {name: found.auc for name, found in facts.alone.items()}
        if not figures:
            yield undecided("leakage", "features", "the rows looked at have one outcome alone")
        for finding in _alarms(figures, self.alone, few, lambda name: f"the ROC AUC of {name} alone"):
            low = figures[finding.subject].low or 0.0
            if low < self.exact or few:
                yield finding
                continue
            said = f"{finding.message}, and {self.exact:g} or more no honest feature has"
            yield finding.model_copy(update={"status": "FAIL", "message": said, "waivable": False})

    def _pure(self, facts: LeakageFacts, few: str) -> Iterator[Finding]:
        for name, found in facts.alone.items():
            if found.pure is not None and found.pure.odds > self.pure:
                yield _of_one_outcome(name, found, self.pure, few)

    def _missing(self, facts: LeakageFacts, few: str) -> Iterator[Finding]:
        figures = {name: one.missing for name, one in facts.alone.items() if one.missing is not None}
        yield from _alarms(
            figures, self.missing, few, lambda name: f"the ROC AUC of whether {name} is missing"
        )

    def _loss(self, facts: LeakageFacts, few: str) -> Iterator[Finding]:
        for name, reason in facts.failed.items():
            yield undecided("leakage", name, f"without {name} no model could be fitted: {reason}")
        if not isinstance(facts.loss, NotAssessed):
            figures = dict(facts.loss)
            yield from _alarms(
                figures, self.loss, few, lambda name: f"the ROC AUC that is lost without {name}"
            )
        elif facts.loss.broken:
            yield lacking("leakage", "dropped features", facts.loss.not_assessed)
        elif not facts.failed:
            said = facts.loss.not_assessed
            yield Finding(gate="leakage", subject="dropped features", status="PASS", message=said)

    def _shared(self, facts: LeakageFacts) -> Iterator[Finding]:
        for one in facts.shared:
            value = one.share.value
            exact = Figure(value=value, low=value, high=value)  # counted, not drawn
            said = f"the share of the holdout whose {one.of} ({one.column}) stands in another part too"
            finding = against("leakage", one.column, exact, self.shared, said, alarm=True)
            hint = f"{finding.message}{_meant(one)}"
            yield finding if finding.status == "PASS" else finding.model_copy(update={"message": hint})

    def _too_good(self, evidence: Evidence, few: str) -> Finding:
        figure = evidence.metrics.get("roc_auc")
        if figure is None or not usable(figure.estimate):
            reason = figure.reason if figure else "it was not measured"
            said = f"roc_auc has no interval: {reason}"
            return undecided("leakage", "roc_auc", said) if few else lacking("leakage", "roc_auc", said)
        return against(
            "leakage", "roc_auc", figure, self.too_good, "the ROC AUC of the model", few, alarm=True
        )


def _meant(one: Shared) -> str:
    """What to do where the same id or group is meant to stand in several parts."""
    kept = "; `split: {method: random}` keeps each group in one part" if one.of == "group" else ""
    return (
        f"{kept}; where they are meant to be in several, set `leakage.shared`, or a waiver with "
        f"`gate: leakage` and `subject: {one.column}`"
    )


def _alarms(
    figures: dict[str, Figure], limit: float, few: str, said: Callable[[str], str]
) -> Iterator[Finding]:
    """A finding for each figure that is not surely within its limit; one for the worst where all are."""
    found = {
        name: against("leakage", name, figure, limit, said(name), few, alarm=True)
        for name, figure in figures.items()
    }
    beyond = [finding for finding in found.values() if finding.status != "PASS"]
    if few:
        beyond = []
    yield from beyond or ([found[worst(figures)]] if found else [])


def _of_one_outcome(name: str, found: Alone, limit: float, few: str) -> Finding:
    assert found.pure is not None  # noqa: S101 - said by the caller
    outcome = "events" if found.pure.events else "no events"
    said = (
        f"one value or band of {name}, {found.pure.rows:,} rows, has {outcome} alone: its odds are at least "
        f"{found.pure.odds:.3g} times beyond those of all rows; up to {limit:g} is no alarm"
    )
    harm = Harm(low=found.pure.odds, high=found.pure.odds, limit=limit)
    message = f"{said}; {few}" if few else said
    return Finding(gate="leakage", subject=name, status="INCONCLUSIVE", message=message, harm=harm)
