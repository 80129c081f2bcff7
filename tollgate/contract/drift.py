"""How one contract differs from another: what changed between the champion's and the challenger's."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Literal

from tollgate.contract.cells import few, plain
from tollgate.contract.columns import Column
from tollgate.contract.contract import Contract
from tollgate.contract.promises import Dropped, dropped
from tollgate.section import Section

FORMAT_VERSION: Literal[1] = 1
ALIKE = 0.75
MOST_PAIRS = 10_000
# What can change, in the order in which a reader wants to know it: one and several.
KINDS = {
    "removed": ("column removed", "columns removed"),
    "added": ("column added", "columns added"),
    "renamed": ("column that looks renamed", "columns that look renamed"),
    "role": ("role changed", "roles changed"),
    "type": ("type changed", "types changed"),
    "categories_removed": ("column with categories removed", "columns with categories removed"),
    "categories_added": ("column with categories added", "columns with categories added"),
    "loosened": ("rule loosened", "rules loosened"),
    "tightened": ("rule tightened", "rules tightened"),
    "missing_allowed": ("column that may newly be missing", "columns that may newly be missing"),
    "missing_refused": ("column that may no longer be missing", "columns that may no longer be missing"),
    "setting": ("other setting changed", "other settings changed"),
    "order": ("order of the features changed", "orders changed"),
}
SETTINGS = ("missing_values", "known", "monotone", "bands", "positive", "reason", "reason_group")
BOUNDS = {"min": 1, "max": -1}
BEYOND = {
    "refuse": "values out of bounds refused",
    "warn": "values out of bounds scored as they are",
    "clip": "values out of bounds scored as the bound",
}


class Change(Section):
    """One difference.

    Attributes:
        kind: One of `KINDS`.
        column: The column as it is named now, or was; None for the order.
        was: What the champion's contract says.
        now: What the challenger's says.
    """

    kind: str
    column: str | None
    was: str
    now: str


class Drift(Section):
    """The schema drift against the champion.

    Attributes:
        version: The format.
        state: none (there is no champion), compared, or unreadable.
        reason: Why it could not be compared.
        changes: Every difference.
        dropped: What the champion's contract promised, and the challenger's does not.
    """

    version: Literal[1]
    state: Literal["none", "compared", "unreadable"]
    reason: str = ""
    changes: tuple[Change, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def summary(self) -> str:
        """All changes on one line: how many of each kind; empty where there is none."""
        counts = {kind: sum(change.kind == kind for change in self.changes) for kind in KINDS}
        return ", ".join(f"{count} {KINDS[kind][count > 1]}" for kind, count in counts.items() if count)


def compared(was: Contract, now: Contract) -> Drift:
    """The drift from one contract to another."""
    pairs = _pairs(was, now, _renamed(was, now))
    return Drift(
        version=FORMAT_VERSION, state="compared", changes=changes(was, now), dropped=dropped(was, now, pairs)
    )


def changes(was: Contract, now: Contract) -> tuple[Change, ...]:
    """Every difference between two contracts, by kind and then in the order of the columns."""
    renamed = _renamed(was, now)
    pairs = _pairs(was, now, renamed)
    found = [
        *(_one("removed", name, _role(was.columns[name]), "") for name in _lost(was, now, renamed)),
        *(_one("added", name, "", _role(now.columns[name])) for name in _new(was, now, renamed)),
        *(_one("renamed", name, old, name) for name, old in renamed.items()),
    ]
    for name in (name for name in now.columns if name in pairs):
        found += _settings(name, was.columns[pairs[name]], now.columns[name])
    found += _order(was, now, pairs)
    kinds = list(KINDS)
    return tuple(sorted(found, key=lambda change: kinds.index(change.kind)))


def _one(kind: str, column: str | None, was: str, now: str) -> Change:
    return Change(kind=kind, column=column, was=was, now=now)


def _pairs(was: Contract, now: Contract, renamed: Mapping[str, str]) -> dict[str, str]:
    """The columns that both have, the name now to the name then."""
    return {name: name for name in now.columns if name in was.columns} | dict(renamed)


def _lost(was: Contract, now: Contract, renamed: Mapping[str, str]) -> list[str]:
    return [name for name in was.columns if name not in now.columns and name not in renamed.values()]


def _new(was: Contract, now: Contract, renamed: Mapping[str, str]) -> list[str]:
    return [name for name in now.columns if name not in was.columns and name not in renamed]


def _renamed(was: Contract, now: Contract) -> dict[str, str]:
    """New names of columns that are gone, by the new name: alike by name or by its categories, and of one kind."""
    lost, new_ones = _lost(was, now, {}), _new(was, now, {})
    if len(lost) * len(new_ones) > MOST_PAIRS:  # another table altogether: comparing names would say nothing
        return {}
    likely = [
        (_alike(old, new, was.columns[old], now.columns[new]), old, new) for old in lost for new in new_ones
    ]
    found: dict[str, str] = {}
    for score, old, new in sorted(likely, key=lambda one: -one[0]):
        if score >= ALIKE and new not in found and old not in found.values():
            found[new] = old
    return {name: found[name] for name in now.columns if name in found}


def _alike(old: str, new: str, was: Column, now: Column) -> float:
    if (was.role, was.type) != (now.role, now.type):
        return 0.0
    if was.values and was.values == now.values:
        return 1.0
    return SequenceMatcher(None, _letters(old), _letters(new)).ratio()


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _settings(name: str, was: Column, now: Column) -> Iterator[Change]:
    if was.role != now.role:
        yield _one("role", name, was.role, now.role)
    if was.type != now.type:
        yield _one("type", name, was.type or "text", now.type or "text")
    elif was.values and now.values:
        yield from _categories(name, was, now)
    yield from _bounds(name, was, now)
    if was.missing != now.missing:
        yield _one(f"missing_{now.missing}", name, was.missing, now.missing)
    if was.unknown != now.unknown and now.values and was.values:
        words = {"refuse": "unknown categories refused", "other": "unknown categories taken as other"}
        kind = "loosened" if now.unknown == "other" else "tightened"
        yield _one(kind, name, words[was.unknown], words[now.unknown])
    yield from _beyond(name, was, now)
    for setting in SETTINGS:
        before, after = getattr(was, setting), getattr(now, setting)
        if before != after:
            yield _one("setting", name, f"{setting} {_said(before)}", f"{setting} {_said(after)}")


def _categories(name: str, was: Column, now: Column) -> Iterator[Change]:
    before, after = was.values or (), now.values or ()
    gone = tuple(value for value in before if value not in after)
    new = tuple(value for value in after if value not in before)
    if gone:
        yield _one("categories_removed", name, few(gone), "")
    if new:
        yield _one("categories_added", name, "", few(new))


def _bounds(name: str, was: Column, now: Column) -> Iterator[Change]:
    for bound, inward in BOUNDS.items():
        before, after = getattr(was, bound), getattr(now, bound)
        if before == after:
            continue
        tighter = before is None or (after is not None and (after - before) * inward > 0)
        yield _one("tightened" if tighter else "loosened", name, _limit(bound, before), _limit(bound, after))


def _beyond(name: str, was: Column, now: Column) -> Iterator[Change]:
    """What happens to values out of bounds; a setting where one has none, or neither refuses them."""
    if was.out_of_bounds == now.out_of_bounds:
        return
    bounded = all(column.min is not None or column.max is not None for column in (was, now))
    kind = "setting"
    if bounded and "refuse" in (was.out_of_bounds, now.out_of_bounds):
        kind = "tightened" if now.out_of_bounds == "refuse" else "loosened"
    yield _one(kind, name, BEYOND[was.out_of_bounds], BEYOND[now.out_of_bounds])


def _order(was: Contract, now: Contract, pairs: Mapping[str, str]) -> Iterator[Change]:
    """Whether the features that both have enter the graph in another order."""
    both = [name for name in now.features if name in pairs and pairs[name] in was.features]
    before = sorted(both, key=lambda name: was.features.index(pairs[name]))
    if before != both:
        yield _one("order", None, few(tuple(before)), few(tuple(both)))


def _limit(bound: str, value: float | None) -> str:
    return f"no {bound}" if value is None else f"{bound} {plain(value)}"


def _role(column: Column) -> str:
    return f"{column.role}, {column.type}" if column.type else column.role


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return few(value) or "none"
    return "none" if value is None else str(value)
