"""Rows that belong together, as the evidence holds them."""

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Cell(Section):
    """Rows that belong together, and how often the event happened among them.

    Attributes:
        name: What they have in common.
        rows: How many.
        events: How many with the event; None where the rows are so few that it could be a person's.
        rate: The share of events, with Wilson's interval.
        predicted: The mean probability by the challenger.
        observed_expected: Events to the sum of probabilities, 1 where the model is right on average.
    """

    name: str
    rows: int
    events: int | None
    rate: Figure
    predicted: float | None
    observed_expected: Figure
