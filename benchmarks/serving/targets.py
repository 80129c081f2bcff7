"""The figures by name, and the targets that they are held to."""

import statistics
from collections.abc import Iterator
from typing import Any

from benchmarks.serving.peers import OURS, PEERS

RAW, SKLEARNSERVER = "raw ASGI", "kserve sklearnserver"
RIVALS = {SKLEARNSERVER: (SKLEARNSERVER, f"{SKLEARNSERVER}, one thread")}  # whichever is faster
Target = tuple[str, str, str, bool | None]


class Figures:
    """Medians over the rounds; 0 for what was not measured."""

    def __init__(self, found: dict[str, Any]) -> None:
        """Take the raw results."""
        self._found = found

    def rate(self, name: str, protocol: str, rows: int, connections: int) -> float:
        """Requests a second."""
        return self._median(name, protocol, rows, connections, "rate")

    def p50(self, name: str, protocol: str, rows: int, connections: int) -> float:
        """The median latency, ms."""
        return self._median(name, protocol, rows, connections, "p50")

    def p99(self, name: str, protocol: str, rows: int, connections: int) -> float:
        """The 99th percentile of latency, ms."""
        return self._median(name, protocol, rows, connections, "p99")

    def ready(self, name: str) -> float:
        """Seconds to ready."""
        return _median(self._found["ready"].get(name, []))

    def memory(self, name: str) -> float:
        """Resident MB."""
        return float(self._found["memory"].get(name, 0.0))

    def peers(self, protocol: str) -> list[str]:
        """Who was measured, ours first."""
        seen = {run["peer"] for run in self._found["runs"] if run["protocol"] == protocol}
        return [name for name in PEERS if name in seen]

    def _median(self, name: str, protocol: str, rows: int, connections: int, what: str) -> float:
        cell = (name, protocol, rows, connections)
        keys = ("peer", "protocol", "rows", "connections")
        return _median([run[what] for run in self._found["runs"] if tuple(run[key] for key in keys) == cell])


def targets(figures: Figures) -> Iterator[Target]:
    """Each target: what, the limit, what was found, whether it is met; None where it was not measured."""
    one, hundred, remote = ("rest", 1, 8), ("rest", 100, 8), ("grpc", 1, 8)
    yield _least(
        "one row, 8 connections, to sklearnserver's rate", 90, _ratio(figures, SKLEARNSERVER, *one), "x"
    )
    yield _least("one row, 8 connections, to raw ASGI's rate", 0.6, _ratio(figures, RAW, *one), "x")
    raw, ours = figures.p99(RAW, *one), figures.p99(OURS, *one)
    yield _most("one row, 8 connections, to raw ASGI's p99", 2, ours / raw if raw else 0, "x")
    yield _least(
        "100 rows, 8 connections, to sklearnserver's rate", 20, _ratio(figures, SKLEARNSERVER, *hundred), "x"
    )
    yield _least(
        "gRPC, one row, 8 connections, to sklearnserver's", 10, _ratio(figures, SKLEARNSERVER, *remote), "x"
    )
    yield _most("ready", 2, figures.ready(OURS), " s")
    yield _most("resident memory", 200, figures.memory(OURS), " MB")
    plain = figures.rate("logistic plain", "rest", 1, 8)
    reasons = figures.rate("logistic reasons", "rest", 1, 8)
    yield _least("reasons, logistic, to the plain rate", 0.3, reasons / plain if plain else 0, "x")
    yield _most("reasons, trees, p99", 10, figures.p99("trees reasons", "rest", 1, 8), " ms")


def _ratio(figures: Figures, other: str, protocol: str, rows: int, connections: int) -> float:
    theirs = max(figures.rate(name, protocol, rows, connections) for name in RIVALS.get(other, (other,)))
    return figures.rate(OURS, protocol, rows, connections) / theirs if theirs else 0.0


def _least(what: str, limit: float, value: float, unit: str) -> Target:
    return (
        what,
        f">= {limit:g}{unit}",
        f"{value:.2f}{unit}" if value else "",
        value >= limit if value else None,
    )


def _most(what: str, limit: float, value: float, unit: str) -> Target:
    return (
        what,
        f"<= {limit:g}{unit}",
        f"{value:.2f}{unit}" if value else "",
        value <= limit if value else None,
    )


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else 0.0
