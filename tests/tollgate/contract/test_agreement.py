"""One contract, two readers: rows of a request, and the same rows as a file that is trained on."""

import csv
import datetime as dt
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tollgate.contract import Column, Contract, RowChecker
from tollgate.contract.table import check_table, encode_table
from tollgate.data.parse import parse_table
from tollgate.data.section import Format
from tollgate.data.source import read_source

NULL = "<null>"
MOST_ROWS = 5  # a breach names at most five rows
Rules = dict[tuple[int, str], str]


@dataclass(frozen=True)
class Cell:
    """A value as JSON spells it and as CSV does."""

    json: str
    csv: str


def numeral(token: str) -> Cell:
    return Cell(token, token)


def text(value: str) -> Cell:
    return Cell(json.dumps(value), value)


MISSING = Cell("null", NULL)
BOOLEANS = [Cell("true", "true"), Cell("false", "false")]
# What reads as a number, a date or true and false only in a file, which has no types, is left out.
NONSENSE = [text(value) for value in ("", "abc", "1,5", "0x10", "1_0", "null", "x\ny", "2020-02-30")]
DAYS = ("0001-01-01", "0000-01-01", "1900-02-29", "1969-12-31", "2024-02-29", "9999-12-31", "10000-01-01")
SPELLED = ("-0", "-0.0", "0", "1", "1.0", "-1", "-1.0", "-1e0", "999", "999.00", "9.99e2", "2.5", "1E5")
EXTREME = ("1e400", "-1e400", "1e-400", "1e300", "9007199254740991", "9007199254740992", "9007199254740993")

numerals = st.one_of(
    st.sampled_from([numeral(token) for token in SPELLED + EXTREME]),
    st.integers(-(2**70), 2**70).map(lambda value: numeral(str(value))),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: numeral(repr(value))),
    st.floats(-2000, 2000).map(lambda value: numeral(repr(round(value, 2)))),
)
words = st.text(st.characters(codec="utf-8"), max_size=6).filter(lambda value: value != NULL)
dates = st.one_of(
    st.sampled_from(DAYS).map(text),
    st.dates().map(lambda day: text(day.isoformat())),
    st.from_regex(r"[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}", fullmatch=True).map(text),
)


