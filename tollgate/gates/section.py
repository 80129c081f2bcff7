"""The section `gates` of workflow.yaml: the one place that names every gate."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from tollgate.gates.calibration import CalibrationGate
from tollgate.gates.champion import ChampionGate
from tollgate.gates.cost import CostGate
from tollgate.gates.fairness import FairnessGate
from tollgate.gates.gate import Gate
from tollgate.gates.metric import MetricGate
from tollgate.gates.slices import SlicesGate
from tollgate.gates.stability import StabilityGate
from tollgate.section import Section


class GatesSection(Section):
    """The gates that a challenger must pass."""

    metric: Annotated[
        tuple[MetricGate, ...], Field(description="Metrics with their limits, measured on the holdout.")
    ] = ()
    champion: Annotated[
        ChampionGate | None, Field(description="The comparison with the model now served.")
    ] = None

    calibration: Annotated[
        CalibrationGate,
        Field(description="Whether events happen as often as the probabilities say; it always speaks."),
    ] = CalibrationGate()
    stability: Annotated[
        StabilityGate,
        Field(description="Whether rows and performance stay what they were; it always speaks."),
    ] = StabilityGate()
    slices: Annotated[
        SlicesGate | None, Field(description="Whether the model is as good for each group as for the others.")
    ] = None

    fairness: Annotated[
        FairnessGate,
        Field(
            description="Whether protected groups are approved as others are; by default that is only reported."
        ),
    ] = FairnessGate()
    cost: Annotated[
        CostGate | None, Field(description="Whether a decision costs no more than the champion's.")
    ] = None

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if all(getattr(self, name) in (None, ()) for name in self.model_fields_set):
            raise ValueError("no gate is named, so any model would be let through: name at least one")
        return self

    def gates(self) -> Iterator[Gate]:
        """Every gate that is set, in the order of the section."""
        for name in type(self).model_fields:
            found = getattr(self, name)
            for gate in found if isinstance(found, tuple) else (found,):
                if isinstance(gate, Gate):
                    yield gate
