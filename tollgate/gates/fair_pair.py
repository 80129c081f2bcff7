"""Two groups of a protected column side by side."""

import math
from dataclasses import dataclass

from tollgate.evaluation.fairness_section import FairGroup, Protected
from tollgate.evaluation.figure import Figure
from tollgate.gates import compared

FOUR_FIFTHS = 0.8  # of the Uniform Guidelines, 29 CFR 1607.4 D
Ends = tuple[float, float, float]


@dataclass(frozen=True)
class Pair:
    """A group and the reference group.

    Attributes:
        name: The column's name.
        column: The column's groups with their rates.
        at: The place of the group.
        against: The place of the reference group.
    """

    name: str
    column: Protected
    at: int
    against: int

    @property
    def group(self) -> str:
        """The group with its column, for a person."""
        return f"{self.name} {self._sides[0].name}"

    @property
    def reference(self) -> str:
        """The reference group with its column, as the reference."""
        return f"the reference {self.name} {self._sides[1].name}"

    @property
    def fewest_rows(self) -> int:
        """The rows of the smaller one."""
        return min(side.rows for side in self._sides)

    @property
    def fewest_others(self) -> int:
        """The rows without the event of the one that has fewer."""
        return min(side.others for side in self._sides)

    @property
    def log_ratio(self) -> Figure | None:
        """The logarithm of the group's approval rate over the reference's."""
        return compared.log_ratio(self.column.approval, self.at, self.against)

    @property
    def times(self) -> float | None:
        """The group's approval rate as a share of the reference's; None where one has none, or the reference's is 0."""
        rate, of_reference = (self.column.approval.values[at] for at in (self.at, self.against))
        return rate / of_reference if rate is not None and of_reference else None

    def surely_below(self, share: float) -> bool:
        """Whether the interval of the ratio lies wholly below a share."""
        figure = self.log_ratio
        return figure is not None and figure.high is not None and figure.high < math.log(share)

    @property
    def shortfall(self) -> Figure | None:
        """How much lower the group's approval rate is."""
        return compared.shortfall(self.column.approval, self.at, self.against)

    @property
    def of_good(self) -> Figure | None:
        """How much lower the group's approval rate of those without the event is."""
        return compared.shortfall(self.column.opportunity, self.at, self.against)

    def from_below(self, ends: Ends) -> tuple[str, str, Ends]:
        """Who is worse off, who is not, and how far the one lies below the other.

        Args:
            ends: The group minus the reference: value, low and high end.
        """
        if ends[0] <= 0:
            return self.group, self.reference, ends
        return self.reference, self.group, (0.0 - ends[0], 0.0 - ends[2], 0.0 - ends[1])

    @property
    def _sides(self) -> tuple[FairGroup, FairGroup]:
        return self.column.groups[self.at], self.column.groups[self.against]
