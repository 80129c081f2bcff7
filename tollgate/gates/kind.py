"""The kinds of gates that there are, as the fields of a section say."""

from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from tollgate.gates.gate import Gate
from tollgate.gates.option import Option, options


@dataclass(frozen=True)
class Kind:
    """A gate that can be named.

    Attributes:
        name: Its key in the section `gates`.
        gate: Its class.
        several: Whether it may stand several times, told apart by the option `told_by`.
        unasked: Whether it runs where nobody names it, whatever the policy says.
        optional: Whether the section may say that it does not run, with null or an empty list.
    """

    name: str
    gate: type[Gate]
    several: bool
    unasked: bool
    optional: bool

    @property
    def options(self) -> dict[str, Option]:
        """Its options by name."""
        return options(self.gate)


def kinds_in(section: type[BaseModel]) -> dict[str, Kind]:
    """Every gate by name, in the order of the section."""
    found = {}
    for name, field in section.model_fields.items():
        gate = _gate(field.annotation)
        if gate is not None:
            unasked = not field.is_required() and bool(field.default)
            several = get_origin(field.annotation) is tuple
            found[name] = Kind(
                name, gate, several, unasked, several or NoneType in get_args(field.annotation)
            )
    return found


def own_options(section: type[BaseModel]) -> dict[str, Option]:
    """The options of the section itself that can be loosened."""
    gates = kinds_in(section)
    return {name: one for name, one in options(section).items() if name not in gates and one.way}


def _gate(annotation: Any) -> type[Gate] | None:
    if isinstance(annotation, type) and issubclass(annotation, Gate):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _gate(inner))), None)
