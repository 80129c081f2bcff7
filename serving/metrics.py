"""What Prometheus is told: requests, latency, rows, refusals, scores, and which bundle serves."""

from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator, Sequence

import numpy as np
from prometheus_client import CollectorRegistry, Counter, Histogram, Info
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from tollgate.contract import Problem

LATENCY_BUCKETS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SCORE_EDGES = tuple(round(0.05 * step, 2) for step in range(1, 21))


class Metrics:
    """The counters of one server."""

    def __init__(self, registry: CollectorRegistry, name: str, digest: str, columns: Sequence[str]) -> None:
        """Register the counters.

        Args:
            registry: Where they are registered.
            name: The model's name.
            digest: The bundle's digest.
            columns: The contract's columns: no other name becomes a label.
        """
        self._columns = frozenset(columns)
        self._requests = Counter(
            "tollgate_requests", "Requests answered.", ["protocol", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "tollgate_request_seconds",
            "Seconds from the whole head of a request to its answer.",
            ["protocol", "route"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._rows = Counter("tollgate_rows", "Rows scored.", registry=registry)
        self._refusals = Counter(
            "tollgate_refusals", "Broken rules of the contract.", ["column", "rule"], registry=registry
        )
        self._warnings = Counter(
            "tollgate_out_of_bounds",
            "Values out of bounds that were scored.",
            ["column", "rule"],
            registry=registry,
        )
        self._not_finite = Counter(
            "tollgate_not_finite", "Requests whose score was not finite.", registry=registry
        )
        self._scores = ScoreHistogram()
        registry.register(self._scores)
        Info("tollgate_bundle", "What is served.", registry=registry).info({"name": name, "bundle": digest})
        self._known: dict[tuple[str, str, int | str], tuple[Counter, Histogram]] = {}

    def answered(self, protocol: str, route: str, status: int | str, seconds: float) -> None:
        """Count a request by its route's template and its status."""
        key = (protocol, route, status)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = (
                self._requests.labels(protocol, route, status),
                self._seconds.labels(protocol, route),
            )
        found[0].inc()
        found[1].observe(seconds)

    def scored(self, probabilities: Sequence[float]) -> None:
        """Count scored rows."""
        self._rows.inc(len(probabilities))
        self._scores.add(probabilities)

    def refused(self, problems: Sequence[Problem]) -> None:
        """Count broken rules; a column that the contract does not have counts as none."""
        self._count(self._refusals, problems)

    def warned(self, problems: Sequence[Problem]) -> None:
        """Count values out of bounds that were scored all the same."""
        self._count(self._warnings, problems)

    def not_finite(self) -> None:
        """Count a request for which the model had no finite score."""
        self._not_finite.inc()

    def _count(self, counter: Counter, problems: Sequence[Problem]) -> None:
        kinds = Tally((problem.column or "", problem.rule) for problem in problems)
        for (column, rule), times in kinds.items():
            counter.labels(column if column in self._columns else "", rule).inc(times)


class ScoreHistogram(Collector):
    """Probabilities in twenty buckets, counted many at a time."""

    def __init__(self) -> None:
        self._edges = SCORE_EDGES[:-1]
        self._counts = [0] * len(SCORE_EDGES)
        self._sum = 0.0

    def add(self, probabilities: Sequence[float]) -> None:
        """Count some probabilities."""
        if len(probabilities) == 1:
            self._counts[bisect_left(self._edges, probabilities[0])] += 1
        else:
            places = np.searchsorted(self._edges, probabilities, side="left")
            counts = np.bincount(places, minlength=len(SCORE_EDGES)).tolist()
            self._counts = [old + new for old, new in zip(self._counts, counts, strict=True)]
        self._sum += sum(probabilities)

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """The histogram as Prometheus takes it: cumulative."""
        total, buckets = 0, []
        for edge, count in zip(SCORE_EDGES, self._counts, strict=True):
            total += count
            buckets.append((str(edge), total))
        yield HistogramMetricFamily(
            "tollgate_score", "Probabilities given.", buckets=[*buckets, ("+Inf", total)], sum_value=self._sum
        )
