"""The swap set, as the evidence holds it."""

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.written.cell import Cell
from tollgate.section import Section


class Swap(Section):
    """The rows by who approves them.

    Attributes:
        challenger_approves: The share of rows that the challenger approves.
        champion_approves: The share of rows that the champion approves.
        cells: The rows approved by both, only by the one, only by the other, by neither, where there are any.
        swapped: The event rate of those let in less that of those turned away: below 0 the swap pays.
    """

    challenger_approves: float
    champion_approves: float
    cells: tuple[Cell, ...]
    swapped: Figure


class SwapSet(Section):
    """The swap at each model's own threshold, and where both approve as many.

    Attributes:
        rows: The rows that both were compared on.
        own: At each model's own threshold.
        equal: With the challenger approving as many as the champion, those with the lowest probability; where equal
            probabilities have to be parted, the same share of events and others, and of those the champion approves.
    """

    rows: int
    own: Swap
    equal: Swap
