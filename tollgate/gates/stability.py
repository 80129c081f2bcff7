"""The gate `stability`: are rows, score and performance still what they were?"""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.stability_section import Shift, Stability, Trends
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.judged import judged, unmeasured
from tollgate.gates.metric import MORE_ROWS

NAME = "stability"
RATE = 0.05  # of false discoveries among the features that are named as moved
MOST_NAMED = 5
LITTLE = 0.05  # of the holdout, such as the rows of the day at which rows in order were parted


class StabilityGate(Gate):
    """Shifts between the training and the holdout, and trends within the holdout."""

    question: ClassVar[str] = (
        "Are features and score distributed as in training, and do AUC and observed/expected hold over the holdout's "
        "periods?"
    )
    blind: ClassVar[str] = (
        "What changes after the holdout, relations between features that change while each stays as it was, "
        "shifts of features that hardly sway the score, and days that the contract leaves out."
    )
    source: ClassVar[str] = (
        "The population stability index as in Siddiqi 2006, less what Yurdakul, Naranjo 2020 expect of it by chance; "
        "the false discovery rate of Benjamini, Hochberg 1995; trends by weighted least squares (Aitken 1935), "
        "widened by the ratio of Birge 1932."
    )

    psi: Annotated[
        float,
        Field(
            gt=0,
            le=0.25,
            description="How large the population stability index may be beyond chance: of the score, and of the "
            "features as a mean weighted by how much they sway the score. 0.1 is usually called small, 0.25 large.",
        ),
        HIGHER,
    ] = 0.1
    auc_decline: Annotated[
        float,
        Field(
            gt=0,
            le=0.25,
            description="How much of the AUC may be lost from the first period to the last. Periods are months, put "
            "together until each has 100 events and others; where that makes one period alone, two halves with at "
            "least 50 each are compared.",
        ),
        HIGHER,
    ] = 0.16
    level_change: Annotated[
        float,
        Field(
            gt=1,
            le=3,
            description="By what factor observed/expected may rise, or fall, from the first period to the last.",
        ),
        HIGHER,
    ] = 2.2

    def findings(self, evidence: Evidence) -> list[Finding]:
        """On the parting of rows, the features, the score, and the two trends."""
        found = evidence.stability
        if isinstance(found, NotAssessed):
            return [lacking(NAME, "stability", found.not_assessed)]
        return [
            _parting(found),
            self._shift(evidence, "features", found.weighted, self._named(found)),
            self._shift(evidence, "score", found.score.beyond, _words(found.score)),
            *self._trends(evidence, found),
        ]

    def _named(self, found: Stability) -> str:
        """The features that moved, as far as there is one among them that is no false discovery."""
        moved = [(name, shift) for name, shift in found.features.items() if shift.q_value <= RATE]
        if not moved:
            return f"none of the {len(found.features)} features moved by more than chance"
        moved.sort(key=lambda one: -(one[1].beyond.value or 0.0))
        named = ", ".join(f"{name} {shift.beyond.value:.3f}" for name, shift in moved[:MOST_NAMED])
        more = f" and {len(moved) - MOST_NAMED} more" if len(moved) > MOST_NAMED else ""
        large = [name for name, shift in moved if (shift.beyond.low or 0.0) > self.psi]
        warning = (
            f"; beyond the limit on their own, which does not decide: {', '.join(large[:MOST_NAMED])}"
            if large
            else ""
        )
        return f"moved by more than chance: {named}{more}{warning}"

    def _shift(self, evidence: Evidence, subject: str, figure: Figure, more: str) -> Finding:
        if not usable(figure.estimate):
            return unmeasured(NAME, subject, evidence, f"the index has no interval: {figure.reason}")
        harm = Harm(low=figure.low or 0.0, high=figure.high or 0.0, limit=self.psi)
        of = "of the features, by weight," if subject == "features" else "of the score"
        message = (
            f"the population stability index {of} is {figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}] beyond "
            f"chance; allowed is {self.psi:g}; {more}"
        )
        return judged(NAME, subject, evidence, harm, message, figure.as_json())

    def _trends(self, evidence: Evidence, found: Stability) -> list[Finding]:
        trends = found.trends
        if isinstance(trends, NotAssessed):
            return [_without_trends(found, trends)]
        over = f"over {len(trends.periods)} periods, {trends.periods[0].since} to {trends.periods[-1].until}"
        return [self._of_auc(evidence, trends.roc_auc, over), self._of_level(evidence, trends, over)]

    def _of_auc(self, evidence: Evidence, figure: Figure, over: str) -> Finding:
        if not usable(figure.estimate):
            return unmeasured(NAME, "auc_over_time", evidence, f"the change has no interval: {figure.reason}")
        harm = Harm(low=-(figure.high or 0.0), high=-(figure.low or 0.0), limit=self.auc_decline)
        message = f"the AUC changes by {_signed(figure)} {over}; it may fall by {self.auc_decline:g}"
        return judged(NAME, "auc_over_time", evidence, harm, message, figure.as_json())

    def _of_level(self, evidence: Evidence, trends: Trends, over: str) -> Finding:
        figure, limit = trends.log_observed_to_expected, math.log(self.level_change)
        if not usable(figure.estimate):
            return unmeasured(
                NAME, "level_over_time", evidence, f"the change has no interval: {figure.reason}"
            )
        harm = Harm(low=figure.low or 0.0, high=figure.high or 0.0, limit=limit, floor=-limit)
        ends = [math.exp(end or 0.0) for end in (figure.value, figure.low, figure.high)]
        message = (
            f"observed/expected is multiplied by {ends[0]:.2f} [{ends[1]:.2f}, {ends[2]:.2f}] {over}; allowed is "
            f"{1 / self.level_change:.2f} to {self.level_change:g}"
        )
        return judged(NAME, "level_over_time", evidence, harm, message, figure.as_json())


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]"


