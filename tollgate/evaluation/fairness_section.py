"""The evidence of fairness as it is written."""

from collections.abc import Mapping

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.joint import Joint
from tollgate.section import Section


class FairGroup(Section):
    """A group of a protected column.

    Attributes:
        name: The category, or the band.
        rows: How many.
        events: How many of them with the event.
        level: Observed over expected events.
        told: How well the features tell the group from all others: the AUC of a model of the group, cross-validated.
    """

    name: str
    rows: int
    events: int
    level: Figure
    told: Figure

    @property
    def others(self) -> int:
        """How many of them without the event."""
        return self.rows - self.events


class Protected(Section):
    """The groups of a protected column.

    Attributes:
        groups: The groups.
        approval: The share approved of each group, which is the favourable outcome.
        opportunity: The share approved of those of each group without the event.
    """

    groups: tuple[FairGroup, ...]
    approval: Joint
    opportunity: Joint


class Fairness(Section):
    """What the model's decisions do to groups that are protected.

    Attributes:
        columns: The protected columns that have groups, by name; empty where there are none.
        told_on: On how many rows it was measured how well features tell groups.
    """

    columns: Mapping[str, Protected]
    told_on: int
