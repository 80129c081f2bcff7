"""The evidence by group of rows as it is written."""

from collections.abc import Mapping
from typing import Literal

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Gap(Section):
    """A group's figure against that of all other rows.

    Attributes:
        figure: How much worse the group is: AUC of the others minus the group's; or the logarithm of observed over
            expected of the group minus the others', where both directions are harm.
        error: Its standard error; None where there is none.
    """

    figure: Figure
    error: float | None = None


class Slice(Section):
    """A group of rows.

    Attributes:
        name: The category, or the band.
        rows: How many.
        events: How many of them with the event.
        auc: What the AUC lacks against the other rows.
        level: The logarithm of observed over expected, against the other rows'.
    """

    name: str
    rows: int
    events: int
    auc: Gap
    level: Gap

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
