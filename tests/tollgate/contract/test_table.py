import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tollgate.contract import Column, Contract
from tollgate.contract.table import beyond_table, check_table, encode_table, known_rows

ROWS = 8
GOOD: dict[str, tuple[Any, pa.DataType]] = {
    "loan_id": ("L1", pa.string()),
    "issued": (dt.date(2020, 1, 1), pa.date32()),
    "income": (52000.5, pa.float64()),
    "months": (36, pa.int64()),
    "utilization": (None, pa.float64()),
    "owner": (True, pa.bool_()),
    "purpose": ("home", pa.string()),
    "channel": ("fair", pa.string()),
    "grade": ("3", pa.string()),
    "since": (dt.date(1970, 1, 11), pa.date32()),
    "age": (30, pa.int64()),
    "default": ("0", pa.string()),
}


def table(**changed: Any) -> pa.Table:
    """Eight good rows; `changed` gives a column's value in every other row."""
    arrays = [
        pa.array([changed.get(name, value), value] * (ROWS // 2), kind)
        for name, (value, kind) in GOOD.items()
    ]
    return pa.table(arrays, names=list(GOOD))


def test_a_table_that_keeps_the_contract_has_no_breaches(contract: Contract) -> None:
    assert check_table(table(), contract) == []
    assert known_rows(table(), contract).all()


@pytest.mark.parametrize(
    ("column", "value", "rule", "allowed"),
    [
        ("income", -1.0, "minimum", "at least 0"),
        ("income", 1_234_567.0, "maximum", "at most 1000000"),
        ("income", None, "missing", "set `missing: allowed`"),
        ("months", 121, "maximum", "at most 120"),
        ("purpose", "boat", "category", "add it to `values`, or set `unknown: other`"),
        ("channel", "", "category", "add it to `values`"),
        ("grade", "4", "category", "add it to `values`"),
        ("age", 17, "minimum", "at least 18"),
        ("issued", None, "missing", "set `missing: allowed`"),
        ("loan_id", None, "missing", "set `missing: allowed`"),
    ],
)
def test_a_broken_rule_names_column_rule_and_rows(
    contract: Contract, column: str, value: Any, rule: str, allowed: str
) -> None:
    (breach,) = check_table(table(**{column: value}), contract)
    assert (breach.column, breach.rule, breach.rows) == (column, rule, 4)
    assert breach.mask.tolist() == [True, False] * 4
    assert allowed in f"{breach.allowed}; {breach.advice}"


def test_the_categories_that_are_allowed_are_named_in_short(contract: Contract) -> None:
    (breach,) = check_table(table(purpose="boat"), contract)
    assert breach.allowed == "one of car, home, other"
    (breach,) = check_table(table(channel=""), contract)
    assert breach.allowed == "any text but an empty one"


def test_the_target_is_left_to_validation(contract: Contract) -> None:
    assert check_table(table(default=None), contract) == []


def test_only_features_say_which_rows_could_be_scored(contract: Contract) -> None:
    assert known_rows(table(age=3), contract).all()
    assert known_rows(table(grade="9"), contract).tolist() == [False, True] * 4


@pytest.mark.parametrize(("policy", "number"), [("warn", -7.0), ("clip", 0.0)])
def test_what_is_out_of_bounds_and_scored_all_the_same_breaks_nothing(
    contract: Contract, policy: str, number: float
) -> None:
    columns = dict(contract.columns)
    columns["income"] = Column.read(columns["income"].as_json() | {"out_of_bounds": policy})
    lenient, rows = Contract.of(columns), table(income=-7.0)
    assert check_table(rows, lenient) == []
    assert known_rows(rows, lenient).all()
    assert encode_table(rows, lenient)[:, 0].tolist() == [number, 52000.5] * 4
    (told,) = beyond_table(rows, lenient)
    assert (told.column, told.rule, told.rows, told.allowed) == ("income", "minimum", 4, "at least 0")
    assert beyond_table(table(), lenient) == beyond_table(rows, contract) == []


def test_a_table_becomes_the_numbers_worked_by_hand(contract: Contract) -> None:
    encoded = encode_table(table(channel=None, owner=False), contract)
    assert encoded.dtype == np.float64
    np.testing.assert_array_equal(encoded[0], [52000.5, 36, np.nan, 0, 1, np.nan, 2, 10])
    np.testing.assert_array_equal(encoded[1], [52000.5, 36, np.nan, 1, 1, 2, 2, 10])
