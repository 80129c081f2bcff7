"""Counts that every request adds to: plain lists in the one thread that counts, read when Prometheus asks.

prometheus_client's own counters take a lock and look at themselves for each addition: some 4 us a request of one row.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

LATENCY_EDGES = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SCORE_EDGES = tuple(round(0.05 * step, 2) for step in range(1, 21))


class Buckets:
    """A histogram: how many values lie at or below each edge, and their sum."""

    def __init__(self, edges: Sequence[float]) -> None:
        self._edges = edges
        self.counts = [0] * (len(edges) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self._edges, value)] += 1
        self.sum += value

    def add_all(self, values: Sequence[float]) -> None:
        """Count some values."""
        places = np.searchsorted(self._edges, values, side="left")
        found = np.bincount(places, minlength=len(self.counts)).tolist()
        self.counts = [old + new for old, new in zip(self.counts, found, strict=True)]
        self.sum += sum(values)

    def cumulative(self) -> list[tuple[str, float]]:
        """The buckets as Prometheus takes them."""
        return list(zip([*map(str, self._edges), "+Inf"], accumulate(self.counts), strict=True))


class RequestTally(Collector):
    """Requests by protocol, route and status, and their latency by protocol and route."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int | str], int] = {}
        self._seconds: dict[tuple[str, str], Buckets] = {}

    def add(self, protocol: str, route: str, status: int | str, seconds: float) -> None:
        """Count a request."""
        key = (protocol, route, status)
        try:
            self._requests[key] += 1
        except KeyError:
            self._requests[key] = 1
            self._seconds.setdefault((protocol, route), Buckets(LATENCY_EDGES))
        self._seconds[protocol, route].add(seconds)

    def collect(self) -> Iterator[Metric]:
        """What was counted."""
        requests = CounterMetricFamily(
            "tollgate_requests", "Requests answered.", labels=["protocol", "route", "status"]
        )
        for (protocol, route, status), count in self._requests.items():
            requests.add_metric([protocol, route, str(status)], count)
        yield requests
        seconds = HistogramMetricFamily(
            "tollgate_request_seconds",
            "Seconds from the whole head of a request to its answer.",
            labels=["protocol", "route"],
        )
        for labels, buckets in self._seconds.items():
            seconds.add_metric(list(labels), buckets.cumulative(), buckets.sum)
        yield seconds


class ScoreTally(Collector):
    """Rows scored, and the probabilities given."""

    def __init__(self) -> None:
        self._scores = Buckets(SCORE_EDGES)

    def add(self, probabilities: Sequence[float]) -> None:
        """Count the scores of some rows."""
        if len(probabilities) == 1:
            self._scores.add(probabilities[0])
        else:
            self._scores.add_all(probabilities)

    def collect(self) -> Iterator[Metric]:
        """What was counted."""
        yield CounterMetricFamily("tollgate_rows", "Rows scored.", value=sum(self._scores.counts))
        yield HistogramMetricFamily(
            "tollgate_score",
            "Probabilities given.",
            buckets=self._scores.cumulative(),
            sum_value=self._scores.sum,
        )
