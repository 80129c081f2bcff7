"""The section `gates` of workflow.yaml: the one place that names every gate."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from tollgate.gates.champion import ChampionGate
from tollgate.gates.data import DataGate
from tollgate.gates.gate import Gate
from tollgate.gates.leakage import LeakageGate
from tollgate.gates.metric import MetricGate
from tollgate.gates.monotonic import MonotonicGate
from tollgate.gates.parity import ParityGate
from tollgate.gates.reasons import ReasonsGate
from tollgate.gates.robustness import RobustnessGate
from tollgate.gates.service import ServiceGate
from tollgate.section import Section


class GatesSection(Section):
    """The gates that a challenger must pass."""

    metric: Annotated[
        tuple[MetricGate, ...], Field(description="Metrics with their limits, measured on the holdout.")
    ] = ()
    champion: Annotated[
        ChampionGate | None, Field(description="The comparison with the model now served.")
    ] = None
    data: Annotated[DataGate, Field(description="The rows; it speaks also where it is not named.")] = (
        DataGate()
    )
    leakage: Annotated[
        LeakageGate, Field(description="What a feature knows; it speaks also where it is not named.")
    ] = LeakageGate()
    monotonic: Annotated[
        MonotonicGate | None, Field(description="The directions that the contract declares.")
    ] = MonotonicGate()
    parity: Annotated[
        ParityGate, Field(description="The graph against the pipeline; it speaks also where it is not named.")
    ] = ParityGate()
    reasons: Annotated[ReasonsGate | None, Field(description="Reasons of declined rows.")] = ReasonsGate()
    robustness: Annotated[
        RobustnessGate | None, Field(description="How far scores move when values do a little.")
    ] = RobustnessGate()
    service: Annotated[ServiceGate | None, Field(description="Size and speed of the graph.")] = ServiceGate()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not any(getattr(self, name) for name in self.model_fields_set):
            raise ValueError("no gate is named, so any model would be let through: name at least one")
        return self

    def gates(self) -> Iterator[Gate]:
        """Every gate that is set, in the order of the section."""
        for name in type(self).model_fields:
            found = getattr(self, name)
            for gate in found if isinstance(found, tuple) else (found,):
                if isinstance(gate, Gate):
                    yield gate
