"""The section `train` of workflow.yaml: which model is fitted, and how it decides."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tollgate.section import Section

Probability = Annotated[float, Field(gt=0, lt=1)]


class Cost(Section):
    """What a wrong decision costs, in any one unit."""

    false_negative: Annotated[float, Field(gt=0, description="An event that was approved.")]
    false_positive: Annotated[float, Field(gt=0, description="A non-event that was declined.")]


class Decision(Section):
    """How the decision threshold is chosen: exactly one of the three."""

    threshold: Annotated[
        Probability | None, Field(description="Approve below this probability of the event.")
    ] = None
    approve_rate: Annotated[
        Probability | None, Field(description="Approve this share of the threshold part.")
    ] = None
    cost: Annotated[
        Cost | None, Field(description="Approve where that costs less on the threshold part.")
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(value is not None for value in (self.threshold, self.approve_rate, self.cost)) != 1:
            raise ValueError("give exactly one of `threshold`, `approve_rate` and `cost`")
        return self


class TrainSection(Section):
    """Which model is fitted, and how it decides."""

    model: Annotated[Literal["logistic"], Field(description="The model: logistic.")]
    calibration: Annotated[
        Literal["sigmoid"], Field(description="How scores become probabilities: sigmoid (Platt).")
    ] = "sigmoid"
    seed: Annotated[int, Field(ge=0, lt=2**31, description="The seed of everything random in training.")] = 0
    decision: Annotated[Decision, Field(description="How the decision threshold is chosen.")]
