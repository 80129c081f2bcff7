"""Two groups of a protected column side by side, and what is told of all of them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from tollgate.evaluation.fairness_section import FairGroup, Protected
from tollgate.evaluation.figure import Figure
from tollgate.gates import compared

FOUR_FIFTHS = 0.8  # of the Uniform Guidelines, 29 CFR 1607.4 D


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

    @property
    def _sides(self) -> tuple[FairGroup, FairGroup]:
        return self.column.groups[self.at], self.column.groups[self.against]


def reported(name: str, column: Protected, reference: int, least: float) -> tuple[str, list[str]]:
    """What is told of the groups of a column.

    Args:
        name: The column's name.
        column: Its groups with their rates.
        reference: The place of the group that others are held against.
        least: The share of the reference's approval rate below which a group is named.

    Returns:
        All groups in words, those first that are below; and the names of these.
    """
    pairs = [Pair(name, column, at, reference) for at in range(len(column.groups))]
    below = [pair for pair in pairs if pair.times is not None and pair.times < least]
    share = "four fifths" if least == FOUR_FIFTHS else f"{least:g}"
    named = ", ".join(f"{pair.group}{'' if pair.surely_below(least) else ' (not surely)'}" for pair in below)
    head = (
        f"below {share} of the reference, not judged: {named}; reported" if below else "reported, not judged"
    )
    told = "; ".join(_told(pair) for pair in pairs)
    best = max((group.told.value or 0.5 for group in column.groups), default=0.5)
    message = f"{head}: approved are of {name} {told}. The features tell these groups with an AUC of up to {best:.2f}"
    return message, [column.groups[pair.at].name for pair in below]


def _told(pair: Pair) -> str:
    rate = pair.column.approval.values[pair.at]
    said = f"{pair.column.groups[pair.at].name} {'none' if rate is None else f'{100 * rate:.1f} %'}"
    if pair.at == pair.against:
        return f"{said} (the reference)"
    if pair.times is None or pair.shortfall is None:
        return said
    ratio = f"{pair.times:.2f}{_between(pair.log_ratio, math.exp)} of the reference"
    difference = (
        f"{0.0 - (pair.shortfall.value or 0.0):+.3f}{_between(pair.shortfall, lambda end: 0.0 - end, '+')}"
    )
    return f"{said} ({ratio}, difference {difference})"


def _between(figure: Figure | None, turned: Callable[[float], float], sign: str = "") -> str:
    """The interval of a figure, turned into another; empty without one."""
    if figure is None or figure.low is None or figure.high is None:
        return ""
    low, high = sorted((turned(figure.low), turned(figure.high)))
    digits = f"{sign}.{3 if sign else 2}f"
    return f" [{low:{digits}}, {high:{digits}}]"
