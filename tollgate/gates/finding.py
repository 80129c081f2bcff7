"""A finding: what a gate says, with the numbers it used."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from tollgate.evaluation.bootstrap import LEVEL, Estimate
from tollgate.section import Section

Status = Literal["PASS", "FAIL", "INCONCLUSIVE"]
BELOW_NOTHING = -1e-9  # the most harm of what must be better, not equal: rounding makes nothing better


class Harm(Section):
    """How bad it may be: an interval, greater is worse.

    Attributes:
        low: Lower end of the two-sided interval.
        high: Upper end.
        limit: The most harm that is allowed.
        floor: The least, where too little is harm as well (an equivalence test); None where only too much is.
        level: The level of the interval; one-sided it is half-way to 1.
    """

    low: float
    high: float
    limit: float
    floor: float | None = None
    level: Annotated[float, Field(gt=0, lt=1)] = LEVEL

    @property
    def status(self) -> Status:
        """PASS when the interval lies wholly on the good side, FAIL when wholly on the bad side."""
        floor = -math.inf if self.floor is None else self.floor
        if floor <= self.low and self.high <= self.limit:
            return "PASS"
        return "FAIL" if self.low > self.limit or self.high < floor else "INCONCLUSIVE"


class Finding(Section):
    """What one gate says of one question.

    Attributes:
        gate: The gate's name.
        subject: What it looked at, such as a metric.
        status: PASS, FAIL or INCONCLUSIVE.
        message: The finding in words, with its figures.
        harm: The interval that decided; None where the finding needs none, such as lacking evidence.
        figures: The numbers it used.
        waivable: Whether a waiver may let the model through despite it; a FAIL never is, whatever stands here.
    """

    gate: str
    subject: str
    status: Status
    message: str
    harm: Harm | None = None
    figures: Mapping[str, Any] = {}
    waivable: bool = True


def lacking(gate: str, subject: str, reason: str) -> Finding:
    """The finding for evidence that is missing or not finite: FAIL, whatever the rest says."""
    return Finding(gate=gate, subject=subject, status="FAIL", message=reason)


def undecided(gate: str, subject: str, reason: str, worn: str = "") -> Finding:
    """The finding where the rows are too few to say anything: INCONCLUSIVE; not waivable where they are worn, too."""
    message = f"{reason}; {worn}" if worn else reason
    return Finding(gate=gate, subject=subject, status="INCONCLUSIVE", message=message, waivable=not worn)


def without_interval(gate: str, subject: str, estimate: Estimate, said: str) -> Finding:
    """The finding where a figure has no interval: INCONCLUSIVE where it is known and says why, else it is lacking.

    Rows that lie in one group of rows, or in one month, are evidence, and too little of it to say how far it errs.

    Args:
        gate: The gate's name.
        subject: What it looked at.
        estimate: The figure.
        said: What has no interval, in words; the figure's reason is added.
    """
    reason = f"{said} has no interval: {estimate.reason or 'it was not measured'}"
    known = estimate.value is not None and math.isfinite(estimate.value)
    if known and estimate.reason and estimate.low is None and estimate.high is None:
        return undecided(gate, subject, reason)
    return lacking(gate, subject, reason)


def usable(estimate: Estimate) -> bool:
    """Whether an estimate has a finite figure and a finite interval around it."""
    ends = (estimate.value, estimate.low, estimate.high)
    return all(end is not None and math.isfinite(end) for end in ends)