def gaps(*sentinels: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Settings of missing values."""
    allowed = st.lists(st.sampled_from(sentinels), unique=True).map(
        lambda some: {"missing": "allowed", "missing_values": some}
    )
    return st.one_of(st.just({}), st.just({"missing": "allowed"}), allowed)


limits = st.fixed_dictionaries(
    {},
    optional={
        "min": st.sampled_from([-1, 0, 0.5, -(10**6)]),
        "max": st.sampled_from([1, 999, 2.5, 10**9]),
    },
)


@st.composite
def number_columns(draw: st.DrawFn) -> tuple[dict[str, Any], st.SearchStrategy[Cell]]:
    kind = draw(st.sampled_from(["number", "integer"]))
    column = {"type": kind} | draw(limits) | draw(gaps(-1, 999, 0, 2.5, "abc", ""))
    return column, st.one_of(numerals, st.sampled_from([MISSING, *BOOLEANS, *NONSENSE]))


@st.composite
def boolean_columns(draw: st.DrawFn) -> tuple[dict[str, Any], st.SearchStrategy[Cell]]:
    others = [MISSING, numeral("-1"), numeral("2"), numeral("0.5"), *NONSENSE]
    return {"type": "boolean"} | draw(gaps(-1, "abc")), st.sampled_from(BOOLEANS + others)


@st.composite
def date_columns(draw: st.DrawFn) -> tuple[dict[str, Any], st.SearchStrategy[Cell]]:
    others = [MISSING, numeral("20"), numeral("20200101"), *BOOLEANS, *NONSENSE]
    column = {"type": "date"} | draw(gaps("9999-12-31", "abc", "0000-01-01"))
    return column, st.one_of(dates, st.sampled_from(others))


@st.composite
def text_columns(draw: st.DrawFn) -> tuple[dict[str, Any], st.SearchStrategy[Cell]]:
    values = draw(st.lists(words.filter(bool), min_size=1, max_size=5, unique=True))
    column = {"type": "category", "values": values, "unknown": draw(st.sampled_from(["refuse", "other"]))}
    return column | draw(gaps("999", "", " ")), st.one_of(
        st.sampled_from(values).map(text), words.map(text), st.sampled_from([MISSING, text("999"), text("")])
    )


@st.composite
def code_columns(draw: st.DrawFn) -> tuple[dict[str, Any], st.SearchStrategy[Cell]]:
    values = draw(st.lists(st.integers(-3, 12), min_size=1, max_size=5, unique=True))
    column = {"type": "category", "values": values, "unknown": draw(st.sampled_from(["refuse", "other"]))}
    cells = st.one_of(
        st.integers(-4, 13).map(lambda value: numeral(str(value))),
        st.integers(-4, 13).map(lambda value: numeral(f"{value}.0")),
        numerals,
        st.sampled_from([MISSING, *BOOLEANS, *NONSENSE]),
    )
    return column | draw(gaps(-1, 999, "abc", "")), cells


@st.composite
def problems(draw: st.DrawFn) -> tuple[Contract, list[dict[str, Cell]]]:
    """A contract of one to three features, and rows of which many break it."""
    kinds = st.one_of(number_columns(), boolean_columns(), date_columns(), text_columns(), code_columns())
    columns = {f"x{n}": one for n, one in enumerate(draw(st.lists(kinds, min_size=1, max_size=3)))}
    contract = Contract.of(
        {name: Column.read(column) for name, (column, _) in columns.items()}
        | {"y": Column.read({"role": "target", "positive": 1})}
    )
    row = st.fixed_dictionaries({name: cells for name, (_, cells) in columns.items()})
    return contract, draw(st.lists(row, min_size=1, max_size=MOST_ROWS))


def of_request(contract: Contract, rows: list[dict[str, Cell]]) -> tuple[NDArray[np.float64], Rules]:
    body = ",".join(
        "{" + ",".join(f"{json.dumps(name)}:{cell.json}" for name, cell in row.items()) + "}" for row in rows
    )
    encoded, problems = RowChecker(contract).check(json.loads(f"[{body}]"))
    rules: Rules = {}
    for problem in problems:
        assert problem.row is not None
        assert problem.column is not None
        assert (problem.row, problem.column) not in rules, "a cell is told once"
        rules[problem.row, problem.column] = problem.rule
    return encoded, rules


def of_file(contract: Contract, file: Path) -> tuple[NDArray[np.float64], Rules]:
    ((_, first, raw),) = read_source([file], Format(nulls=(NULL,)), contract)
    table, unreadable = parse_table(raw, contract, first)
    rules: Rules = {}
    for breach in check_table(table, contract, np.arange(1, table.num_rows + 1)):
        for row in breach.first:
            assert (row - 1, breach.column) not in rules, "a cell is told once"
            rules[row - 1, breach.column] = breach.rule
    for one in unreadable:
        rules |= {(row - 1, one.column): "type" for row in one.first}
    return encode_table(table, contract), rules


def write_csv(file: Path, contract: Contract, rows: list[dict[str, Cell]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(contract.columns)
        writer.writerows([row[name].csv for name in contract.features] + ["1"] for row in rows)


def agree(
    request: tuple[NDArray[np.float64], Rules], file: tuple[NDArray[np.float64], Rules], contract: Contract
) -> None:
    numbers, rules = request
    # What a request calls not finite is in a file one of the values that are no number.
    assert {key: "type" if rule == "not_finite" else rule for key, rule in rules.items()} == file[1]
    kept = np.array([[(row, name) not in rules for name in contract.features] for row in range(len(numbers))])
    np.testing.assert_array_equal(numbers.view(np.uint64)[kept], file[0].view(np.uint64)[kept])


@settings(max_examples=200, deadline=None, database=None)
@given(problems())
def test_a_request_and_a_csv_file_are_read_alike(problem: tuple[Contract, list[dict[str, Cell]]]) -> None:
    contract, rows = problem
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        write_csv(file, contract, rows)
        agree(of_request(contract, rows), of_file(contract, file), contract)


NATIVE: dict[str, tuple[dict[str, Any], pa.DataType, st.SearchStrategy[Any]]] = {
    "number": (
        {"type": "number", "min": -5, "missing": "allowed", "missing_values": [-1]},
        pa.float64(),
        st.one_of(st.just(-1.0), st.floats(allow_nan=False, allow_infinity=False)),
    ),
    "large": ({"type": "number"}, pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "integer": ({"type": "integer", "max": 10**6}, pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "pointed": ({"type": "integer"}, pa.float64(), st.sampled_from([0.0, 7.0, 0.5, 1e300, None])),
    "boolean": ({"type": "boolean", "missing": "allowed"}, pa.bool_(), st.booleans()),
    "text": ({"type": "category", "values": ["a", "b"]}, pa.large_string(), st.sampled_from("abc")),
    "coded": (
        {"type": "category", "values": ["a", "b"], "unknown": "other"},
        pa.dictionary(pa.int8(), pa.string()),
        st.sampled_from(["a", "b", "c", ""]),
    ),
    "code": ({"type": "category", "values": [1, 2]}, pa.int16(), st.integers(0, 3)),
    "gappy": (
        {"type": "category", "values": [1, 2], "missing": "allowed"},
        pa.float64(),
        st.sampled_from([1.0, 2.0, 3.0, 1.5]),
    ),
    "date": ({"type": "date", "missing": "allowed"}, pa.date32(), st.dates()),
    "truth": ({"type": "number"}, pa.bool_(), st.booleans()),
}
NATIVE_CONTRACT = Contract.of(
    {name: Column.read(column) for name, (column, _, _) in NATIVE.items()}
    | {"y": Column.read({"role": "target", "positive": 1})}
)


def in_json(row: dict[str, Any]) -> dict[str, Cell]:
    return {name: Cell(json.dumps(value, default=dt.date.isoformat), "") for name, value in row.items()}


@settings(max_examples=50, deadline=None, database=None)
@given(
    st.lists(
        st.fixed_dictionaries({name: st.one_of(st.none(), value) for name, (_, _, value) in NATIVE.items()}),
        min_size=1,
        max_size=MOST_ROWS,
    )
)
def test_a_request_and_a_parquet_file_are_read_alike(rows: list[dict[str, Any]]) -> None:
    arrays = [pa.array([row[name] for row in rows], kind) for name, (_, kind, _) in NATIVE.items()]
    table = pa.table([*arrays, pa.array([1] * len(rows))], names=list(NATIVE_CONTRACT.columns))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        pyarrow.parquet.write_table(table, file)
        request = of_request(NATIVE_CONTRACT, [in_json(row) for row in rows])
        agree(request, of_file(NATIVE_CONTRACT, file), NATIVE_CONTRACT)
