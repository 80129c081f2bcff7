"""Evidence to judge: made up, so that each figure is the one a test is about."""

from typing import Any

from tests.tollgate.gates.figures import figure as figure
from tests.tollgate.gates.good_calibration import CALIBRATION
from tests.tollgate.gates.good_fairness import FAIRNESS
from tests.tollgate.gates.good_stability import STABILITY
from tollgate.evaluation.evidence import Champion, Evidence, Holdout
from tollgate.evaluation.figure import Figure

BUNDLE = "b" * 64
CHAMPION = Champion(state="found", release="e" * 64, bundle="c" * 64, generation=3)
NO_CHAMPION = Champion(state="none")
AUC = (0.7, 0.68, 0.72)
EQUAL = (0.0, -0.005, 0.005)


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
        "calibration": CALIBRATION,
        "stability": STABILITY,
        "fairness": FAIRNESS,
    }
    return Evidence(**values | change)


def few(events: int, others: int) -> Holdout:
    """A holdout with so many of each class."""
    return Holdout(splits="d" * 64, rows=events + others, events=events)
