"""Rows by group: the categories of a column, or bands of its numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.contract import Column, Contract
from tollgate.evaluation.sampling_error import Codes, Floats
from tollgate.evaluation.spans import plain, spans

Kind = Literal["protected", "segment", "band"]
MISSING, OTHER = "missing", "other"
BANDS = 5
MOST_GROUPS = 20  # of a column; those with the fewest rows beyond that are one
FEWEST_ROWS = 10  # of a value that the contract does not name: fewer could be a person


@dataclass(frozen=True)
class Segments:
    """Rows by group of one column.

    Attributes:
        column: The column's name.
        kind: protected; segment, which is a category or boolean; or band, which is cut out of a number.
        names: The groups' names, in the order of the contract or of the numbers.
        place: The group of each row, from 0; shape (rows,).
    """

    column: str
    kind: Kind
    names: tuple[str, ...]
    place: Codes


def segments(table: pa.Table, contract: Contract) -> Iterator[Segments]:
    """The rows by each column that has groups: two of them at least, and MOST_GROUPS at most.

    Features and protected columns count, and of the ignored ones those that have a few texts or are boolean: regions,
    branches. Protected numbers are cut at their bands, and other numbers at their quintiles.
    """
    for name, column in contract.columns.items():
        if column.role not in ("feature", "protected", "ignore") or name not in table.column_names:
            continue
        found = _names(table.column(name).combine_chunks(), column)
        if found is not None and len(np.unique(found[1])) > 1:
            yield _compact(name, _kind(column), *found)


def _kind(column: Column) -> Kind:
    if column.role == "protected":
        return "protected"
    return "band" if column.type in ("number", "integer") else "segment"


def _names(array: pa.Array, column: Column) -> tuple[Sequence[str], Codes] | None:
    if column.values is not None:
        return _categories(array, [str(value) for value in column.values])
    if pa.types.is_boolean(array.type):
        return ("false", "true", MISSING), _filled(array.cast(pa.int8()), 2)
    if pa.types.is_string(array.type) and column.role == "ignore":
        return _texts(array)
    if column.type in ("number", "integer") and column.role != "ignore":
        numbers = np.asarray(array.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False))
        return _bands(numbers, column.bands or _quintiles(numbers))
    return None


def _categories(array: pa.Array, values: Sequence[str]) -> tuple[Sequence[str], Codes]:
    code = _filled(pc.index_in(array.cast(pa.string()), pa.array(values)), len(values))
    code[(code == len(values)) & np.asarray(array.is_null())] = len(values) + 1
    return (*values, OTHER, MISSING), code


def _texts(array: pa.Array) -> tuple[Sequence[str], Codes] | None:
    counts = pc.value_counts(array.drop_null())
    values, rows = counts.field("values").to_pylist(), counts.field("counts").to_numpy()
    if not 1 < len(values) <= MOST_GROUPS or rows.min() < FEWEST_ROWS:
        return None
    return _categories(array, sorted(values))


def _bands(numbers: Floats, edges: Sequence[float]) -> tuple[Sequence[str], Codes]:
    """Groups between upper edges, each of which belongs to the group below it."""
    if not edges:
        return ("all", MISSING), np.isnan(numbers).astype(np.intp)
    names = (*spans([plain(edge) for edge in edges]), MISSING)
    code = np.searchsorted(np.asarray(edges), numbers, side="left")
    return names, np.where(np.isnan(numbers), len(edges) + 1, code).astype(np.intp)


def _quintiles(numbers: Floats) -> tuple[float, ...]:
    """Quintiles of two significant digits, too few to be a person's."""
    present = numbers[~np.isnan(numbers)]
    if not len(present):
        return ()
    cuts = np.quantile(present, np.linspace(0, 1, BANDS + 1)[1:-1])
    return tuple(sorted({float(f"{cut:.2g}") for cut in cuts}))


def _filled(array: pa.Array, missing: int) -> Codes:
    return np.array(pc.fill_null(array, missing).to_numpy(zero_copy_only=False), dtype=np.intp)


def _compact(column: str, kind: Kind, names: Sequence[str], place: Codes) -> Segments:
    """Only groups with rows; of too many, those with the fewest rows are one."""
    counts = np.bincount(place, minlength=len(names))
    present = np.flatnonzero(counts)
    if len(present) > MOST_GROUPS:
        few = present[np.argsort(-counts[present], kind="stable")[MOST_GROUPS - 1 :]]
        last = int(few.min())
        place = np.where(np.isin(place, few), last, place)
        names = [f"the {len(few)} smallest" if at == last else name for at, name in enumerate(names)]
        present = np.flatnonzero(np.bincount(place, minlength=len(names)))
    new = np.zeros(len(names), dtype=np.intp)
    new[present] = np.arange(len(present))
    return Segments(column, kind, tuple(name for at, name in enumerate(names) if at in present), new[place])
