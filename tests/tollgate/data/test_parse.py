import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from tollgate.contract import Column, Contract
from tollgate.data.parse import Unreadable, arrow_type, parse_table

TARGET = Column.read({"role": "target", "positive": 1})
FEATURE = Column.read({"type": "number"})


def parse(column: dict[str, Any], values: list[Any], kind: pa.DataType | None = None) -> Any:
    """What some values of one column become, and the rows that cannot be read."""
    columns = {"x": Column.read(column), "z": FEATURE}
    contract = Contract.of(columns if column.get("role") == "target" else columns | {"y": TARGET})
    others = {"y": ["1"] * len(values), "z": ["1"] * len(values)}
    raw = pa.table({"x": pa.array(values, kind or pa.string())} | others)
    table, unreadable = parse_table(raw, contract, 1)
    assert table.schema.field("x").type == arrow_type(columns["x"])
    return table.column("x").to_pylist(), [row for one in unreadable for row in one.first]


NUMBER = {"type": "number", "missing": "allowed"}
INTEGER = {"type": "integer", "missing": "allowed"}
CODE = {"type": "category", "values": [1, 2], "missing": "allowed"}
WORD = {"type": "category", "values": ["a", "b"], "missing": "allowed"}
BOOLEAN = {"type": "boolean", "missing": "allowed"}
DATE = {"type": "date", "missing": "allowed"}
ID = {"role": "id"}
DAY = dt.date(2020, 2, 29)
LATE = dt.datetime(2020, 2, 29, 23, 30, tzinfo=dt.UTC)  # the next day in Berlin


@pytest.mark.parametrize(
    ("column", "texts", "values"),
    [
        (NUMBER, ["1", " 2.5 ", "1e3", ".5", None], [1.0, 2.5, 1000.0, 0.5, None]),
        (NUMBER, ["0.1", "0.30000000000000004"], [0.1, 0.30000000000000004]),
        (NUMBER | {"missing_values": [-1]}, ["-1", "-1.0", " -1.00", "1"], [None, None, None, 1.0]),
        (NUMBER | {"missing_values": ["?"]}, ["?", " ? ", "1"], [None, None, 1.0]),
        (INTEGER, ["7", "7.0", "007", "9007199254740991"], [7, 7, 7, 9007199254740991]),
        (INTEGER | {"missing_values": [999]}, ["999", "999.0", "99"], [None, None, 99]),
        (CODE, ["1", "1.0", "02"], ["1", "1", "2"]),
        (CODE | {"missing_values": [-1]}, ["-1", "-1.0", "1"], [None, None, "1"]),
        (WORD, ["a", " a", "A", ""], ["a", " a", "A", ""]),
        (WORD | {"missing_values": ["999"]}, ["999", "999.0", " 999"], [None, "999.0", " 999"]),
        (BOOLEAN, ["true", "FALSE", "1", " 0 "], [True, False, True, False]),
        (BOOLEAN | {"missing_values": [-1]}, ["-1", "1"], [None, True]),
        (DATE, ["2020-02-29", " 2020-02-29 "], [DAY, DAY]),
        (DATE | {"missing_values": ["9999-12-31"]}, ["9999-12-31", "2020-02-29"], [None, DAY]),
        (ID, ["L1", "01", "1.0"], ["L1", "01", "1.0"]),
    ],
)
def test_text_becomes_what_it_reads_as(column: dict[str, Any], texts: list[Any], values: list[Any]) -> None:
    assert parse(column, texts) == (values, [])


@pytest.mark.parametrize(
    ("column", "kind", "given", "values"),
    [
        (NUMBER, pa.int64(), [2**53 + 1, None], [2.0**53, None]),
        (NUMBER, pa.float32(), [0.5, None], [0.5, None]),
        (NUMBER, pa.dictionary(pa.int8(), pa.string()), ["1", None], [1.0, None]),
        (NUMBER | {"missing_values": [-1]}, pa.int16(), [-1, 1], [None, 1.0]),
        (NUMBER | {"missing_values": ["nan"]}, pa.float64(), [float("nan"), 1.0], [None, 1.0]),
        (INTEGER, pa.float64(), [7.0, None], [7, None]),
        (CODE, pa.float64(), [1.0, None], ["1", None]),
        (CODE, pa.int8(), [2, None], ["2", None]),
        (WORD, pa.dictionary(pa.int8(), pa.string()), ["a", None], ["a", None]),
        (WORD, pa.large_string(), ["a", None], ["a", None]),
        (WORD, pa.string_view(), ["a", None], ["a", None]),
        (WORD, pa.binary(), [b"a", None], ["a", None]),
        (BOOLEAN, pa.bool_(), [True, None], [True, None]),
        (BOOLEAN, pa.int8(), [1, 0, None], [True, False, None]),
        (BOOLEAN, pa.float64(), [1.0, 0.0, None], [True, False, None]),
        (DATE, pa.date32(), [DAY, None], [DAY, None]),
        (DATE, pa.timestamp("ns"), [dt.datetime(2020, 2, 29, 23, 59), None], [DAY, None]),
        (DATE, pa.timestamp("us", "Europe/Berlin"), [LATE, None], [DAY, None]),
        (DATE, pa.timestamp("ns", "America/Lima"), [LATE, None], [DAY, None]),
        (DATE | {"missing_values": ["2020-02-29"]}, pa.date64(), [DAY], [None]),
        (ID, pa.int64(), [7, None], ["7", None]),
        (ID, pa.float64(), [7.0, 7.5, None], ["7", "7.5", None]),
        (NUMBER, pa.null(), [None], [None]),
        (WORD, pa.null(), [None], [None]),
    ],
)
def test_the_native_types_of_parquet_become_the_contracts(
    column: dict[str, Any], kind: pa.DataType, given: list[Any], values: list[Any]
) -> None:
    assert parse(column, given, kind) == (values, [])


