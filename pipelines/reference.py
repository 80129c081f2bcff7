"""The reference page of workflow.yaml, made from the very models that read it."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from pipelines.config import Workflow
from pipelines.field_words import cell, default, kind, limits, sentence

_INTRODUCTION = """\
# workflow.yaml

<!-- Made by `make docs` from the code; a test compares the two. -->

One file describes one problem. It is read as YAML 1.2 (`no` is a text, not false); an unknown key, a key that stands
twice, an anchor or a value of the wrong type is refused with its line. The first line of the example names the JSON
Schema, so that an editor completes keys and explains them (`tollgate schema` prints it).

A relative path, in `data.source` as in `storage`, is relative to the file. No secret ever stands in it.
"""


def workflow_reference() -> str:
    """The page as Markdown."""
    return "\n".join([_INTRODUCTION, *_model("", Workflow)])


def _model(path: str, model: type[BaseModel]) -> Iterator[str]:
    """A heading and a table for a model, then the models inside it."""
    if path:
        yield f"## `{path}`\n\n{sentence(model)}\n"
    if model.model_fields:
        yield "| key | what it is | default | meaning |\n| --- | --- | --- | --- |"
    for name, field in model.model_fields.items():
        what = kind(field.annotation) + limits(field)
        yield f"| `{name}` | {what} | {default(field)} | {cell(field.description or '')} |"
    yield ""
    for name, field in model.model_fields.items():
        for suffix, inner in _inside(field.annotation):
            yield from _model(".".join(part for part in (path, name + suffix) if part), inner)


def _inside(annotation: Any, suffix: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """The models that a value holds, with what stands for an item's place in its path."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield suffix, annotation
        return
    origin = get_origin(annotation)
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        yield from _inside(get_args(annotation)[1], ".NAME")
    elif origin is tuple:
        yield from _inside(get_args(annotation)[0], "[]")
    elif origin is not Literal:
        for inner in get_args(annotation):
            yield from _inside(inner, suffix)
