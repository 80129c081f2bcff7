"""What Prometheus is told: requests, latency, rows, refusals, scores, and which bundle serves."""

from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Info

from serving.tallies import RequestTally, ScoreTally
from tollgate.contract import Problem


class Metrics:
    """The counters of one server.

    Attributes:
        answered: Counts a request by its protocol, its route's template, its status, and how long it took.
        scored: Counts scored rows by their probabilities.
    """

    def __init__(self, registry: CollectorRegistry, name: str, digest: str, columns: Sequence[str]) -> None:
        """Register the counters.

        Args:
            registry: Where they are registered.
            name: The model's name.
            digest: The bundle's digest.
            columns: The contract's columns: no other name becomes a label.
        """
        self._columns = frozenset(columns)
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
        self._requests, self._scores = RequestTally(), ScoreTally()
        registry.register(self._requests)
        registry.register(self._scores)
        self.answered, self.scored = self._requests.add, self._scores.add
        Info("tollgate_bundle", "What is served.", registry=registry).info({"name": name, "bundle": digest})

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
