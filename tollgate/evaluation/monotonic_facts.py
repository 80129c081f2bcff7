"""The part `monotonic` of the evidence: whether the model keeps to the directions that the contract declares."""

from collections.abc import Mapping
from typing import Literal

from tollgate.section import Section


class Direction(Section):
    """A declared direction, and what was found of it.

    Attributes:
        declared: increasing or decreasing: how the probability must move with the value.
        method: form (the model is a sum of terms, and this one was looked at), bounds (no trees can move the other
            way), or sweep (only the rows tried were looked at).
        rows: How many rows the graph scored to look for a violation.
        points: At how many values of the feature.
        bound: By how much the margin can move the wrong way at most; None where only rows were tried.
        worst: By how much the margin did move the wrong way at most among the rows tried, relative to its size where
            that is above 1.
        low: The value from which it did; None where it did not.
        high: The value up to which it did.
    """

    declared: Literal["increasing", "decreasing"]
    method: Literal["form", "bounds", "sweep"]
    rows: int
    points: int
    bound: float | None = None
    worst: float = 0.0
    low: float | None = None
    high: float | None = None


class MonotonicFacts(Section):
    """The part `monotonic`.

    Attributes:
        directions: By feature, those alone whose direction is declared.
        agrees: Whether what the bundle says of its model is its graph, by the rows scored; None where it says nothing.
    """

    directions: Mapping[str, Direction]
    agrees: bool | None = None
