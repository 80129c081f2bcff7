"""Score bands, as the evidence holds them."""

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.written.cell import Cell
from tollgate.section import Section


class Break(Section):
    """Two neighbouring bands whose event rates go the wrong way.

    Attributes:
        lower: The band that should have the lower rate.
        higher: The band that should have the higher rate.
        fall: By how much the rate falls from the one to the other.
        sure: Whether the whole interval of the fall lies above 0.
    """

    lower: str
    higher: str
    fall: Figure
    sure: bool


class Scale(Section):
    """Bands of one scale, from the lowest risk to the highest.

    Attributes:
        cut_by: Where the edges come from.
        bands: The bands that have rows.
        breaks: Where the order is broken.
    """

    cut_by: str
    bands: tuple[Cell, ...]
    breaks: tuple[Break, ...]


class Bands(Section):
    """The bands of a model's scores.

    Attributes:
        probability: By the probability of the event.
        points: By the points of a scorecard; None for any other model.
    """

    probability: Scale
    points: Scale | None = None
