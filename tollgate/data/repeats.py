"""Duplicates: whole rows, ids and groups that stand twice, within a part and in several."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.contract import Contract
from tollgate.data.rowhash import row_hashes
from tollgate.data.validation import Repeats

Mask = NDArray[np.bool_]
WHOLE = "snapshot"  # stands for a part where there are none
Codes = NDArray[np.int32]
Kind = Literal["row", "id", "group"]


@dataclass(frozen=True)
class Repeated:
    """What repeats, and which rows these are.

    Attributes:
        counts: The counts as the report has them.
        within: By part the rows that repeat another of it, shape (rows,); only those with any.
        over: By two parts the rows of the latter that repeat one of the former; only those with any.
    """

    counts: Repeats
    within: dict[str, Mask]
    over: dict[str, Mask]


def repeated(table: pa.Table, contract: Contract, parts: Mapping[str, Mask]) -> list[Repeated]:
    """Every repetition in a table.

    Args:
        table: The rows in the order of the source.
        contract: What the columns are.
        parts: The rows of each part; no row is in two.
    """
    whole = [name for name, column in contract.columns.items() if column.role != "id"]
    found = [_repeats("row", None, pa.array(row_hashes(table.select(whole))[:, 0]), parts)]
    kinds: tuple[Kind, ...] = ("id", "group")
    for kind in kinds:
        name = contract.only("id" if kind == "id" else "group")
        if name:
            found.append(_repeats(kind, name, table.column(name).combine_chunks(), parts))
    return found


def _repeats(kind: Kind, column: str | None, keys: pa.Array, parts: Mapping[str, Mask]) -> Repeated:
    """What repeats by a key, which may be missing: a row without a key repeats none."""
    encoded = keys.dictionary_encode()
    codes, count = encoded.indices.fill_null(0).to_numpy(), len(encoded.dictionary)
    known = np.asarray(pc.is_valid(keys).to_numpy(zero_copy_only=False), dtype=bool)
    own = {name: mask & known for name, mask in parts.items()}
    within = {} if kind == "group" else {name: _again(codes, count, mask) for name, mask in own.items()}
    there = {name: np.zeros(count, dtype=bool) for name in parts}
    for name, mask in own.items():
        there[name][codes[mask]] = True
    over = {
        f"{first} and {second}": _also(codes, there[first], own[second])
        for first, second in combinations(parts, 2)
    }
    counts = Repeats(
        of=kind,
        column=column,
        within={name: int(mask.sum()) for name, mask in within.items()},
        over={name: int(mask.sum()) for name, mask in over.items()},
    )
    return Repeated(counts, _any(within), _any(over))


def _again(codes: Codes, count: int, mask: Mask) -> Mask:
    """The rows of a mask whose key an earlier row of it has."""
    rows = np.flatnonzero(mask)
    first = np.empty(count, dtype=np.int64)
    first[codes[rows[::-1]]] = rows[::-1]  # of several rows the last one written stays: the earliest
    again = np.zeros_like(mask)
    again[rows] = first[codes[rows]] != rows
    return again


def _also(codes: Codes, there: Mask, mask: Mask) -> Mask:
    """The rows of a mask whose key is among some."""
    also = np.zeros_like(mask)
    also[mask] = there[codes[mask]]
    return also


def _any(masks: Mapping[str, Mask]) -> dict[str, Mask]:
    return {name: mask for name, mask in masks.items() if mask.any()}
