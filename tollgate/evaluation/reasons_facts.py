"""The part `reasons` of the evidence: whether declined rows have reasons that are true."""

from collections.abc import Mapping

from tollgate.section import Section


class ReasonsFacts(Section):
    """The part `reasons`.

    Attributes:
        explains: Whether the model explains anything; nothing else was looked at where it does not.
        declined: How many rows of the holdout the model declines.
        looked: At how many of them.
        without: How many of these have no reason.
        additivity: By how much base and contributions differ from the margin at most, relative to its size above 1.
        contrary: By feature how many reasons say high, low or missing of a value that is not.
        lacking: Features of which the contract does not say what is to be said; their names are.
    """

    explains: bool
    declined: int = 0
    looked: int = 0
    without: int = 0
    additivity: float = 0.0
    contrary: Mapping[str, int] = {}
    lacking: tuple[str, ...] = ()
