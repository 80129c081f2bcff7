"""The options of a gate with the scale on which each is loosened: what a policy bounds and a champion compares by."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from tollgate.canonical import canonical_json
from tollgate.gates.gate import Looser
from tollgate.short import short

REQUIRED = {"higher": "at most {} is allowed", "lower": "at least {} is required"}


@dataclass(frozen=True)
class Option:
    """An option of a gate.

    Attributes:
        name: Its key in workflow.yaml.
        field: What pydantic knows of it.
    """

    name: str
    field: FieldInfo

    @property
    def way(self) -> Literal["higher", "lower"] | None:
        """Whether a higher or a lower value lets more models through; None where neither can be said."""
        return next((mark.way for mark in self.field.metadata if isinstance(mark, Looser)), None)

    @property
    def choices(self) -> tuple[Any, ...]:
        """What may be chosen, from the lowest to the highest; empty where it is no choice."""
        return next(
            (get_args(one) for one in _parts(self.field.annotation) if get_origin(one) is Literal), ()
        )

    @property
    def is_list(self) -> bool:
        """Whether its value is a list."""
        return any(get_origin(one) is tuple for one in _parts(self.field.annotation))

    def read(self, value: Any) -> Any:
        """A JSON value as one of this option.

        Raises:
            pydantic.ValidationError: The option cannot have it.
        """
        kind: Any = Annotated[self.field.annotation, self.field]
        return TypeAdapter(kind).validate_json(canonical_json(value), strict=True)

    def allowed(self, bound: Any) -> list[Any]:
        """The values that a bound names: itself, or each of a list where it must be one of them."""
        one_of = isinstance(bound, (list, tuple)) and self.way is None and not self.is_list
        return list(bound) if one_of else [bound]

    def looser(self, value: Any, than: Any) -> bool:
        """Whether a JSON value lets more models through than another; one that is not set bounds nothing."""
        if self.way is None or than is None:
            return False
        if value is None:
            return True
        if isinstance(than, Mapping):
            return any(self.looser(value.get(key), inner) for key, inner in than.items())
        if self.is_list:
            less, more = (than, value) if self.way == "lower" else (value, than)
            return not set(map(str, less)) <= set(map(str, more))
        found, bound = self._place(value), self._place(than)
        return found > bound if self.way == "higher" else found < bound

    def breaks(self, value: Any, bound: Any) -> str:
        """In which way a JSON value breaks the bound that a policy sets; empty where it does not."""
        if self.way is not None:
            said = REQUIRED[self.way].format(written(bound))
            return f"{written(value)}, {said}" if self.looser(value, bound) else ""
        if self.is_list:
            lacking = [one for one in bound if one not in (value or ())]
            return f"{written(value)}, {written(lacking)} must be among it" if lacking else ""
        return "" if value in self.allowed(bound) else f"{written(value)}, only {written(bound)} is allowed"

    def _place(self, value: Any) -> float:
        """The place of a value on the scale; a choice that is no longer there lies below all."""
        if not self.choices:
            return float(value)
        return float(self.choices.index(value)) if value in self.choices else -1.0


def options(gate: type[BaseModel]) -> dict[str, Option]:
    """The options of a gate by name."""
    return {name: Option(name, field) for name, field in gate.model_fields.items()}


def written(value: Any) -> str:
    """A JSON value in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return short(value, 10)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {written(inner)}" for key, inner in value.items()) or "nothing"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return " or ".join(map(written, value)) or "nothing"
    return "not set" if value is None else str(value)


def _parts(annotation: Any) -> tuple[Any, ...]:
    """The kinds that an annotation allows."""
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(part for inner in get_args(annotation) for part in _parts(inner))
    return _parts(get_args(annotation)[0]) if get_origin(annotation) is Annotated else (annotation,)
