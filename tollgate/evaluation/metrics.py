"""The metrics, each vectorised over weighted resamples of the same rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.scorer import Scores

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
    def declined(self) -> Floats:
        """1.0 where the model declines, else 0.0."""
        return 1.0 - self.scores.approved.astype(np.float64)

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
class Metric:
    """One line of the table below.

    Attributes:
        measure: From scored rows and weights (resamples, rows) to values (resamples,); NaN where the
            metric is not defined.
        greater_is_better: The direction of good.
        title: What it is, for a person.
    """

    measure: Callable[[Scored, Floats], Floats]
    greater_is_better: bool
    title: str


def _roc_auc(rows: Scored, weights: Floats) -> Floats:
    """Area under the ROC curve as the Mann-Whitney statistic, ties counted half (Hanley, McNeil 1982)."""
    events, others = rows.grouped(weights)
    below = np.cumsum(others, axis=1) - others / 2
    return _ratio((events * below).sum(axis=1), events.sum(axis=1) * others.sum(axis=1))


def _pr_auc(rows: Scored, weights: Floats) -> Floats:
    """Average precision: the step-wise sum of precision over recall, as scikit-learn defines it."""
    events, others = rows.grouped(weights)
    caught = np.cumsum(events[:, ::-1], axis=1)
    flagged = caught + np.cumsum(others[:, ::-1], axis=1)
    precision = np.divide(caught, flagged, out=np.zeros_like(caught), where=flagged > 0)
    return _ratio((events[:, ::-1] * precision).sum(axis=1), caught[:, -1])


def _ks(rows: Scored, weights: Floats) -> Floats:
    """The two-sample Kolmogorov-Smirnov distance between the scores of events and of others."""
    events, others = rows.grouped(weights)
    of_events = _ratio(np.cumsum(events, axis=1), events.sum(axis=1, keepdims=True))
    of_others = _ratio(np.cumsum(others, axis=1), others.sum(axis=1, keepdims=True))
    return np.asarray(np.abs(of_events - of_others).max(axis=1))


def _brier(rows: Scored, weights: Floats) -> Floats:
    """Mean squared distance of probability and outcome (Brier 1950)."""
    return _mean((rows.scores.probability - rows.event) ** 2, weights)


def _log_loss(rows: Scored, weights: Floats) -> Floats:
    """Mean negative log-likelihood, in nats."""
    probability = rows.scores.probability
    right = np.where(rows.event == 1, probability, 1 - probability)
    with np.errstate(divide="ignore", invalid="ignore"):  # an impossible event: no finite figure
        return _mean(-np.log(right), weights)


def _observed_to_expected(rows: Scored, weights: Floats) -> Floats:
    """Observed events over the sum of predicted probabilities; 1 is calibration in the large."""
    return _ratio(weights @ rows.event, weights @ rows.scores.probability)


def _approve_rate(rows: Scored, weights: Floats) -> Floats:
    """The share of rows approved at the bundle's own threshold."""
    return _mean(1 - rows.declined, weights)


def _precision(rows: Scored, weights: Floats) -> Floats:
    """The share of events among the declined."""
    return _ratio(weights @ (rows.event * rows.declined), weights @ rows.declined)


def _recall(rows: Scored, weights: Floats) -> Floats:
    """The share of events that are declined."""
    return _ratio(weights @ (rows.event * rows.declined), weights @ rows.event)


def _mean(values: Floats, weights: Floats) -> Floats:
    return _ratio(weights @ values, weights.sum(axis=1))


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


METRICS: dict[str, Metric] = {
    "roc_auc": Metric(_roc_auc, True, "area under the ROC curve"),
    "pr_auc": Metric(_pr_auc, True, "average precision"),
    "ks": Metric(_ks, True, "Kolmogorov-Smirnov distance"),
    "brier": Metric(_brier, False, "Brier score"),
    "log_loss": Metric(_log_loss, False, "log loss"),
    "precision": Metric(_precision, True, "precision among the declined"),
    "recall": Metric(_recall, True, "recall of events"),
}
DESCRIPTIVE: dict[str, Metric] = {
    "observed_to_expected": Metric(_observed_to_expected, False, "observed over expected events"),
    "approve_rate": Metric(_approve_rate, True, "share approved"),
}
