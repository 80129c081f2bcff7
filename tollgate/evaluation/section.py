"""The section `evaluate` of workflow.yaml: how sure the evidence is to be."""

from typing import Annotated

from pydantic import Field

from tollgate.section import Section


class EvaluateSection(Section):
    """How the evidence is measured."""

    bootstraps: Annotated[
        int, Field(ge=200, le=100_000, description="How many resamples stand behind each interval.")
    ] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**31, description="The seed of the resampling.")] = 0
