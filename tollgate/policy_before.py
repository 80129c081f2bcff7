"""The policy file of version 1, which knew two gates, as a policy of today."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from tollgate.evaluation.metrics import METRICS
from tollgate.policy import REQUIRED, Policy
from tollgate.section import Section

CHOSEN = ("metric", "champion")


class PolicyBefore(Section):
    """What a policy file of version 1 says."""

    version: Literal[1] = 1
    required: Annotated[
        tuple[Literal["metric", "champion"], ...],
        Field(description="Which of these two gates must be set."),
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

    @property
    def today(self) -> Policy:
        """The policy of today that asks for the same, and for the gates that there were not then."""
        metric = {name: {_key(name): limit} for name, limit in self.limits.items()}
        limits: dict[str, Any] = {"champion": {"margin": self.margin}}
        required = [name for name in REQUIRED if name not in CHOSEN or name in self.required]
        return Policy.read(
            {
                "required": required,
                "limits": limits | ({"metric": metric} if metric else {}),
                "sources": list(self.sources),
            }
        )


def is_before(document: Any) -> bool:
    """Whether a policy file is one of version 1, which did not have to say so."""
    if not isinstance(document, Mapping):
        return False
    limits = document.get("limits")
    plain = isinstance(limits, Mapping) and any(isinstance(one, (int, float)) for one in limits.values())
    return bool(document.get("version", 1 if "margin" in document or plain else 2) == 1)


def _key(metric: str) -> str:
    return "at_least" if METRICS[metric].greater_is_better else "at_most"
