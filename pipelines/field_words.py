"""A field of a section in words: its type, its bounds, its default."""

import json
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", types.NoneType: "null"}
_BOUNDS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


def kind(annotation: Any) -> str:
    """A type in words."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind(inner[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(kind(one) for one in inner if one is not types.NoneType))
    if origin is tuple:
        return f"list of {kind(inner[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "keys of your own"
    return "keys below" if issubclass(annotation, BaseModel) else _PLAIN[annotation]


def limits(field: FieldInfo) -> str:
    """The bounds of a number, in words."""
    return "".join(
        f", {words} {getattr(limit, name)}"
        for limit in field.metadata
        for name, words in _BOUNDS.items()
        if hasattr(limit, name) and kind(field.annotation).endswith("number")
    )


def default(field: FieldInfo) -> str:
    """The default of a field, as Markdown."""
    if field.is_required():
        return "**needed**"
    if field.default is None:
        return "none"
    if isinstance(field.default, BaseModel):
        return "as below" if type(field.default).model_fields else "empty"
    return f"`{json.dumps(field.default)}`"


def sentence(model: type[BaseModel]) -> str:
    """The first line of what is said of a section."""
    return (model.__doc__ or "").strip().splitlines()[0]


def cell(text: str) -> str:
    """A text as the cell of a table in Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")
