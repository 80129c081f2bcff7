"""Evidence to judge: made up, so that each figure is the one a test is about."""

from typing import Any

from tollgate.evaluation.data_facts import DataFacts, Rows
from tollgate.evaluation.evidence import Champion, Evidence, Holdout, Timings
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.leakage_facts import Alone, LeakageFacts
from tollgate.evaluation.monotonic_facts import MonotonicFacts
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.evaluation.robustness_facts import RobustnessFacts
from tollgate.evaluation.service_facts import ServiceFacts, ServiceTimings

BUNDLE = "b" * 64
CHAMPION = Champion(state="found", release="e" * 64, bundle="c" * 64, generation=3)
NO_CHAMPION = Champion(state="none")
AUC = (0.7, 0.68, 0.72)
EQUAL = (0.0, -0.005, 0.005)


def figure(
    value: float | None, low: float | None = None, high: float | None = None, reason: str = ""
) -> Figure:
    return Figure(value=value, low=low, high=high, reason=reason)


def evidence(
    metrics: dict[str, Figure] | None = None,
    differences: dict[str, Figure] | None = None,
    champion: Champion = CHAMPION,
    **change: Any,
) -> Evidence:
    """Evidence that passes usual gates, but for what is changed."""
    values: dict[str, Any] = {
        "version": 3,
        "bundle": BUNDLE,
        "holdout": Holdout(splits="d" * 64, rows=1000, events=300),
        "champion": champion,
        "metrics": {"roc_auc": figure(*AUC)} if metrics is None else metrics,
        "champion_metrics": {"roc_auc": figure(*AUC)},
        "differences": {"roc_auc": figure(*EQUAL)} if differences is None else differences,
        "settings": "5" * 64,
    }
    values |= change
    sure: dict[str, Any] = {
        "parity": 1e-15,
        "data": data(values["holdout"]),
        "leakage": leakage(),
        "monotonic": MonotonicFacts(directions={}),
        "reasons": ReasonsFacts(explains=False),
        "robustness": RobustnessFacts(rows=1000, noise=0.1),
        "service": ServiceFacts(bytes=5000, nodes=12, tree_nodes=0, constants=60),
        "timings": timings(),
    }
    return Evidence(**sure | values)


def timings(low: float = 1.5, high: float = 2.5, milliseconds: float = 0.02) -> Timings:
    """A row that takes twice as long as the small graph, unless told otherwise."""
    found = ServiceTimings(
        ratio=figure((low + high) / 2, low, high),
        milliseconds=milliseconds,
        reference_milliseconds=0.01,
        rounds=101,
    )
    return Timings(measured_at="2026-01-02T03:04:05+00:00", service=found)


def data(holdout: Holdout, **change: Any) -> DataFacts:
    """Rows that pass, of a split with this holdout."""
    fitted = Rows(rows=5000, events=1500)
    values: dict[str, Any] = {
        "splits": holdout.splits,
        "validation": "v" * 64,
        "record": "7" * 64,
        "parts": {"fit": fitted, "holdout": Rows(rows=holdout.rows, events=holdout.events)},
        "fitted": fitted,
        "features": {},
        "immature": figure(0.2, 0.19, 0.21),
        "repeated": figure(0.0, 0.0, 0.004),
    }
    return DataFacts(**values | change)


def leakage(**change: Any) -> LeakageFacts:
    """Features that raise no alarm."""
    values: dict[str, Any] = {
        "known": {},
        "rows": 1000,
        "alone": {"income": Alone(auc=figure(0.6, 0.57, 0.63))},
        "loss_rows": 1000,
        "loss": {"income": figure(0.03, 0.01, 0.05)},
    }
    return LeakageFacts(**values | change)


def few(events: int, others: int) -> Holdout:
    """A holdout with so many of each class."""
    return Holdout(splits="d" * 64, rows=events + others, events=events)
