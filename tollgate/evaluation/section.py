"""The section `evaluate` of workflow.yaml: how sure the evidence is to be."""

from typing import Annotated

from pydantic import Field

from tollgate.section import Section


class EvaluateSection(Section):
    """How the evidence is measured."""

    bootstraps: Annotated[
        int,
        Field(
            ge=1000,
            le=100_000,
            description="How many resamples stand behind each interval. Their seed follows from model and split: "
            "nobody chooses it.",
        ),
    ] = 1000
