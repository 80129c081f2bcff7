"""The section `gates` of workflow.yaml: the one place that names every gate."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from tollgate.gates.calibration import CalibrationGate
from tollgate.gates.champion import ChampionGate
from tollgate.gates.cost import CostGate
from tollgate.gates.data import DataGate
from tollgate.gates.fairness import FairnessGate
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.kind import kinds_in
from tollgate.gates.leakage import LeakageGate
from tollgate.gates.metric import MetricGate
from tollgate.gates.monotonic import MonotonicGate
from tollgate.gates.parity import ParityGate
from tollgate.gates.reasons import ReasonsGate
from tollgate.gates.robustness import RobustnessGate
from tollgate.gates.service import ServiceGate
from tollgate.gates.slices import SlicesGate
from tollgate.gates.stability import StabilityGate
from tollgate.gates.waiver import Waiver
from tollgate.section import Section

LOOSENED = "loosened"  # not set by anybody: what is set now against what the champion was judged by


class GatesSection(Section):
    """The gates that a challenger must pass."""

    metric: Annotated[
        tuple[MetricGate, ...],
        Field(
            description="Metrics with their limits, measured on the holdout. Where the policy requires the gate and "
            "no limit of roc_auc is named, roc_auc at least 0.6 runs beside those that are."
        ),
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
    max_age: Annotated[
        int,
        Field(ge=1, le=168, description="How old, in hours, evidence may be when it is judged and deployed."),
        HIGHER,
    ] = 24
    waivers: Annotated[
        tuple[Waiver, ...],
        Field(description="Permissions to deploy despite a finding that is INCONCLUSIVE (docs/policy.md)."),
    ] = ()

    @field_validator("metric")
    @classmethod
    def _once(cls, gates: tuple[MetricGate, ...]) -> tuple[MetricGate, ...]:
        names = [gate.name for gate in gates]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} has two limits: give the one that counts")
        return gates

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not any(getattr(self, name) for name in kinds_in(type(self)) if name in self.model_fields_set):
            raise ValueError("no gate is named, so any model would be let through: name at least one")
        return self

    @model_validator(mode="after")
    def _waive_what_there_is(self) -> Self:
        known = [*kinds_in(type(self)), LOOSENED]
        for waiver in self.waivers:
            if waiver.gate not in known:
                raise ValueError(
                    f"`waivers` names the gate {waiver.gate!r}, and there are {', '.join(known)}"
                )
        return self

    def gates(self) -> Iterator[Gate]:
        """Every gate that is set, in the order of the section."""
        yield from (gate for _, gate in self.named())

    def named(self) -> Iterator[tuple[str, Gate]]:
        """Every gate that is set with its name, in the order of the section."""
        for name in type(self).model_fields:
            found = getattr(self, name)
            for gate in found if isinstance(found, tuple) else (found,):
                if isinstance(gate, Gate):
                    yield name, gate
