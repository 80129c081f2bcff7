"""Evidence of fairness that passes, to be changed."""

from typing import Any

from tests.tollgate.gates.figures import figure
from tollgate.evaluation.fairness_section import FairGroup, Fairness, Protected
from tollgate.evaluation.joint import Joint

NAMES = ("up to 30", "30 to 50", "over 50")
SIZES = (1000, 3000, 2000)


def group(name: str, rows: int, **change: Any) -> FairGroup:
    values: dict[str, Any] = {
        "name": name,
        "rows": rows,
        "events": rows // 10,
        "level": figure(1.0, 0.9, 1.1),
    }
    return FairGroup(**values | {"told": figure(0.6, 0.55, 0.65), **change})


def rates(*values: float | None, error: float = 0.01) -> Joint:
    """Rates that are drawn alone, each with the same standard error."""
    count = len(values)
    square = tuple(tuple(error**2 * (row == column) for column in range(count)) for row in range(count))
    return Joint(values=values, covariances={"rows": square})


def protected(**change: Any) -> Protected:
    values: dict[str, Any] = {
        "groups": tuple(group(name, rows) for name, rows in zip(NAMES, SIZES, strict=True)),
        "approval": rates(0.68, 0.7, 0.72),
        "opportunity": rates(0.73, 0.75, 0.77),
    }
    return Protected(**values | change)


FAIRNESS = Fairness(columns={"age": protected()}, told_on=1000)