def _words(shift: Shift) -> str:
    return f"the index is {shift.index:.3f}, by chance {shift.by_chance:.3f}, over {shift.bins} bins"


def _parting(found: Stability) -> Finding:
    """Rows of the days that the model learned from say nothing of the time to come, however they were parted."""
    if not found.timed:
        return _untimed(found)
    if found.method is None or found.overlap is None:
        return lacking(NAME, "parting", "how the rows were parted is not recorded: run validate again")
    if found.method == "random":
        reason = (
            "there is a time column, and yet the holdout is drawn at random, so it is of the same days as the rows of "
            "the training: `split: {method: time}` would test the model on days that it has not seen"
        )
        return undecided(NAME, "parting", reason)
    share = f"{100 * found.overlap:.3g} % of the holdout"
    of_seen_days = f"{share} are of days that are not after the last day of the other parts"
    if found.overlap > LITTLE:
        reason = (
            f"the rows are parted by {found.method}, and yet {of_seen_days}; up to {100 * LITTLE:g} % is allowed: "
            "`split: {method: time}` would test the model on days that it has not seen"
        )
        return undecided(NAME, "parting", reason)
    message = f"the rows are parted by {found.method}, and {of_seen_days}"
    return Finding(gate=NAME, subject="parting", status="PASS", message=message)


def _untimed(found: Stability) -> Finding:
    """Where days are on file that may be those of the decisions, nobody can say that they do not matter."""
    reason = "there is no time column, so whether the rows are older than the model cannot be asked"
    if not found.dates:
        return Finding(gate=NAME, subject="parting", status="PASS", message=reason)
    named = ", ".join(found.dates[:MOST_NAMED])
    more = f" and {len(found.dates) - MOST_NAMED} more" if len(found.dates) > MOST_NAMED else ""
    advice = (
        f"there are days in {named}{more}, which may be those of the decisions: give that column `role: time` and set "
        "`split: {method: time}`; where none is the day of the decision, a waiver can say so"
    )
    return undecided(NAME, "parting", f"{reason}; {advice}")


def _without_trends(found: Stability, trends: NotAssessed) -> Finding:
    """Without time there is no trend to ask for; with it, too few events to see one prove nothing."""
    if found.timed:
        reason = f"no trend can be seen: {trends.not_assessed}; {MORE_ROWS}"
        return undecided(NAME, "over_time", reason)
    return Finding(
        gate=NAME, subject="over_time", status="PASS", message=f"not assessed: {trends.not_assessed}"
    )
