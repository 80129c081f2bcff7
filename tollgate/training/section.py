"""The section `train` of workflow.yaml: which model is fitted, and how it decides."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from tollgate.section import Section
from tollgate.training.models import find_model, known_models

Probability = Annotated[float, Field(gt=0, lt=1)]
Method = Literal["none", "sigmoid", "isotonic"]


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


class Search(Section):
    """A seeded random search for the model's parameters, inside the fit part."""

    trials: Annotated[int, Field(ge=2, le=1000, description="How many are tried; the first are those set.")]
    share: Annotated[
        float,
        Field(gt=0, lt=0.5, description="The latest share of the fit part, on which they are compared."),
    ] = 0.25


class TrainSection(Section):
    """Which model is fitted, and how it decides."""

    model: Annotated[
        str,
        Field(
            description="The model: logistic, scorecard, gradient_boosting, or one of an installed package."
        ),
    ]
    parameters: Annotated[
        Mapping[str, Any],
        Field(description="Parameters of the model, other than its defaults; see docs/models.md."),
    ] = {}
    calibration: Annotated[
        Method,
        Field(
            description="How scores become probabilities: sigmoid (Platt), isotonic (needs 1,000 events in the "
            "calibration part), or none."
        ),
    ] = "sigmoid"
    seed: Annotated[int, Field(ge=0, lt=2**31, description="The seed of everything random in training.")] = 0
    search: Annotated[Search | None, Field(description="A search for better parameters.")] = None
    decision: Annotated[Decision, Field(description="How the decision threshold is chosen.")]

    @field_validator("model")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in known_models():
            raise ValueError(f"there is no model {name!r}; there are {', '.join(known_models())}")
        return name

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.parameters:
            self.read_parameters(self.parameters)
        return self

    def read_parameters(self, parameters: Mapping[str, Any]) -> Section:
        """Parameters of the model, checked; those left out have their defaults.

        Raises:
            ValueError: The model has no such parameter, or not that value.
        """
        try:
            return find_model(self.model).Parameters.read(parameters)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            known = ", ".join(find_model(self.model).Parameters.model_fields)
            raise ValueError(
                f"`parameters.{key}` of {self.model}: {first['msg']}; known are {known}"
            ) from None
