"""What stands twice, against a count of every pair by hand."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small import small_contract
from tollgate.contract import Column, Contract
from tollgate.data.repeats import Repeated, repeated

COLUMNS: dict[str, dict[str, Any]] = {
    "loan": {"role": "id"},
    "household": {"role": "group"},
    "x": {"type": "integer"},
    "y": {"role": "target", "positive": 1},
}
CONTRACT = Contract.of({name: Column.read(settings) for name, settings in COLUMNS.items()})
PARTS = ("fit", "calibration", "holdout")
Row = tuple[str | None, str | None, int]


def found(rows: Sequence[Row], parts: Sequence[str]) -> dict[str, Repeated]:
    loans, households, values = zip(*rows, strict=True)
    table = pa.table(
        {
            "loan": pa.array(loans, pa.string()),
            "household": pa.array(households, pa.string()),
            "x": pa.array(values, pa.int64()),
            "y": ["1"] * len(rows),
        }
    )
    masks = {name: np.array([part == name for part in parts]) for name in PARTS}
    return {one.counts.of: one for one in repeated(table, CONTRACT, masks)}


KEYS: dict[str, Any] = {"row": lambda row: row[1:], "id": lambda row: row[0], "group": lambda row: row[1]}


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.tuples(
                st.sampled_from([None, "a", "b", "c"]), st.sampled_from([None, "h"]), st.integers(0, 1)
            ),
            st.sampled_from(PARTS),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_counts_are_those_of_a_comparison_pair_by_pair(drawn: list[tuple[Row, str]]) -> None:
    rows, parts = [row for row, _ in drawn], [part for _, part in drawn]
    for kind, one in found(rows, parts).items():
        key = KEYS[kind]
        known = [kind == "row" or key(row) is not None for row in rows]
        for name in PARTS if kind != "group" else ():
            own = [at for at in range(len(rows)) if parts[at] == name and known[at]]
            again = [at for at in own if any(key(rows[at]) == key(rows[b]) for b in own if b < at)]
            assert one.counts.within[name] == len(again)
            assert np.flatnonzero(one.within.get(name, [])).tolist() == again
        for first, second in combinations(PARTS, 2):
            there = [key(rows[at]) for at in range(len(rows)) if parts[at] == first and known[at]]
            both = [
                at for at in range(len(rows)) if parts[at] == second and known[at] and key(rows[at]) in there
            ]
            assert one.counts.over[f"{first} and {second}"] == len(both)
            assert np.flatnonzero(one.over.get(f"{first} and {second}", [])).tolist() == both


def test_a_group_may_repeat_within_a_part() -> None:
    one = found([("a", "h", 1), ("b", "h", 2)], ["fit", "fit"])["group"]
    assert one.counts.within == {}
    assert one.within == {}


def test_columns_that_the_contract_has_not_are_not_looked_for() -> None:
    plain = small_contract()
    table = pa.table({name: pa.nulls(2, pa.string()) for name in plain.columns})
    kinds = [one.counts.of for one in repeated(table, plain, {"only": np.array([True, True])})]
    assert kinds == ["row", "id"]
