"""What is worth knowing of a snapshot without being an error."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.contract import Column, Contract
from tollgate.contract.table import beyond_table
from tollgate.data.noticed import Level, Noticed
from tollgate.data.noticing import Mask, Noticing, counted
from tollgate.data.repeats import WHOLE, Repeated
from tollgate.data.section import DataSection
from tollgate.data.selection import looks_like_selection

NAMED = 10
ADVICE = {
    "row": "leave out what was delivered twice, or add the column that tells them apart",
    "id": "leave out what was delivered twice, or use a column that names each row once",
    "group": "the holdout then has rows of groups that the model knows; `split.method: random` keeps them together",
}


def of_columns(noticing: Noticing, data: DataSection) -> Iterator[Noticed]:
    """How much is missing, and which categories are taken as other; the contract allows both."""
    for name, column in data.columns.items():
        array = noticing.table.column(name).combine_chunks()
        if column.missing == "allowed" and array.null_count:
            yield _missing(noticing, name, array)
        if column.unknown == "other":
            yield from _others(noticing, name, column, array)


def of_bounds(noticing: Noticing, contract: Contract) -> Iterator[Noticed]:
    """What is out of bounds, and scored all the same."""
    for breach in beyond_table(noticing.table, contract):
        clip = contract.columns[breach.column].out_of_bounds == "clip"
        they = "it is" if breach.rows == 1 else "they are"
        said = (
            f"{counted(breach.rows, 'row breaks', 'rows break')} the rule {breach.rule}; "
            f"{they} scored {'as the bound' if clip else 'as ' + they}"
        )
        yield noticing.rows(
            "warning", breach.rule, said, breach.mask, breach.column, breach.allowed, breach.advice
        )


def of_population(data: DataSection, population: Mapping[str, Any]) -> Iterator[Noticed]:
    """Columns that were dropped, and whether it is said whose label is known."""
    dropped = population.get("dropped_columns", [])
    count = population.get("dropped", len(dropped))
    if count:
        named = ", ".join(dropped[:NAMED]) + (" ..." if count > NAMED else "")
        said = f"{counted(count, 'column of the source is', 'columns of the source are')} not read: {named}"
        yield Noticed(
            level="note", rule="dropped", said=said, advice="name what is of use under data.columns"
        )
    if data.selection is None:
        for name in looks_like_selection(data.contract, dropped):
            said = "it looks as if it said who was accepted, but data.selection does not name it"
            first = "" if name in data.columns else "name it under data.columns as a boolean, and "
            advice = (
                f"if so, {first}set `data.selection: {{accepted: {name}}}`: rejected applicants have no label"
            )
            yield Noticed(level="warning", rule="selection", column=name, said=said, advice=advice)


def of_events(events: Mask, data: DataSection) -> Iterator[Noticed]:
    """Whether the event is the usual outcome, which it seldom is where it is the bad one."""
    if 2 * events.sum() > len(events):
        positive = data.contract.columns[data.contract.target].positive
        yield Noticed(
            level="warning",
            rule="event_rate",
            column=data.contract.target,
            said=f"{_share(events)} of the rows have the event, {positive!r}",
            allowed="the event is the bad outcome: rows are approved where its probability is low",
            advice="if it is the good one, set `positive` to the other value: else the good are declined",
        )


def of_repeats(noticing: Noticing, found: Iterable[Repeated]) -> Iterator[Noticed]:
    """Rows, ids and groups that stand twice."""
    for one in found:
        kind, column = one.counts.of, one.counts.column
        named = {"row": "row", "id": "id", "group": "group"}[kind]
        for part, mask in one.within.items():
            they = counted(int(mask.sum()), "row repeats", "rows repeat")
            same = "another in all but the id" if kind == "row" else f"the {named} of another"
            said = f"{they} {same} within the {part}{'' if part == WHOLE else ' part'}"
            yield noticing.rows("warning", f"{kind}_twice", said, mask, column, advice=ADVICE[kind])
        for parts, mask in one.over.items():
            former, latter = parts.split(" and ")
            they = counted(int(mask.sum()), f"row of the {latter} part", f"rows of the {latter} part")
            said = f"{they} with the same {named} as a row of the {former} part"
            if kind == "row":
                said = f"{they} that the {former} part has too, in all but the id"
            yield noticing.rows("warning", f"{kind}_in_two_parts", said, mask, column, advice=ADVICE[kind])


def _missing(noticing: Noticing, name: str, array: pa.Array) -> Noticed:
    mask = _mask(pc.is_null(array))
    level: Level = "warning" if mask.all() else "note"
    said = f"{_share(mask)} of the rows have no value"
    advice = (
        "there is nothing to learn from: look at the source, or leave the column out" if mask.all() else ""
    )
    return noticing.rows(level, "missing_allowed", said, mask, name, advice=advice)


def _others(noticing: Noticing, name: str, column: Column, array: pa.Array) -> Iterator[Noticed]:
    known = pc.is_in(array, pa.array([str(value) for value in column.values or ()]))
    other = _mask(pc.and_(pc.invert(known), pc.is_valid(array))) & ~_mask(pc.equal(array, ""))
    if other.any():
        kinds = pc.count_distinct(array.filter(pa.array(other))).as_py()
        said = (
            f"{counted(int(other.sum()), 'row is', 'rows are')} of {counted(kinds, 'category', 'categories')} "
            "that the contract does not name, and taken as other"
        )
        yield noticing.rows("note", "other", said, other, name, advice="name what is common under `values`")


def _share(mask: Mask) -> str:
    percent = 100 * mask.sum() / len(mask)
    return f"{percent:.1f} %" if percent >= 0.1 else "less than 0.1 %"


def _mask(array: pa.Array) -> Mask:
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
