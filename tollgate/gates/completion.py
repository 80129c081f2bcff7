"""The gates that run where some are required: one that nobody named runs as usual, and within the limits.

Of a required gate that may stand several times the usual one runs beside those that are named: a limit that nothing can
fail, such as a Brier score that a constant has too, does not take its place.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from tollgate.gates.gate import Gate
from tollgate.gates.kind import Kind, kinds_in, own_options
from tollgate.gates.limits import Limits, bounds_of, tightened
from tollgate.gates.section import GatesSection


def completed(gates: GatesSection, required: Sequence[str], limits: Limits) -> GatesSection:
    """The section with every required gate in it; what nobody set keeps the limits.

    Args:
        gates: What was set.
        required: The gates that run in any case.
        limits: The loosest values that are allowed; a gate that nobody named keeps them.
    """
    found: dict[str, Any] = {}
    for name, kind in kinds_in(type(gates)).items():
        value = getattr(gates, name)
        named = value and name in gates.model_fields_set
        if not named and (value or name in required):
            found[name] = _unnamed(kind, value, limits)
        if kind.several and name in required:
            found[name] = _with_usual(kind, found.get(name, value), limits)
    for name, option in own_options(type(gates)).items():
        if name not in gates.model_fields_set and option.looser(getattr(gates, name), limits.get(name)):
            found[name] = limits[name]
    return gates.model_copy(update=found)


def _unnamed(kind: Kind, given: Any, limits: Limits) -> Gate | tuple[Gate, ...] | None:
    """A gate as it runs when nobody names it; None where it cannot run without being told how."""
    try:
        if not kind.several:
            return _within(kind, given or kind.gate.usual(), bounds_of(kind, limits))
        named = limits.get(kind.name, {})
        told = [kind.gate.read({kind.gate.told_by: name, **bounds}) for name, bounds in named.items()]
        more = [one for one in given or () if getattr(one, kind.gate.told_by) not in named]
        return (*told, *more) or (kind.gate.usual(),)
    except ValidationError:
        return None


def _with_usual(kind: Kind, given: Any, limits: Limits) -> tuple[Gate, ...] | None:
    """The gates and the usual one, unless there is one of its name, or limits ask for one."""
    usual, names = kind.gate.usual(), [getattr(one, kind.gate.told_by) for one in given or ()]
    name = getattr(usual, kind.gate.told_by)
    there = not given or name in (*names, *limits.get(kind.name, {}))
    return given if there else (*given, usual)


def _within(kind: Kind, gate: Gate, bounds: Mapping[str, Any]) -> Gate:
    """A gate brought within its bounds; a default of which nobody says anything stays one."""
    values, said = tightened(kind, gate.model_dump(mode="json"), bounds), {*gate.model_fields_set, *bounds}
    return kind.gate.read({name: value for name, value in values.items() if name in said})
