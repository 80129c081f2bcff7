"""What gates do about a holdout that was used before: a wider interval, and in the end none at all."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Annotated

from pydantic import Field

from tollgate.evaluation.bootstrap import LEVEL
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.reuse import Reuse
from tollgate.gates.gate import HIGHER, Gate

ALPHA = 1 - LEVEL


class HoldoutGate(Gate):
    """A gate that counts how often its holdout was used."""

    max_reuse: Annotated[
        int,
        Field(
            ge=1,
            le=50,
            description="How many models may be judged on holdouts that share half of their rows or more.",
        ),
        HIGHER,
    ] = 20


@dataclass(frozen=True)
class Widened:
    """An interval that holds for all models judged on the same rows together.

    Attributes:
        low: Its lower end.
        high: Its upper end.
        level: Its level: with k models, alpha / k is left outside (Bonferroni).
        challengers: How many models.
    """

    low: float
    high: float
    level: float
    challengers: int

    @property
    def said(self) -> str:
        """What a message says of it, after the interval; empty where the holdout is fresh."""
        if self.challengers == 1:
            return ""
        return f" at {100 * self.level:.2f} %, as {self.challengers} models were judged on these rows"


def widened(figure: Figure, challengers: int) -> Widened:
    """The 95 % interval of a usable figure, at the level of so many models.

    Each end moves away from the value by as much as the quantile of the normal distribution does, and none moves in.
    """
    assert figure.value is not None and figure.low is not None and figure.high is not None  # noqa: S101, PT018 - usable
    if challengers == 1:
        return Widened(figure.low, figure.high, LEVEL, 1)
    level = 1 - ALPHA / challengers
    wider = NormalDist().inv_cdf((1 + level) / 2) / NormalDist().inv_cdf((1 + LEVEL) / 2)
    low = figure.value - wider * (figure.value - figure.low)
    high = figure.value + wider * (figure.high - figure.value)
    return Widened(min(low, figure.low), max(high, figure.high), level, challengers)


def uncounted(evidence: Evidence) -> str:
    """Why it is not known how often the holdout was used; empty where it is."""
    if not isinstance(evidence.reuse, Reuse):
        return f"how often this holdout was used is not known: {evidence.reuse.not_assessed}"
    if evidence.reuse.unreadable:
        return f"how often this holdout was used is not known: {evidence.reuse.unreadable}"
    return ""


def used(evidence: Evidence) -> int:
    """How many models were judged on these rows, where that is known."""
    return evidence.reuse.challengers if isinstance(evidence.reuse, Reuse) else 1


def worn(challengers: int, most: int) -> str:
    """Why the holdout proves nothing any more; empty where it still does."""
    if challengers <= most:
        return ""
    return f"{challengers} models were judged on these rows, more than {most}: no interval holds any more, new rows do"
