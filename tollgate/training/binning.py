"""Cutting a feature into few bins whose event rates differ (Siddiqi 2006, chapter 6; Thomas 2009, section 1.8)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Direction = Literal["increasing", "decreasing"] | None
CANDIDATES = 50
SMOOTHING = 0.5


@dataclass(frozen=True)
class Bins:
    """Rows counted in bins.

    Attributes:
        edges: Upper edges, each belonging to the bin below it; shape (bins - 1,).
        events: Events in each bin, shape (bins,).
        others: Non-events in each bin, shape (bins,).
    """

    edges: Floats
    events: Floats
    others: Floats

    @classmethod
    def of(cls, edges: Floats, values: Floats, events: Floats) -> "Bins":
        """Count values, none of them missing, between edges."""
        places = np.searchsorted(edges, values, side="left")
        size = len(edges) + 1
        with_event = np.bincount(places, events, size).astype(np.float64)
        rows = np.bincount(places, minlength=size).astype(np.float64)
        return cls(edges, with_event, rows - with_event)

    @property
    def rows(self) -> Floats:
        """Rows in each bin."""
        return np.asarray(self.events + self.others)

    @property
    def rates(self) -> Floats:
        """The event rate of each bin, slightly drawn to one half."""
        return np.asarray((self.events + SMOOTHING) / (self.rows + 2 * SMOOTHING))

    def merged(self, at: int) -> "Bins":
        """The bins with the edge at a place taken out."""

        def joined(counts: Floats) -> Floats:
            return np.concatenate([counts[:at], counts[at : at + 2].sum(keepdims=True), counts[at + 2 :]])

        return Bins(np.delete(self.edges, at), joined(self.events), joined(self.others))


def cut(
    values: Floats, events: Floats, most: int, smallest: float, direction: Direction, steps: bool
) -> Floats:
    """The upper edges that cut a number into bins.

    Args:
        values: The feature without its missing values, shape (rows,).
        events: 1.0 where the event happened, shape (rows,).
        most: How many bins at the most.
        smallest: The share of the rows that a bin needs.
        direction: The direction in which the event rate must move from bin to bin; None for any.
        steps: Whether only a few values occur, so that an edge lies half-way between two of them.
    """
    bins = Bins.of(_candidates(values, steps), values, events)
    while len(bins.edges) and bins.rows.min() < smallest * len(values):
        bins = bins.merged(_beside(bins, int(bins.rows.argmin())))
    while direction and len(bins.edges):
        moves = np.diff(bins.rates) * (1 if direction == "increasing" else -1)
        if moves.min() >= 0:
            break
        bins = bins.merged(int(moves.argmin()))
    while len(bins.edges) >= most:
        bins = bins.merged(int(_differences(bins).argmin()))
    return bins.edges


def weights(events: Floats, others: Floats) -> Floats:
    """The weight of evidence of each bin for the event (Good 1950): its log odds less those of all rows.

    A bin without rows says nothing: 0.

    Args:
        events: Events by bin, shape (bins,).
        others: Non-events by bin, shape (bins,).
    """
    log_odds = np.log((events + SMOOTHING) / (others + SMOOTHING))
    everywhere = np.log((events.sum() + SMOOTHING) / (others.sum() + SMOOTHING))
    return np.where(events + others > 0, log_odds - everywhere, 0.0)


def _candidates(values: Floats, steps: bool) -> Floats:
    distinct = np.unique(values)
    if steps or len(distinct) <= CANDIDATES:
        return (distinct[:-1] + distinct[1:]) / 2
    inner = np.quantile(values, np.linspace(0, 1, CANDIDATES + 1)[1:-1])
    return np.unique(inner[inner < distinct[-1]])


def _beside(bins: Bins, at: int) -> int:
    """The edge of a bin towards the neighbour whose event rate is nearer."""
    if at == 0 or at == len(bins.edges):
        return max(at - 1, 0)
    below, here, above = bins.rates[at - 1 : at + 2]
    return at - 1 if abs(here - below) <= abs(above - here) else at


def _differences(bins: Bins) -> Floats:
    """How surely the event rates beside each edge differ: the squared z statistic of two proportions."""
    rows, rates = bins.rows, bins.rates
    pooled = (bins.events[:-1] + bins.events[1:] + SMOOTHING) / (rows[:-1] + rows[1:] + 2 * SMOOTHING)
    spread = pooled * (1 - pooled) * (1 / rows[:-1] + 1 / rows[1:])
    return np.asarray(np.diff(rates) ** 2 / spread)
