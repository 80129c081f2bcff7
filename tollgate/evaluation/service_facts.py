"""The part `service` of the evidence: how large the graph is; and, among the timings, how fast."""

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class ServiceFacts(Section):
    """The part `service`.

    Attributes:
        bytes: The size of the graph.
        nodes: How many operators it runs.
        tree_nodes: How many inner nodes its trees have.
        constants: How many numbers it holds besides.
    """

    bytes: int
    nodes: int
    tree_nodes: int
    constants: int


class ServiceTimings(Section):
    """How long the graph takes for a single row, beside a small graph that is always the same.

    Attributes:
        ratio: How many times as long as the small graph, both measured in turn; the median, with its interval.
        milliseconds: The median time of a row.
        reference_milliseconds: That of the small graph.
        rounds: How often both were measured.
    """

    ratio: Figure
    milliseconds: float
    reference_milliseconds: float
    rounds: int
