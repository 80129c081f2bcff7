"""Partial dependence, as the evidence holds it."""

from tollgate.section import Section


class Dependence(Section):
    """How the probability goes with a feature.

    Attributes:
        feature: The feature.
        ordered: Whether the values are of a number or day, from low to high; the missing one comes last all the same.
        at: The values.
        mean: The mean probability at each of them.
        low: The tenth part of the rows has a probability below this (individual conditional expectation).
        high: The tenth part of the rows has one above this.
        span: The highest mean less the lowest.
    """

    feature: str
    ordered: bool
    at: tuple[str, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    span: float


class Dependences(Section):
    """Partial dependence, the feature with the widest span first.

    Attributes:
        rows: On how many rows it was measured, drawn alike.
        features: The features.
        left_out: How many more there are.
    """

    rows: int
    features: tuple[Dependence, ...]
    left_out: int = 0
