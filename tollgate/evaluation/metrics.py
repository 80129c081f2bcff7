"""The metrics: each a function of what a resample of the rows comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.scorer import Scores
from tollgate.evaluation.ranks import Ranks
from tollgate.evaluation.widest import ENTROPY, RATE, SQUARED_RATE, ByRate

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """Rows with their outcome and a model's scores, sorted once for all resamples.

    Attributes:
        event: 1.0 where the event happened, else 0.0; shape (rows,).
        scores: What the model says of the rows.
    """

    event: Floats
    scores: Scores

    def on(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> "Scored":
        """Some of the rows, by a mask or by their places."""
        probability, margin, approved = self.scores
        return Scored(self.event[rows], Scores(probability[rows], margin[rows], approved[rows]))

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """The rows from the lowest margin to the highest."""
        return np.argsort(self.scores.margin, kind="stable")

    @cached_property
    def ties(self) -> NDArray[np.intp]:
        """Where, in that order, each group of equal margins starts."""
        ordered = self.scores.margin[self.order]
        return np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])

    @cached_property
    def ranks(self) -> Ranks:
        """The events in that order."""
        return Ranks(self.event, self.order, self.ties)

    @cached_property
    def declined(self) -> Floats:
        """1.0 where the model declines, else 0.0."""
        return 1.0 - self.scores.approved.astype(np.float64)

    @cached_property
    def summed(self) -> Floats:
        """What each row adds to the sums of a `Tally`, in the order of its attributes; shape (rows, sums)."""
        probability = self.scores.probability
        right = np.where(self.event == 1, probability, 1 - probability)
        with np.errstate(divide="ignore", invalid="ignore"):  # an impossible event: no finite figure
            surprise = -np.log(right)
        squared = np.square(probability - self.event)
        ones = np.ones(len(self.event))
        caught = self.event * self.declined
        return np.column_stack([ones, self.event, probability, squared, surprise, self.declined, caught])

    def grouped(self, weights: Floats) -> tuple[Floats, Floats]:
        """Weight of events and of non-events in each group of equal margins, lowest first.

        Args:
            weights: Shape (resamples, rows).

        Returns:
            Two arrays of shape (resamples, groups).
        """
        ordered = weights[:, self.order]
        event = self.event[self.order]
        events = ordered * event
        others = ordered - events
        if len(self.ties) == len(event):
            return events, others
        return np.add.reduceat(events, self.ties, axis=1), np.add.reduceat(others, self.ties, axis=1)


@dataclass(frozen=True)
class Tally:
    """What some resamples of the same rows come to, each attribute of shape (resamples,).

    Attributes:
        rows: How many rows.
        events: How many events.
        expected: The sum of the probabilities.
        squared: The sum of squared distances of probability and outcome.
        surprise: The sum of negative log-likelihoods, in nats.
        declined: How many rows are declined.
        caught: How many events are declined.
        area: The area under the ROC curve.
        precision: The average precision.
        apart: The Kolmogorov-Smirnov distance between the scores of events and of others.
    """

    rows: Floats
    events: Floats
    expected: Floats
    squared: Floats
    surprise: Floats
    declined: Floats
    caught: Floats
    area: Floats
    precision: Floats
    apart: Floats

    @classmethod
    def of(cls, sums: Floats, ranks: Floats) -> "Tally":
        """From sums (resamples, 7) and figures of the order (resamples, 3), in the order of the attributes."""
        return cls(*sums.T, *ranks.T)


def tally(rows: Scored, weights: NDArray[Any]) -> Tally:
    """What resamples of scored rows come to.

    Args:
        rows: The rows.
        weights: How often each row was drawn; shape (resamples, rows).
    """
    with np.errstate(invalid="ignore"):  # an impossible event that was not drawn: no finite figure either
        sums = np.asarray(weights, dtype=np.float64) @ rows.summed
    return Tally.of(sums, np.array([rows.ranks.figures(line) for line in weights]))


@dataclass(frozen=True)
class Metric:
    """One line of the table below.

    Attributes:
        of: The metric from a tally, shape (resamples,); NaN where it is not defined.
        greater_is_better: The direction of good.
        title: What it is, for a person.
        loosest: The loosest limit that a gate may set it; None where no gate reads it.
        widest: The most of it that a gate may let a challenger lose to a champion; None where it compares no models,
            as it moves with the threshold that each model has of its own.
        by_rate: The most of it where that goes with the rate of events; the smaller one of both holds. At a low rate
            a model that knows nothing is not far behind a good one, and would lose less than `widest`.
        level: Whether it moves with the level of the event's rate, and so from month to month; such a metric is made
            of sums alone.
        biased: Whether it is too great on average, and greater still on resamples.
    """

    of: Callable[[Tally], Floats]
    greater_is_better: bool
    title: str
    loosest: float | None = None
    widest: float | None = None
    by_rate: ByRate | None = None
    level: bool = False
    biased: bool = False

    def measure(self, rows: Scored, weights: Floats) -> Floats:
        """The metric of scored rows, for weights of shape (resamples, rows)."""
        return self.of(tally(rows, weights))


def _brier(found: Tally) -> Floats:
    """Mean squared distance of probability and outcome (Brier 1950)."""
    return _ratio(found.squared, found.rows)


def _log_loss(found: Tally) -> Floats:
    """Mean negative log-likelihood, in nats."""
    return _ratio(found.surprise, found.rows)


def _observed_to_expected(found: Tally) -> Floats:
    """Observed events over the sum of predicted probabilities; 1 is calibration in the large."""
    return _ratio(found.events, found.expected)


def _approve_rate(found: Tally) -> Floats:
    """The share of rows approved at the bundle's own threshold."""
    return _ratio(found.rows - found.declined, found.rows)


def _precision(found: Tally) -> Floats:
    """The share of events among the declined."""
    return _ratio(found.caught, found.declined)


def _recall(found: Tally) -> Floats:
    """The share of events that are declined."""
    return _ratio(found.caught, found.events)


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


METRICS: dict[str, Metric] = {
    "roc_auc": Metric(lambda found: found.area, True, "area under the ROC curve", 0.55, 0.05),
    "pr_auc": Metric(lambda found: found.precision, True, "average precision", 0.01, 0.05, RATE),
    "ks": Metric(lambda found: found.apart, True, "Kolmogorov-Smirnov distance", 0.05, 0.05, biased=True),
    "brier": Metric(_brier, False, "Brier score", 0.25, 0.005, SQUARED_RATE, level=True),
    "log_loss": Metric(_log_loss, False, "log loss", 0.6931, 0.02, ENTROPY, level=True),
    "precision": Metric(_precision, True, "precision among the declined", 0.01),
    "recall": Metric(_recall, True, "recall of events", 0.05),
}
DESCRIPTIVE: dict[str, Metric] = {
    "observed_to_expected": Metric(_observed_to_expected, False, "observed over expected events", level=True),
    "approve_rate": Metric(_approve_rate, True, "share approved", level=True),
}
