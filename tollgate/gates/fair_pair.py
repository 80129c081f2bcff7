"""Two groups of a protected column side by side, and what is told of all of them."""

from dataclasses import dataclass

from tollgate.evaluation.fairness_section import FairGroup, Protected
from tollgate.evaluation.figure import Figure
from tollgate.gates import compared


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
        """The reference group with its column."""
        return f"{self.name} {self._sides[1].name}"

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
    def shortfall(self) -> Figure | None:
        """How much lower the group's approval rate is."""
        return compared.shortfall(self.column.approval, self.at, self.against)

    @property
    def of_good(self) -> Figure | None:
        """How much lower the group's approval rate of those without the event is."""
        return compared.shortfall(self.column.opportunity, self.at, self.against)

    @property
    def _sides(self) -> tuple[FairGroup, FairGroup]:
        return self.column.groups[self.at], self.column.groups[self.against]


def reported(name: str, column: Protected, reference: int) -> str:
    """What is told of the groups of a column, in words."""
    told = [
        f"{group.name} {_percent(rate)}{_times(rate, column.approval.values[reference], at == reference)}"
        for at, (group, rate) in enumerate(zip(column.groups, column.approval.values, strict=True))
    ]
    best = max((group.told.value or 0.5 for group in column.groups), default=0.5)
    return (
        f"reported, not judged: approved are of {name} {'; '.join(told)}. The features tell these groups with an AUC "
        f"of up to {best:.2f}"
    )


def _percent(rate: float | None) -> str:
    return "none" if rate is None else f"{100 * rate:.1f} %"


def _times(rate: float | None, of_reference: float | None, itself: bool) -> str:
    if itself:
        return " (the reference)"
    return f" ({rate / of_reference:.2f} of the reference)" if rate is not None and of_reference else ""
