"""The card of a scorecard, as a reader sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from pydantic import model_validator

from tollgate.report.words import day, number
from tollgate.section import Section

BAR = 120
DIGITS = (4, 6, 9, 17)
UNBROKEN = "\u00a0"


class Characteristic(Section):
    """A feature on the card as the evidence holds it: by bin, the missing values last.

    Attributes:
        type: The type of the feature.
        names: What its codes stand for, for a category or boolean.
        edges: Upper edges, each belonging to the bin below it.
        rows: Rows of the fit part.
        events: Events among them.
        weight: The weight of evidence.
        points: The points.
    """

    type: str
    names: tuple[str, ...] = ()
    edges: tuple[float, ...]
    rows: tuple[float, ...]
    events: tuple[float, ...]
    weight: tuple[float, ...]
    points: tuple[float, ...]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        bins = len(self.edges) + 2
        if {len(self.rows), len(self.events), len(self.weight), len(self.points)} != {bins}:
            raise ValueError("each bin needs rows, events, weight and points")
        if self.names and len(self.names) != bins - 1:
            raise ValueError("each code needs a name")
        return self

    @property
    def counts(self) -> bool:
        """Whether the feature counts; one whose coefficient turned its own evidence around was left out."""
        return any(self.weight)


@dataclass(frozen=True)
class Bin:
    """A row of the card.

    Attributes:
        name: The category, or from where to where.
        rows: Rows of the fit part.
        rate: The share of events among them; None without rows.
        weight: The weight of evidence.
        points: The points.
        bar: How wide the points are drawn, in pixels.
    """

    name: str
    rows: int
    rate: float | None
    weight: float
    points: float
    bar: float


@dataclass(frozen=True)
class Card:
    """The card.

    Attributes:
        features: By name its bins, the feature that moves the points most first.
        left_out: The features that do not count.
        lowest: The fewest points that a row can get.
        highest: The most.
    """

    features: dict[str, list[Bin]]
    left_out: list[str]
    lowest: float
    highest: float


def card_of(written: Mapping[str, Any]) -> Card:
    """The card from the evidence.

    Raises:
        ValueError: It is of another form.
    """
    found = {name: Characteristic.read(feature) for name, feature in written.items()}
    highest = max(max(feature.points) for feature in found.values())
    counted = [name for name in found if found[name].counts]
    counted.sort(key=lambda name: min(found[name].points) - max(found[name].points))
    return Card(
        features={name: _bins(found[name], BAR / max(highest, 1.0)) for name in counted},
        left_out=[name for name in found if not found[name].counts],
        lowest=sum(min(feature.points) for feature in found.values()),
        highest=sum(max(feature.points) for feature in found.values()),
    )


def _bins(feature: Characteristic, pixels: float) -> list[Bin]:
    names = [*(feature.names or _spans(feature)), "missing"]
    columns = zip(names, feature.rows, feature.events, feature.weight, feature.points, strict=True)
    return [
        Bin(
            name,
            int(rows),
            events / rows if rows else None,
            weight,
            points,
            max(0.0, round(points * pixels, 1)),
        )
        for name, rows, events, weight, points in columns
        if rows or name != "missing"
    ]


def _spans(feature: Characteristic) -> list[str]:
    """Each bin of a number or day as from where to where, the upper end belonging to it."""
    said = _edges(feature)
    if not said:
        return ["any"]
    between = [f"{low} to {high}" for low, high in pairwise(said)]
    return [span.replace(" ", UNBROKEN) for span in (f"to {said[0]}", *between, f"above {said[-1]}")]


def _edges(feature: Characteristic) -> list[str]:
    """The edges with as few digits as tell them apart."""
    if feature.type == "date":
        return [day(edge) for edge in feature.edges]
    for digits in DIGITS:
        said = [number(edge, digits) for edge in feature.edges]
        if len(set(said)) == len(said):
            break
    return said
