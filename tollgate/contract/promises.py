"""What a contract promised, and the one after it does not promise any more."""

import math
from collections.abc import Iterator, Mapping

from tollgate.contract.cells import few, plain
from tollgate.contract.columns import Column, Role, bounds
from tollgate.contract.contract import Contract
from tollgate.section import Section

TARGET = "target"
ROWS: tuple[Role, ...] = ("time", "group", "id")  # how rows are parted, drawn, and found in other parts
WHOLE = (TARGET, *ROWS)  # subjects that are about the contract, and no column of it
REFUSING = ("unknown", "out_of_bounds")


class Dropped(Section):
    """A promise that is not kept on.

    Attributes:
        subject: `target`, `time`, `group` or `id`, or the key in the contract, such as `columns.income.monotone`.
        said: What it was and what it is, in words.
    """

    subject: str
    said: str


def dropped(was: Contract, now: Contract, pairs: Mapping[str, str]) -> tuple[Dropped, ...]:
    """Every promise of a contract that another one does not keep: more promises are none.

    Args:
        was: The contract that promised.
        now: The one after it.
        pairs: The columns that both have, the name now to the name then.
    """
    after = {old: name for name, old in pairs.items()}
    found = [*_event(was, now), *_rows(was, now)]
    for name, column in was.columns.items():
        found += _column(name, column, now.columns.get(after.get(name, name)))
    return tuple(found)


def _event(was: Contract, now: Contract) -> Iterator[Dropped]:
    """The event itself: a target under another name may be another event, however alike the names are."""
    if _event_of(was) != _event_of(now):
        yield _one(TARGET, f"the event is {_event_of(now)}", _event_of(was))


def _event_of(contract: Contract) -> str:
    return f"{contract.target} = {_text(contract.columns[contract.target].positive)}"


def _rows(was: Contract, now: Contract) -> Iterator[Dropped]:
    """The columns that tell which rows belong where; each by its name, as another column says another thing."""
    for role in ROWS:
        before, after = was.only(role), now.only(role)
        regrouped = role == "id" and before == now.only("group")  # a group is kept together as an id is
        if before and before != after and not regrouped:
            yield _one(role, f"the {role} column is {after or 'none'}", before)


def _column(name: str, was: Column, now: Column | None) -> Iterator[Dropped]:
    place = f"columns.{name}"
    if was.role == "protected":
        yield from _protected(place, was, now)
    if was.role != "feature" and now is not None and now.role == was.role:
        yield from _merged(place, was, now)
    if was.role != "feature" or now is None or now.role != "feature":
        return  # what does not enter the model any more does it no harm
    if was.monotone and now.monotone != was.monotone:
        yield _one(f"{place}.monotone", f"it is {now.monotone or 'none'}", was.monotone)
    for rule in REFUSING:
        before, after = getattr(was, rule), getattr(now, rule)
        if before == "refuse" != after and _bound(was, rule) and _bound(now, rule):
            yield _one(f"{place}.{rule}", f"it is {after}", before)
    if "refuse" == was.out_of_bounds == now.out_of_bounds and _numeric(was) and _numeric(now):
        yield from _widened(place, was, now)


def _numeric(column: Column) -> bool:
    return column.type in ("number", "integer")


def _widened(place: str, was: Column, now: Column) -> Iterator[Dropped]:
    """Bounds beyond which values were refused that are not any more."""
    (low, high), (lower, higher) = bounds(was), bounds(now)
    if lower < low:
        yield _one(f"{place}.min", f"it is {_limit(lower)}", plain(low))
    if higher > high:
        yield _one(f"{place}.max", f"it is {_limit(higher)}", plain(high))


def _limit(value: float) -> str:
    return plain(value) if math.isfinite(value) else "none"


def _merged(place: str, was: Column, now: Column) -> Iterator[Dropped]:
    """Values that count as missing now: those who have them are one group, or none, with all whose value is missing."""
    if any(value not in was.missing_values for value in now.missing_values):
        before, after = _listed(was.missing_values), _listed(now.missing_values)
        yield _one(f"{place}.missing_values", f"it is {after}", before or "none")


def _bound(column: Column, rule: str) -> bool:
    """Whether there is anything that the rule could refuse."""
    limits = (column.values,) if rule == "unknown" else (column.min, column.max)
    return any(limit is not None for limit in limits)


def _protected(place: str, was: Column, now: Column | None) -> Iterator[Dropped]:
    """Groups that are looked at no more: all of a column, or those that are merged with others."""
    if now is None or now.role != "protected":
        yield _one(f"{place}.role", f"it is {now.role if now else 'gone'}", was.role)
        return
    if was.type != now.type:
        yield _one(f"{place}.type", f"it is {now.type}", f"{was.type}")
        return
    for setting in ("bands", "values"):
        before, after = getattr(was, setting) or (), getattr(now, setting) or ()
        gone = tuple(one for one in before if one not in after)
        first = setting == "bands" and after and not before  # fifths of the rows were looked at without any
        if gone or first:
            yield _one(f"{place}.{setting}", f"it is {_listed(after) or 'none'}", _listed(before) or "none")


def _listed(values: tuple[object, ...]) -> str:
    return few(tuple(_text(value) for value in values))


def _text(value: object) -> str:
    return plain(value) if isinstance(value, float) else str(value)


def _one(subject: str, is_now: str, was: str) -> Dropped:
    return Dropped(subject=subject, said=f"{is_now}, and was {was} in the contract of the champion")