@pytest.mark.parametrize(
    ("column", "kind", "values", "bad"),
    [
        (NUMBER, pa.string(), ["1", "x", "1,5", "0x1", "inf", "nan", "1e999", ""], [2, 3, 4, 5, 6]),
        (NUMBER, pa.float64(), [1.0, float("nan"), float("inf")], [2, 3]),
        (NUMBER, pa.bool_(), [True, None], [1]),
        (NUMBER, pa.date32(), [DAY, None], [1]),
        (NUMBER, pa.list_(pa.float64()), [[1.0], None], [1]),
        (INTEGER, pa.string(), ["1", "1.5", "x", "9007199254740992"], [2, 3, 4]),
        (INTEGER, pa.int64(), [2**53 + 1, 1], [1]),
        (CODE, pa.string(), ["1", "1.5", "a", ""], [2, 3, 4]),
        (BOOLEAN, pa.string(), ["true", "yes", "2", ""], [2, 3, 4]),
        (BOOLEAN, pa.int64(), [1, 2, -1], [2, 3]),
        (BOOLEAN, pa.float64(), [1.0, 0.5, float("nan")], [2, 3]),
        (DATE, pa.string(), ["2020-02-29", "2021-02-29", "29.02.2020", "0000-01-01", ""], [2, 3, 4, 5]),
        (DATE, pa.int32(), [18000], [1]),
        (DATE, pa.time64("us"), [dt.time(12)], [1]),
        (WORD, pa.binary(), [b"a", b"\xff"], [2]),
        (WORD, pa.list_(pa.string()), [["a"]], [1]),
        ({"role": "time"}, pa.string(), ["2020-02-29", "never"], [2]),
    ],
)
def test_values_of_another_type_are_named_by_row(
    column: dict[str, Any], kind: pa.DataType, values: list[Any], bad: list[int]
) -> None:
    parsed, rows = parse(column, values, kind)
    assert rows == bad
    assert [parsed[row - 1] for row in bad] == [None] * len(bad)


def test_the_message_names_column_kind_and_the_first_rows_but_no_value() -> None:
    contract = Contract.of({"x": FEATURE, "y": TARGET})
    raw = pa.table({"x": ["secret"] * 7 + ["1"], "y": ["1"] * 8})
    _, (bad,) = parse_table(raw, contract, 101)
    assert str(bad) == "column x: 7 values are no finite number (rows 101, 102, 103, 104, 105)"
    _, (one,) = parse_table(raw[6:], contract, 7)
    assert str(one) == "column x: 1 value is no finite number (row 7)"


@pytest.mark.parametrize(
    ("column", "kind", "values", "words"),
    [
        (INTEGER, pa.string(), ["1.5", "99999999999999999999"], "no whole number below 2^53 (rows 1, 2)"),
        (INTEGER, pa.int64(), [1, -(2**53)], "no whole number below 2^53 (row 2)"),
        (CODE, pa.string(), ["1", "9007199254740992"], "no whole number below 2^53 (row 2)"),
        (INTEGER, pa.string(), ["1.5", "x"], "no whole number (rows 1, 2)"),
        (INTEGER, pa.float64(), [1e300, 1.0], "no whole number below 2^53 (row 1)"),
        (NUMBER, pa.string(), ["1e100", "1.1e100", "-1e300"], "no finite number up to 1e100 (rows 2, 3)"),
        (NUMBER, pa.float64(), [-1e101, float("inf"), 1.0], "no finite number up to 1e100 (rows 1, 2)"),
        (NUMBER, pa.float64(), [float("inf")], "no finite number (row 1)"),
    ],
)
def test_of_numbers_that_are_too_large_it_is_told_how_large_they_may_be(
    column: dict[str, Any], kind: pa.DataType, values: list[Any], words: str
) -> None:
    contract = Contract.of({"x": Column.read(column), "y": TARGET})
    raw = pa.table({"x": pa.array(values, kind), "y": ["1"] * len(values)})
    _, (bad,) = parse_table(raw, contract, 1)
    assert str(bad).endswith(words)


def test_later_batches_add_to_what_was_found() -> None:
    found = Unreadable("x", "finite number", 4, (1, 2, 3, 4)).and_later(
        Unreadable("x", "finite number", 3, (7, 8, 9))
    )
    assert found == Unreadable("x", "finite number", 7, (1, 2, 3, 4, 7))
