"""The policy: the platform owner's floor under the gates, which the submitter of a run cannot change."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field, field_validator

from tollgate.evaluation.metrics import METRICS
from tollgate.gates.section import GatesSection
from tollgate.section import Section


class Policy(Section):
    """What the section `gates` may not loosen."""

    version: Literal[1] = 1
    required: Annotated[
        tuple[Literal["metric", "champion"], ...],
        Field(description="Gates that must be set."),
    ] = ("metric", "champion")
    limits: Annotated[
        Mapping[str, float], Field(description="By metric, the loosest limit that the gate metric may have.")
    ] = {}
    margin: Annotated[
        float, Field(ge=0, le=0.05, description="The largest margin that the gate champion may have.")
    ] = 0.05
    sources: Annotated[
        tuple[str, ...],
        Field(description="Folders or files that a data source must lie in; none: any source."),
    ] = ()

    @field_validator("limits")
    @classmethod
    def _known(cls, limits: Mapping[str, float]) -> Mapping[str, float]:
        for name in limits:
            if name not in METRICS:
                raise ValueError(f"there is no metric {name!r}; there are {', '.join(METRICS)}")
        return limits

    def weaker(self, gates: GatesSection) -> list[str]:
        """In which ways some gates are weaker than this policy; empty where they are not."""
        reasons = [f"the gate {name} is required" for name in self.required if not getattr(gates, name)]
        for metric, floor in self.limits.items():
            reasons += self._limit(gates, metric, floor)
        if gates.champion and gates.champion.margin > self.margin:
            reasons.append(
                f"champion.margin is {gates.champion.margin:g}, at most {self.margin:g} is allowed"
            )
        return reasons

    def allows(self, source: str) -> bool:
        """Whether rows may be taken from a source; `..` must not lead out of a prefix."""
        inside = any(source == place or source.startswith(f"{place.rstrip('/')}/") for place in self.sources)
        return not self.sources or (inside and ".." not in PurePosixPath(source).parts)

    def _limit(self, gates: GatesSection, metric: str, floor: float) -> list[str]:
        limits = [gate for gate in gates.metric if gate.name == metric]
        if not limits:
            return [f"a limit for {metric} is required"]
        if METRICS[metric].greater_is_better:
            best = max(gate.at_least or 0.0 for gate in limits)
            return [] if best >= floor else [f"{metric} at_least is {best:g}, at least {floor:g} is required"]
        best = min(gate.at_most or 0.0 for gate in limits)
        return [] if best <= floor else [f"{metric} at_most is {best:g}, at most {floor:g} is allowed"]
