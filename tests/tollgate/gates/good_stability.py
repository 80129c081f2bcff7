"""Evidence of stability that passes, to be changed."""

from typing import Any

from tests.tollgate.gates.figures import figure
from tollgate.evaluation.stability_section import Period, Shift, Stability, Trends

SHIFT: dict[str, Any] = {
    "index": 0.012,
    "by_chance": 0.01,
    "beyond": figure(0.002, -0.006, 0.01),
    "bins": 10,
    "weight": 0.5,
    "q_value": 0.4,
}
PERIODS = tuple(
    Period(
        since=f"2025-0{month}",
        until=f"2025-0{month + 1}",
        rows=500,
        events=150,
        roc_auc=figure(0.7, 0.65, 0.75),
        observed_to_expected=figure(1.0, 0.85, 1.2),
    )
    for month in (1, 3)
)
TRENDS: dict[str, Any] = {
    "periods": PERIODS,
    "years": 1 / 6,
    "roc_auc": figure(0.0, -0.06, 0.06),
    "log_observed_to_expected": figure(0.0, -0.2, 0.2),
}
STEADY: dict[str, Any] = {
    "method": "time",
    "timed": True,
    "overlap": 0.0,
    "score": Shift(**SHIFT | {"weight": None}),
    "features": {"income": Shift(**SHIFT), "grade": Shift(**SHIFT)},
    "weighted": figure(0.002, -0.006, 0.01),
    "weighed_on": 1000,
    "trends": Trends(**TRENDS),
}
STABILITY = Stability(**STEADY)
