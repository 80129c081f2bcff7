"""workflow.yaml: the sections composed, and read with every mistake named."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from components.platform_section import PlatformSection
from pipelines.names import STEPS
from serving.section import NAME, QUANTITY, DeploySection, ServingSection
from tollgate.contract.cells import few
from tollgate.data.section import DataSection
from tollgate.data.split_section import SplitSection
from tollgate.errors import ConfigError, ModelError
from tollgate.evaluation.section import EvaluateSection
from tollgate.gates.section import GatesSection
from tollgate.mistakes import mistakes
from tollgate.section import Section
from tollgate.training.models import find_model
from tollgate.training.section import TrainSection
from tollgate.yaml12 import read_yaml

FEW_CATEGORIES = 100
PATTERNS = {
    NAME: "small letters, digits and hyphens, a letter first and no hyphen last",
    QUANTITY: "a Kubernetes quantity such as 500m or 512Mi",
}


class Workflow(Section):
    """One workflow: its data, gates and serving."""

    version: Annotated[Literal[1], Field(description="The format of this file.")]
    name: Annotated[
        str,
        Field(
            pattern=NAME,
            max_length=60,
            description="The pipeline's name: small letters, digits and hyphens.",
        ),
    ]
    data: Annotated[DataSection, Field(description="Where the rows come from and what they look like.")]
    storage: Annotated[
        str, Field(min_length=1, description="Where snapshots, bundles, releases and runs are kept.")
    ] = ".tollgate/"
    split: Annotated[SplitSection, Field(description="How rows are parted.")]
    train: Annotated[TrainSection, Field(description="Which model is fitted, and how it decides.")]
    evaluate: Annotated[EvaluateSection, Field(description="How the evidence is measured.")] = (
        EvaluateSection()
    )
    gates: Annotated[GatesSection, Field(description="The gates that a challenger must pass.")]
    serving: Annotated[ServingSection, Field(description="What is served.")]
    deploy: Annotated[DeploySection, Field(description="How a release is published.")] = DeploySection()
    platform: Annotated[PlatformSection, Field(description="What the cluster gives the steps.")] = (
        PlatformSection()
    )

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.name in STEPS:
            raise ValueError(f"`name` is {self.name!r}, which is the name of a step; choose another")
        problem = self._model_refuses()
        if problem:
            raise ValueError(problem)
        if self.split.method == "time" and self.data.contract.only("time") is None:
            raise ValueError("`split.method: time` needs a column with the role time under data.columns")
        if self.serving.adverse_action:
            self._refuse_unsaid()
        return self

    def _refuse_unsaid(self) -> None:
        """Reasons that are told must be written by the lender, not made up from names of columns."""
        contract = self.data.contract
        lacking = {name: contract.columns[name].lacking_texts for name in contract.features}
        told = tuple(f"{name} ({', '.join(keys)})" for name, keys in lacking.items() if keys)
        if told:
            raise ValueError(
                f"`serving.adverse_action: true` needs texts under `reason` of each feature; these lack {few(told)}"
            )

    def _model_refuses(self) -> str:
        """Why the model cannot take these columns, where they have so many categories that it has to be asked."""
        if all(len(column.values or ()) <= FEW_CATEGORIES for column in self.data.columns.values()):
            return ""
        try:
            parameters = self.train.read_parameters(self.train.parameters)
            find_model(self.train.model)(self.data.contract, parameters, self.train.seed)
        except ModelError as error:
            return str(error)
        return ""


def load_workflow(path: Path) -> Workflow:
    """Read and check a workflow.yaml.

    Raises:
        ConfigError: It cannot be read or is not right; the message lists every mistake with its line.
    """
    document = read_yaml(path)
    try:
        return Workflow.read(document.value)
    except ValidationError as error:
        raise ConfigError("\n".join(mistakes(Workflow, document, error, PATTERNS))) from None
