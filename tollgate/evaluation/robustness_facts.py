"""The part `robustness` of the evidence: how far scores move when values do a little."""

from collections.abc import Mapping

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Shift(Section):
    """How far the probability moves.

    Attributes:
        mean: The mean of the moves, whichever their direction.
        tail: What 99 % of the moves stay below.
        flips: The share of rows that are decided otherwise.
    """

    mean: Figure
    tail: Figure
    flips: Figure


class RobustnessFacts(Section):
    """The part `robustness`.

    Attributes:
        rows: On how many rows of the holdout.
        noise: By what share of its spread each number was moved up or down; the spread is that of a normal
            distribution with the reference profile's outer deciles.
        numbers: By number, integer or date, what moving it does.
        together: What moving all of them does.
        categories: By category or boolean, what another one of its values does, drawn at random.
        unmoved: Numbers that have one value alone in the reference profile.
    """

    rows: int
    noise: float
    numbers: Mapping[str, Shift] = {}
    together: Shift | None = None
    categories: Mapping[str, Shift] = {}
    unmoved: tuple[str, ...] = ()
