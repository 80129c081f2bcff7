"""Evidence to judge: made up, so that each figure is the one a test is about."""

from typing import Any

from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.evidence import Champion, Evidence, Holdout, Timings
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.reuse import Reuse
from tollgate.lineage import Lineage

AT = "2026-01-02T03:04:05+00:00"
MEASURED = "2026-01-02T03:04:00+00:00"
BUNDLE = "b" * 64
CHAMPION = Champion(state="found", release="e" * 64, bundle="c" * 64, generation=3, settings={})
NO_CHAMPION = Champion(state="none")
AUC = (0.7, 0.68, 0.72)
EQUAL = (0.0, -0.005, 0.005)
FRESH = Reuse(target="local/credit", sketch="9" * 64)


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
        "differences": {"roc_auc": figure(*EQUAL)} if differences is None else differences,
        "settings": "5" * 64,
        "timings": Timings(measured_at=MEASURED),
    }
    values["champion_metrics"] = _less(values["metrics"], values["differences"])
    values |= change
    return Evidence(**{"comparison": compared(values["holdout"]), "reuse": FRESH} | values)


def compared(holdout: Holdout, **change: Any) -> Comparison:
    """A comparison on all rows of a holdout, but for what is changed."""
    counts = {"rows": holdout.rows, "events": holdout.events}
    scored = {"scored_rows": holdout.rows, "scored_events": holdout.events}
    return Comparison(**{"seen_by_champion": 0, "seen_by_challenger": 0, **counts, **scored} | change)


def lineage_of(found: Evidence) -> Lineage:
    """A run that made exactly what some evidence is about."""
    training, validation = str(found.training.get("record", "")), str(found.validation.get("digest", ""))
    return Lineage(found.bundle, found.holdout.splits, training, validation)


def _less(metrics: dict[str, Figure], differences: dict[str, Figure]) -> dict[str, Figure]:
    """The champion's figures: the challenger's less the difference."""

    def by(end: float | None, difference: Figure) -> float | None:
        return None if end is None else end - (difference.value or 0.0)

    return {
        name: figure(by(ours.value, difference), by(ours.low, difference), by(ours.high, difference))
        for name, difference in differences.items()
        if (ours := metrics.get(name))
    }


def few(events: int, others: int) -> Holdout:
    """A holdout with so many of each class."""
    return Holdout(splits="d" * 64, rows=events + others, events=events)
