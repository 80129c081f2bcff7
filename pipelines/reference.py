"""The reference page of workflow.yaml, made from the very models that read it."""

import json
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipelines.config import Workflow

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", types.NoneType: "null"}
_BOUNDS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}
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
        yield f"## `{path}`\n\n{_sentence(model)}\n"
    if model.model_fields:
        yield "| key | what it is | default | meaning |\n| --- | --- | --- | --- |"
    for name, field in model.model_fields.items():
        kind = _kind(field.annotation) + _limits(field)
        yield f"| `{name}` | {kind} | {_default(field)} | {_cell(field.description or '')} |"
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


def _kind(annotation: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(inner[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_kind(one) for one in inner if one is not types.NoneType))
    if origin is tuple:
        return f"list of {_kind(inner[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "keys of your own"
    return "keys below" if issubclass(annotation, BaseModel) else _PLAIN[annotation]


def _limits(field: FieldInfo) -> str:
    """The bounds of a number, in words."""
    return "".join(
        f", {words} {getattr(limit, name)}"
        for limit in field.metadata
        for name, words in _BOUNDS.items()
        if hasattr(limit, name) and _kind(field.annotation).endswith("number")
    )


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    if field.default is None:
        return "none"
    if isinstance(field.default, BaseModel):
        return "as below" if type(field.default).model_fields else "empty"
    return f"`{json.dumps(field.default, default=lambda section: section.as_json())}`"


def _sentence(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
