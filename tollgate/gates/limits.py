"""The loosest limits that a policy allows for the options of gates, whatever gates there are."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tollgate.gates.kind import Kind, kinds_in, own_options
from tollgate.gates.option import Option
from tollgate.gates.section import GatesSection

Limits = Mapping[str, Any]


def check_limits(limits: Limits) -> None:
    """Refuse limits that bound nothing.

    Raises:
        ValueError: A gate or an option is not there, or can never have such a value.
    """
    gates, own = kinds_in(GatesSection), own_options(GatesSection)
    for name, bounds in limits.items():
        if name in own:
            _check_value(name, own[name], bounds)
        elif name not in gates:
            raise ValueError(f"`{name}`: there is no such gate; there are {', '.join([*gates, *own])}")
        else:
            for place, bound in _placed(gates[name], bounds):
                _check_bounds(place, gates[name], bound)


def weaker(gates: GatesSection, limits: Limits) -> list[str]:
    """In which ways some gates are weaker than limits allow; empty where they are not."""
    return list(_weaker(gates, limits))


def bounds_of(kind: Kind, limits: Limits, name: str = "") -> Mapping[str, Any]:
    """By option, what limits say of a gate, or of one of several."""
    found: Limits = limits.get(kind.name, {})
    return found.get(name, {}) if kind.several else found


def tightened(kind: Kind, values: Mapping[str, Any], bounds: Limits) -> dict[str, Any]:
    """The values of a gate that nobody named, brought within what limits say of it."""
    options = kind.options
    broken = {name: bound for name, bound in bounds.items() if options[name].breaks(values[name], bound)}
    return {**values, **{name: options[name].allowed(bound)[0] for name, bound in broken.items()}}


def _weaker(gates: GatesSection, limits: Limits) -> Iterator[str]:
    values, kinds = gates.model_dump(mode="json"), kinds_in(type(gates))
    for name, option in own_options(type(gates)).items():
        said = option.breaks(values[name], limits.get(name))
        yield from [f"{name} is {said}"] if said else []
    for name in [name for name in limits if name in kinds]:
        if kinds[name].several:
            yield from _several(kinds[name], values[name], limits[name])
        elif values[name] is not None:
            yield from _breaches(name, kinds[name], values[name], limits[name])


def _several(kind: Kind, values: list[Any], limits: Limits) -> Iterator[str]:
    """Of two for one name the stricter counts, since both must pass."""
    for name, bounds in limits.items():
        named = [value for value in values if value[kind.gate.told_by] == name]
        place = f"{kind.name}.{name}"
        breaches = [list(_breaches(place, kind, value, bounds)) for value in named]
        if not named:
            yield f"{place} is required"
        elif all(breaches):
            yield from breaches[0]


def _breaches(place: str, kind: Kind, values: Mapping[str, Any], bounds: Limits) -> Iterator[str]:
    for name, bound in bounds.items():
        said = kind.options[name].breaks(values[name], bound)
        if said:
            yield f"{place}.{name} is {said}"


def _placed(kind: Kind, bounds: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(bounds, Mapping):
        raise ValueError(f"`{kind.name}`: write the options of the gate with their loosest values")
    if not kind.several:
        yield kind.name, bounds
        return
    for name, inner in bounds.items():
        place = f"{kind.name}.{name}"
        if not isinstance(inner, Mapping):
            example = _example(kind)
            raise ValueError(f"`{place}`: name the option too, such as {{{example}: {inner}}}")
        try:
            kind.gate.read({kind.gate.told_by: name, **inner})
        except ValidationError as error:
            raise ValueError(f"`{place}`: {_short(error)}") from None
        yield place, inner


def _example(kind: Kind) -> str:
    """An option of a gate that can be bounded, one of its own if there is one."""
    bounded = [one.name for one in kind.options.values() if one.way]
    own = [name for name in bounded if name in kind.gate.__annotations__]
    return next(iter([*own, *bounded]), kind.gate.told_by)


def _check_bounds(place: str, kind: Kind, bounds: Mapping[str, Any]) -> None:
    for name, bound in bounds.items():
        if name not in kind.options:
            known = ", ".join(kind.options)
            raise ValueError(f"`{place}.{name}`: {kind.name} has no such option; it has {known}")
        _check_value(f"{place}.{name}", kind.options[name], bound)
    if not kind.several:
        _check_together(place, kind, bounds)


def _check_value(place: str, option: Option, bound: Any) -> None:
    if bound is None or bound in ([], {}):
        raise ValueError(f"`{place}`: there is no value, so it bounds nothing")
    for value in option.allowed(bound):
        try:
            option.read(value)
        except ValidationError as error:
            raise ValueError(f"`{place}`: {_short(error)}") from None


def _check_together(place: str, kind: Kind, bounds: Mapping[str, Any]) -> None:
    """What only the gate itself knows of its options, such as which metrics there are."""
    run = tightened(kind, kind.gate.usual().model_dump(mode="json"), bounds)
    for name, bound in bounds.items():
        for value in kind.options[name].allowed(bound):
            wrong = _errors(kind, {**run, name: value})
            if any(error["loc"] for error in wrong):
                raise ValueError(f"`{place}.{name}`: {_worded(wrong)}")
    wrong = _errors(kind, run)
    if wrong:
        raise ValueError(f"`{place}`: {_worded(wrong)}")


def _errors(kind: Kind, values: Mapping[str, Any]) -> list[ErrorDetails]:
    try:
        kind.gate.read(values)
    except ValidationError as error:
        return error.errors()
    return []


def _short(error: ValidationError) -> str:
    return _worded(error.errors())


def _worded(errors: list[ErrorDetails]) -> str:
    message = errors[0]["msg"].removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}"
