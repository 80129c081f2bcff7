"""Cutting a feature into few bins whose event rates differ (Siddiqi 2006, chapter 6; Thomas 2009, section 1.8)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Direction = Literal["increasing", "decreasing"] | None
CANDIDATES = 50
PRIOR_ROWS = (
    1.0  # as many rows of the overall event rate are added to each bin: a bin of few rows says little
)


@dataclass(frozen=True)
class Bins:
    """Rows counted in bins.

    Attributes:
        edges: Upper edges, each belonging to the bin below it; shape (bins - 1,).
        events: Events in each bin, shape (bins,).
        others: Non-events in each bin, shape (bins,).
        overall: The event rate of all rows, those with a missing value too.
    """

    edges: Floats
    events: Floats
    others: Floats
    overall: float

    @classmethod
    def of(cls, edges: Floats, values: Floats, events: Floats, overall: float) -> "Bins":
        """Count values, none of them missing, between edges."""
        places = np.searchsorted(edges, values, side="left")
        size = len(edges) + 1
        with_event = np.bincount(places, events, size).astype(np.float64)
        rows = np.bincount(places, minlength=size).astype(np.float64)
        return cls(edges, with_event, rows - with_event, overall)

    @property
    def rows(self) -> Floats:
        """Rows in each bin."""
        return np.asarray(self.events + self.others)

    @property
    def rates(self) -> Floats:
        """The event rate of each bin, slightly drawn to the overall one."""
        return np.asarray((self.events + PRIOR_ROWS * self.overall) / (self.rows + PRIOR_ROWS))

    def merged(self, at: int) -> "Bins":
        """The bins with the edge at a place taken out."""

        def joined(counts: Floats) -> Floats:
            return np.concatenate([counts[:at], counts[at : at + 2].sum(keepdims=True), counts[at + 2 :]])

        return Bins(np.delete(self.edges, at), joined(self.events), joined(self.others), self.overall)


def cut(
    values: Floats, events: Floats, most: int, fewest: float, direction: Direction, overall: float
) -> Floats:
    """The upper edges that cut a number into bins.

    Args:
        values: The feature without its missing values, shape (rows,).
        events: 1.0 where the event happened, shape (rows,).
        most: How many bins at the most.
        fewest: The rows that a bin needs.
        direction: The direction in which the event rate must move from bin to bin; None for any.
        overall: The event rate of all rows, between 0 and 1.
    """
    bins = Bins.of(_candidates(values), values, events, overall)
    while len(bins.edges) and bins.rows.min() < fewest:
        bins = bins.merged(_beside(bins, int(bins.rows.argmin())))
    bins = _in_direction(bins, direction)
    while len(bins.edges) >= most:
        bins = _in_direction(bins.merged(int(_differences(bins).argmin())), direction)
    return bins.edges


def _in_direction(bins: Bins, direction: Direction) -> Bins:
    """The bins, merged until their rates move in a direction; a merged bin has a rate of its own, so look again."""
    while direction and len(bins.edges):
        moves = np.diff(bins.rates) * (1 if direction == "increasing" else -1)
        if moves.min() >= 0:
            break
        bins = bins.merged(int(moves.argmin()))
    return bins


def weights(events: Floats, others: Floats) -> Floats:
    """The weight of evidence of each bin for the event (Good 1950): its log odds less those of all rows.

    Args:
        events: Events by bin, shape (bins,).
        others: Non-events by bin, shape (bins,).
    """
    overall = events.sum() / (events.sum() + others.sum())
    odds = (events + PRIOR_ROWS * overall) / (others + PRIOR_ROWS * (1 - overall))
    return np.asarray(np.log(odds) - np.log(overall / (1 - overall)))


def _candidates(values: Floats) -> Floats:
    """At most 50 edges, each half-way between two values that occur."""
    distinct = np.unique(values)
    below = np.arange(len(distinct) - 1)
    if len(distinct) > CANDIDATES:
        inner = np.quantile(values, np.linspace(0, 1, CANDIDATES + 1)[1:-1], method="inverted_cdf")
        below = np.intersect1d(below, np.searchsorted(distinct, inner))
    low, high = distinct[below], distinct[below + 1]
    middle = low / 2 + high / 2
    return np.where((low <= middle) & (middle < high), middle, low)  # neighbours have nothing between them


def _beside(bins: Bins, at: int) -> int:
    """The edge of a bin towards the neighbour whose event rate is nearer."""
    if at == 0 or at == len(bins.edges):
        return max(at - 1, 0)
    below, here, above = bins.rates[at - 1 : at + 2]
    return at - 1 if abs(here - below) <= abs(above - here) else at


def _differences(bins: Bins) -> Floats:
    """How surely the event rates beside each edge differ: the squared z statistic of two proportions."""
    rows, rates = bins.rows, bins.rates
    events = bins.events[:-1] + bins.events[1:]
    pooled = (events + PRIOR_ROWS * bins.overall) / (rows[:-1] + rows[1:] + PRIOR_ROWS)
    spread = pooled * (1 - pooled) * (1 / rows[:-1] + 1 / rows[1:])
    return np.asarray(np.diff(rates) ** 2 / spread)
