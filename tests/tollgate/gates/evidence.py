"""Evidence to judge: made up, so that each figure is the one a test is about."""

from typing import Any

from tests.tollgate.gates.figures import figure as figure
from tests.tollgate.gates.good_calibration import CALIBRATION
from tests.tollgate.gates.good_fairness import FAIRNESS
from tests.tollgate.gates.good_stability import STABILITY
from tollgate.canonical import canonical_json, sha256
from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.data_facts import DataFacts, Rows
from tollgate.evaluation.evidence import Champion, Evidence, Holdout, Timings
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.leakage_facts import Alone, LeakageFacts
from tollgate.evaluation.monotonic_facts import MonotonicFacts
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.robustness_facts import RobustnessFacts
from tollgate.evaluation.service_facts import ServiceFacts, ServiceTimings
from tollgate.lineage import Lineage

AT = "2026-01-02T03:04:05+00:00"
MEASURED = "2026-01-02T03:04:00+00:00"
BUNDLE = "b" * 64
CHAMPION = Champion(state="found", release="e" * 64, bundle="c" * 64, generation=3, settings={})
NO_CHAMPION = Champion(state="none")
AUC = (0.7, 0.68, 0.72)
EQUAL = (0.0, -0.005, 0.005)
FRESH = Reuse(target="local/credit", sketch="9" * 64)


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
        "differences": {"roc_auc": figure(*EQUAL)} if differences is None else differences,
        "settings": "5" * 64,
        "calibration": CALIBRATION,
        "stability": STABILITY,
        "fairness": FAIRNESS,
    }
    values["champion_metrics"] = _less(values["metrics"], values["differences"])
    values |= change
    return Evidence(**sure(values["holdout"]) | values)


def compared(holdout: Holdout, **change: Any) -> Comparison:
    """A comparison on all rows of a holdout, but for what is changed."""
    counts = {"rows": holdout.rows, "events": holdout.events}
    scored = {"scored_rows": holdout.rows, "scored_events": holdout.events}
    return Comparison(**{"seen_by_champion": 0, "seen_by_challenger": 0, **counts, **scored} | change)


def lineage_of(found: Evidence) -> Lineage:
    """A run that made exactly what some evidence is about."""
    training, validation = str(found.training.get("record", "")), found.validation.digest
    target = found.reuse.target if isinstance(found.reuse, Reuse) else "local/credit"
    measured = sha256(canonical_json(found.as_json()))
    return Lineage(found.bundle, found.holdout.splits, training, validation, measured, target)


def _less(metrics: dict[str, Figure], differences: dict[str, Figure]) -> dict[str, Figure]:
    """The champion's figures: the challenger's less the difference."""

    def by(end: float | None, difference: Figure) -> float | None:
        return None if end is None else end - (difference.value or 0.0)

    return {
        name: figure(by(ours.value, difference), by(ours.low, difference), by(ours.high, difference))
        for name, difference in differences.items()
        if (ours := metrics.get(name))
    }


def sure(holdout: Holdout) -> dict[str, Any]:
    """Parts of the evidence with which every gate passes that nobody named."""
    return {
        "comparison": compared(holdout),
        "reuse": FRESH,
        "parity": 1e-15,
        "data": data(holdout),
        "leakage": leakage(),
        "monotonic": MonotonicFacts(directions={}),
        "reasons": ReasonsFacts(explains=False),
        "robustness": RobustnessFacts(rows=1000, noise=0.1),
        "service": ServiceFacts(bytes=5000, nodes=12, tree_nodes=0, constants=60),
        "timings": timings(),
    }


def timings(low: float = 1.5, high: float = 2.5, milliseconds: float = 0.02, at: str = MEASURED) -> Timings:
    """A row that takes twice as long as the small graph, unless told otherwise."""
    found = ServiceTimings(
        ratio=figure((low + high) / 2, low, high),
        milliseconds=milliseconds,
        reference_milliseconds=0.01,
        rounds=101,
    )
    return Timings(measured_at=at, service=found)


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
