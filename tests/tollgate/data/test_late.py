"""Features that were known later than the decision."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tollgate.contract import Column, Contract
from tollgate.data.late import late_rows, late_sums


def contract(known: str = "seen", time: str = "time") -> Contract:
    columns: dict[str, dict[str, Any]] = {
        "day": {"role": time, "type": "date"},
        "score": {"type": "number", "missing": "allowed", "known": known},
        "plain": {"type": "number", "known": "before"},
        "seen": {"role": "ignore", "type": "date", "missing": "allowed"},
        "bad": {"role": "target", "positive": 1},
    }
    return Contract.of({name: Column.read(column) for name, column in columns.items()})


def days(*texts: str) -> pa.Array:
    return pa.array(np.array(texts, dtype="datetime64[D]"), pa.date32())


TABLE = pa.table(
    {
        "day": days(*["2024-03-01"] * 5),
        "score": pa.array([1.0, 2.0, None, 4.0, 5.0]),
        "plain": pa.array([0.0] * 5),
        "seen": days("2024-03-01", "2024-03-02", "2024-03-02", "NaT", "2024-02-01"),
    }
)


def test_a_value_is_late_that_was_known_on_a_day_after_the_decision_and_missing_ones_are_not() -> None:
    assert late_rows(TABLE, contract()) == {"score": {"rows": 4, "late": 1, "undated": 1}}


def test_without_decision_days_no_row_can_say() -> None:
    assert late_rows(TABLE, contract(time="ignore")) == {"score": {"rows": 4, "late": 0, "undated": 4}}


@pytest.mark.parametrize("known", ["before", "after", "unconfirmed"])
def test_a_feature_that_names_no_day_is_not_looked_at(known: str) -> None:
    assert late_rows(TABLE, contract(known)) == {}


def test_the_rows_of_several_tables_are_summed() -> None:
    found = late_sums([TABLE, TABLE.slice(0, 2)], contract())
    assert found == {"score": {"rows": 6, "late": 2, "undated": 1}}
