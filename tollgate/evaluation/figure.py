"""A figure with its interval as it is written, and what is written where there is none."""

import math
from statistics import NormalDist

from tollgate.evaluation.bootstrap import LEVEL, Drawn, Estimate
from tollgate.section import Section

FEW = "there are too few rows, or nearly all of them belong together: there is no interval"


class Figure(Section):
    """An `Estimate` as it is written: finite numbers or null with a reason; `drawn` says what its draws were of."""

    value: float | None
    low: float | None
    high: float | None
    reason: str = ""
    drawn: Drawn = "rows"

    @classmethod
    def of(cls, estimate: Estimate) -> "Figure":
        """The written form of an estimate."""
        return cls(
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            reason=estimate.reason,
            drawn=estimate.drawn,
        )

    @classmethod
    def normal(cls, value: float, error: float, level: float = LEVEL) -> "Figure":
        """A figure with the two-sided interval of a normal distribution around it.

        Args:
            value: The figure.
            error: Its standard error.
            level: The level of the interval.
        """
        if not math.isfinite(error):
            return cls(value=value, low=None, high=None, reason=FEW)
        reach = NormalDist().inv_cdf((1 + level) / 2) * error
        return cls(value=value, low=value - reach, high=value + reach)

    @property
    def estimate(self) -> Estimate:
        """The estimate as gates use it."""
        return Estimate(self.value, self.low, self.high, self.reason, self.drawn)


class NotAssessed(Section):
    """What stands in the place of a part of the evidence that is lacking.

    Attributes:
        not_assessed: Why.
        broken: Whether it should have been measured, and the measurement broke.
    """

    not_assessed: str
    broken: bool = False


NOT_MEASURED = NotAssessed(not_assessed="it was not measured")
