"""Partial dependence as small drawings, one a feature, all with the same height of probability."""

from collections.abc import Callable
from dataclasses import dataclass

from tollgate.evaluation.written.dependence import Dependence, Dependences

WIDTH, HEIGHT = 200, 90
MISSING = "missing"
MOST_SHOWN = 24


@dataclass(frozen=True)
class Bar:
    """The mean of a category or of a missing value, as a bar with the spread over rows as a line.

    Attributes:
        left: Where it starts, in pixels.
        width: How wide it is.
        top: Where the mean lies.
        height: How high it is.
        middle: Where the line stands.
        high: The upper end of the line.
        low: Its lower end.
    """

    left: float
    width: float
    top: float
    height: float
    middle: float
    high: float
    low: float


@dataclass(frozen=True)
class Small:
    """One drawing.

    Attributes:
        feature: The feature.
        said: What it shows, in words.
        line: The points of the mean over a number or day; empty for a category.
        area: The points of the spread around it.
        bars: The categories, or the missing value beside a number.
        left: What stands under the left end.
        right: What stands under the right end.
    """

    feature: str
    said: str
    line: str
    area: str
    bars: list[Bar]
    left: str
    right: str


@dataclass(frozen=True)
class SmallMultiples:
    """The drawings.

    Attributes:
        rows: On how many rows.
        top: The probability at the upper end of each.
        drawings: One a feature.
        left_out: How many features are not drawn.
    """

    rows: int
    top: float
    drawings: list[Small]
    left_out: int


def small_multiples(found: Dependences) -> SmallMultiples:
    """The drawings of the features that move the probability most."""
    shown = found.features[:MOST_SHOWN]
    top = max((max(one.high) for one in shown if one.high), default=1.0)
    drawings = [_small(one, top) for one in shown if one.at]
    left_out = found.left_out + len(found.features) - len(drawings)
    return SmallMultiples(found.rows, top, drawings, left_out)


def _small(one: Dependence, top: float) -> Small:
    steps = len(one.at)
    apart = one.at[-1] == MISSING or not one.ordered
    numbers = steps - (one.at[-1] == MISSING) if one.ordered else 0
    width = WIDTH / max(steps, 1) if apart else WIDTH

    def height(probability: float) -> float:
        return round(HEIGHT * (1 - probability / max(top, 1e-12)), 1)

    reach = WIDTH - (width if numbers < steps else 0)
    places = [round(reach * at / max(numbers - 1, 1), 1) for at in range(numbers)]
    line = [f"{x},{height(one.mean[at])}" for at, x in enumerate(places)]
    upper = [f"{x},{height(one.high[at])}" for at, x in enumerate(places)]
    lower = [f"{x},{height(one.low[at])}" for at, x in enumerate(places)]
    bars = [_bar(one, at, width, height) for at in range(numbers, steps)]
    ends = (one.at[0], one.at[numbers - 1]) if numbers else (", ".join(one.at), "")
    missing = f", missing {_percent(one.mean[-1])}" if one.at[-1] == MISSING and numbers else ""
    said = f"{_percent(min(one.mean))} to {_percent(max(one.mean))}{missing}"
    return Small(one.feature, said, " ".join(line), " ".join(upper + lower[::-1]), bars, *ends)


def _bar(one: Dependence, at: int, width: float, height: Callable[[float], float]) -> Bar:
    top = height(one.mean[at])
    return Bar(
        left=round(at * width + width * 0.15, 1),
        width=round(width * 0.7, 1),
        top=top,
        height=round(HEIGHT - top, 1),
        middle=round((at + 0.5) * width, 1),
        high=height(one.high[at]),
        low=height(one.low[at]),
    )


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
