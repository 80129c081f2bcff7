"""The gate `service`: is the graph small and fast enough to be served?"""

from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.service_facts import ServiceFacts, ServiceTimings
from tollgate.gates.against import against
from tollgate.gates.finding import Finding, lacking
from tollgate.gates.gate import HIGHER, Gate


class ServiceGate(Gate):
    """Size and speed of the graph; milliseconds are told, never judged: they are those of one machine."""

    question: ClassVar[str] = "Is the graph small, and is a row scored in few times what a small graph takes?"

    blind: ClassVar[str] = "The load, the network and the machine on which it will be served."
    source: ClassVar[str] = (
        "By definition, a megabyte is a million bytes; the time ratio is the median of ratios taken in turn, with "
        "the interval between order statistics (Conover 1999, 3.2). No paper stands for the limits, which are "
        "Tollgate's own."
    )

    megabytes: Annotated[
        float, Field(gt=0, le=500, description="The largest graph, in megabytes."), HIGHER
    ] = 50
    nodes: Annotated[
        int,
        Field(gt=0, le=20_000_000, description="The most operators and nodes of trees in the graph."),
        HIGHER,
    ] = 1_000_000
    time_ratio: Annotated[
        float,
        Field(
            gt=0,
            le=1000,
            description="How many times as long as a small graph, that is always the same, a row may take.",
        ),
        HIGHER,
    ] = 100

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding each on size, nodes and time."""
        facts, timings = evidence.service, evidence.timings.service if evidence.timings else None
        if isinstance(facts, NotAssessed):
            return [lacking("service", "graph", facts.not_assessed)]
        return [*self._size(facts), self._time(timings)]

    def _size(self, facts: ServiceFacts) -> list[Finding]:
        nodes = facts.nodes + facts.tree_nodes
        return [
            against("service", "size", _exact(facts.bytes / 1e6), self.megabytes, "the graph, in megabytes,"),
            against("service", "nodes", _exact(nodes), self.nodes, "the number of operators and tree nodes"),
        ]

    def _time(self, timings: ServiceTimings | NotAssessed | None) -> Finding:
        if not isinstance(timings, ServiceTimings):
            return lacking("service", "time", timings.not_assessed if timings else "no row was timed")
        said = (
            f"a row takes {timings.milliseconds:.3g} ms here, a small graph {timings.reference_milliseconds:.3g} ms; "
            "the time ratio"
        )
        return against("service", "time", timings.ratio, self.time_ratio, said)


def _exact(value: float) -> Figure:
    return Figure(value=value, low=value, high=value)
