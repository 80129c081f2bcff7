"""The most of a metric that a challenger may lose, where that goes with the rate of events."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ByRate:
    """A share of something that goes with the rate of events as what models can gain does.

    Attributes:
        share: The share.
        of: What it is a share of, by the rate, between 0 and 1.
        said: That in words.
    """

    share: float
    of: Callable[[float], float]
    said: str

    def at(self, rate: float) -> float:
        """The most that may be lost where events have this rate."""
        return self.share * self.of(rate)

    @property
    def words(self) -> str:
        """The share and what it is of."""
        return f"{self.share:g} of {self.said}"


def _squared(rate: float) -> float:
    """The gain of a calibrated model over its mean is the variance of its probabilities, which goes with this."""
    return min(rate, 1 - rate) ** 2


def _entropy(rate: float) -> float:
    """The log loss of a model that gives every row the rate."""
    return 0.0 if rate in (0, 1) else -rate * math.log(rate) - (1 - rate) * math.log(1 - rate)


def _rate(rate: float) -> float:
    """The average precision of a model that knows nothing, or, where that is near 1, of what is left above it."""
    return min(rate, (1 - rate) / 3)


# Against a ROC AUC of 0.8 one of 0.66 loses more at rates from 0.2 % to 95 %, where the scores of a class are normal.
SQUARED_RATE = ByRate(0.3, _squared, "the squared rate of the rarer outcome")
ENTROPY = ByRate(0.02, _entropy, "what a model that knows nothing has")
RATE = ByRate(0.5, _rate, "the rate of events, or a third of that of the others if it is less")
