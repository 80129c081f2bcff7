"""The evidence by group of rows as it is written."""

from collections.abc import Mapping
from typing import Literal

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Gap(Section):
    """A group's figure against that of all other rows.

    Attributes:
        figure: How much worse the group is: what its AUC lacks of the AUC that its probabilities imply, minus what
            the others' lacks; or the logarithm of observed over expected of the group minus the others', where both
            directions are harm.
        error: Its standard error; None where there is none.
        degrees: The degrees of freedom of Student's t, rounded: one less than the groups or months alike that those
            taken to be drawn are worth; None where each row is drawn alone. The interval of the figure is that of t.
    """

    figure: Figure
    error: float | None = None
    degrees: int | None = None


class Areas(Section):
    """The AUC of a group, which is low also where its rows are much alike.

    Attributes:
        auc: As it was observed.
        implied: To be expected where each row has the event with the probability that the model gives it.
    """

    auc: float
    implied: float


class Slice(Section):
    """A group of rows.

    Attributes:
        name: The category, or the band.
        rows: How many.
        events: How many of them with the event.
        auc: What the AUC lacks of what the probabilities imply, against the other rows.
        level: The logarithm of observed over expected, against the other rows'.
        areas: The AUC and what the probabilities imply; None where there are no two outcomes.
    """

    name: str
    rows: int
    events: int
    auc: Gap
    level: Gap
    areas: Areas | None = None

    @property
    def fewer(self) -> int:
        """How many events, or others, whichever are fewer."""
        return min(self.events, self.rows - self.events)


class SlicedColumn(Section):
    """The groups of a column.

    Attributes:
        kind: protected; segment, which is a category or boolean; or band, which is cut out of a number.
        slices: The groups.
        small: Those with fewer than 100 events or others, as one group; None where there are no two of them.
    """

    kind: Literal["protected", "segment", "band"]
    slices: tuple[Slice, ...]
    small: Slice | None = None


class Slices(Section):
    """Groups against the rest, column by column.

    Attributes:
        rows: On how many rows that was measured: all of them, or a seeded sample of so many.
        columns: The columns by name.
    """

    rows: int
    columns: Mapping[str, SlicedColumn]
