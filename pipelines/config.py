"""workflow.yaml: the sections composed, and every mistake named by file, line, key and what to do."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from components.platform_section import PlatformSection
from pipelines.names import STEPS
from serving.section import DeploySection, ServingSection
from tollgate.data.section import DataSection
from tollgate.data.split_section import SplitSection
from tollgate.errors import ConfigError
from tollgate.evaluation.section import EvaluateSection
from tollgate.gates.section import GatesSection
from tollgate.section import Section
from tollgate.training.section import TrainSection
from tollgate.yaml12 import Document, read_yaml


class Workflow(Section):
    """One workflow: its data, gates and serving."""

    version: Annotated[Literal[1], Field(description="The format of this file.")]
    name: Annotated[
        str,
        Field(
            pattern=r"^[a-z]([-a-z0-9]*[a-z0-9])?$",
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
        if self.split.method == "time" and self.data.contract.only("time") is None:
            raise ValueError("`split.method: time` needs a column with the role time under data.columns")
        return self


def load_workflow(path: Path) -> Workflow:
    """Read and check a workflow.yaml.

    Raises:
        ConfigError: It cannot be read or is not right; the message lists every mistake with its line.
    """
    document = read_yaml(path)
    try:
        return Workflow.read(document.value)
    except ValidationError as error:
        problems = dict.fromkeys(_told(document, problem) for problem in error.errors())
        raise ConfigError("\n".join(problems)) from None


def resolve_source(workflow: Path, source: str) -> str:
    """The source's path, which in the file is relative to the file."""
    return str(workflow.resolve().parent / Path(source).expanduser())


def _told(document: Document, error: ErrorDetails) -> str:
    keys = _real_keys(document.value, error["loc"])
    where = ".".join(str(key) for key in keys) or "the file"
    line = document.line(keys)
    return f"{document.path}, line {line}: {where}: {_words(error, keys)}"


def _real_keys(value: Any, loc: Iterable[str | int]) -> tuple[str | int, ...]:
    """The path without what pydantic adds for the branches of a union."""
    keys: list[str | int] = []
    for part in loc:
        inside = _within(value, part)
        if inside is _NOWHERE and not (isinstance(value, dict) and str(part).isidentifier()):
            continue
        keys.append(part)
        value = inside
    return tuple(keys)


def _within(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part, _NOWHERE)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return _NOWHERE


_NOWHERE = object()


def _words(error: ErrorDetails, keys: tuple[str | int, ...]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key{_meant(str(keys[-1]), _allowed(keys))}"
    if kind == "missing":
        return "is missing" + (
            ": no gate, no deployment; name at least one gate" if keys[-1] == "gates" else ""
        )
    if kind == "value_error":
        return str(context["error"])
    got = f" (got {error['input']!r})"
    if kind == "literal_error":
        choices = [part.strip(" '") for part in str(context["expected"]).replace(" or ", ",").split(",")]
        return f"must be {context['expected']}{got}{_meant(str(error['input']), choices, choices_told=True)}"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}{got}"


def _meant(word: str, choices: list[str], choices_told: bool = False) -> str:
    close = difflib.get_close_matches(word, choices, 1, 0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return "" if choices_told or not choices else f"; known are {', '.join(choices)}"


def _allowed(keys: tuple[str | int, ...]) -> list[str]:
    """The keys that are known where an unknown one was found."""
    model: Any = Workflow
    for key in keys[:-1]:
        model = _inner(model, key)
        if model is None:
            return []
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _inner(model: Any, key: str | int) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        field = model.model_fields.get(str(key))
        return _model_in(field.annotation) if field else None
    return model if isinstance(key, str) else None


def _model_in(annotation: Any) -> Any:
    """The model that an annotation holds: itself, an optional one, or that of a mapping's or tuple's items."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
