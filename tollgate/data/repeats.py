"""Duplicates: whole rows, ids and groups that stand twice, within a part and in several."""

from collections.abc import Iterator, Mapping
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
    return [
        _repeats(kind, column, keys, known, parts) for kind, column, keys, known in _keys(table, contract)
    ]


def _keys(table: pa.Table, contract: Contract) -> Iterator[tuple[Kind, str | None, NDArray[np.uint64], Mask]]:
    """What may repeat: a key for each row, and whether the row has one."""
    whole = [name for name, column in contract.columns.items() if column.role != "id"]
    yield "row", None, row_hashes(table.select(whole))[:, 0], np.ones(table.num_rows, dtype=bool)
    kinds: tuple[Kind, ...] = ("id", "group")
    for kind in kinds:
        name = contract.only("id" if kind == "id" else "group")
        if name:
            known = np.asarray(pc.is_valid(table.column(name)).to_numpy(), dtype=bool)
            yield kind, name, row_hashes(table.select([name]))[:, 0], known


def _repeats(
    kind: Kind, column: str | None, keys: NDArray[np.uint64], known: Mask, parts: Mapping[str, Mask]
) -> Repeated:
    own = {name: mask & known for name, mask in parts.items()}
    within = {} if kind == "group" else {name: _again(keys, mask) for name, mask in own.items()}
    over = {
        f"{first} and {second}": own[second] & np.isin(keys, np.unique(keys[own[first]]))
        for first, second in combinations(parts, 2)
    }
    counts = Repeats(
        of=kind,
        column=column,
        within={name: int(mask.sum()) for name, mask in within.items()},
        over={name: int(mask.sum()) for name, mask in over.items()},
    )
    return Repeated(counts, _any(within), _any(over))


def _again(keys: NDArray[np.uint64], mask: Mask) -> Mask:
    """The rows whose key an earlier row of the mask has."""
    rows = np.flatnonzero(mask)
    _, first = np.unique(keys[rows], return_index=True)
    again = mask.copy()
    again[rows[first]] = False
    return again


def _any(masks: Mapping[str, Mask]) -> dict[str, Mask]:
    return {name: mask for name, mask in masks.items() if mask.any()}
