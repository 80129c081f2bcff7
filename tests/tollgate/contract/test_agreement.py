"""One contract, two readers: rows of a request, and the same rows as a file that is trained on."""

import csv
import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.tollgate.contract.spelled import MOST_ROWS, NULL, Cell, problems
from tollgate.contract import Column, Contract, RowChecker
from tollgate.contract.table import Breach, beyond_table, check_table, encode_table
from tollgate.data.parse import parse_table
from tollgate.data.section import Format
from tollgate.data.source import read_source

Rules = dict[tuple[int, str], str]
# The numbers, what is wrong, and what is out of bounds and scored all the same.
Read = tuple[NDArray[np.float64], Rules, Rules]


def of_request(contract: Contract, rows: list[dict[str, Cell]]) -> Read:
    body = ",".join(
        "{" + ",".join(f"{json.dumps(name)}:{cell.json}" for name, cell in row.items()) + "}" for row in rows
    )
    checker, decoded = RowChecker(contract), json.loads(f"[{body}]")
    encoded, problems = checker.check(decoded)
    warnings = checker.warnings(decoded, encoded)
    assert checker.warns or not warnings
    rules, warned = (
        told_once((one.row or 0, one.column or "", one.rule) for one in found)
        for found in (problems, warnings)
    )
    return encoded, rules, warned


def told_once(found: Iterable[tuple[int, str, str]]) -> Rules:
    rules: Rules = {}
    for row, column, rule in found:
        assert (row, column) not in rules, "a cell is told once"
        rules[row, column] = rule
    return rules


def by_cell(breaches: list[Breach]) -> Iterator[tuple[int, str, str]]:
    for breach in breaches:
        yield from ((int(row), breach.column, breach.rule) for row in np.flatnonzero(breach.mask))


def of_file(contract: Contract, file: Path) -> Read:
    ((_, first, raw),) = read_source([file], Format(nulls=(NULL,)), contract)
    table, unreadable = parse_table(raw, contract, first)
    rules = told_once(by_cell(check_table(table, contract)))
    for one in unreadable:
        rules |= {(row - 1, one.column): "type" for row in one.first}
    return encode_table(table, contract), rules, told_once(by_cell(beyond_table(table, contract)))


def write_csv(file: Path, contract: Contract, rows: list[dict[str, Cell]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(contract.columns)
        writer.writerows([row[name].csv for name in contract.features] + ["1"] for row in rows)


def agree(request: Read, file: Read, contract: Contract) -> None:
    numbers, rules, warned = request
    # What a request calls not finite is in a file one of the values that are no number.
    assert {key: "type" if rule == "not_finite" else rule for key, rule in rules.items()} == file[1]
    assert warned == file[2]
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
    "clipped": (
        {"type": "number", "min": -5, "max": 7.5, "out_of_bounds": "clip"},
        pa.float64(),
        st.one_of(st.sampled_from([-5.0, 7.5, -0.0]), st.floats(allow_nan=False, allow_infinity=False)),
    ),
    "whole": (
        {"type": "integer", "min": 0.5, "max": 99.5, "out_of_bounds": "clip"},
        pa.int64(),
        st.integers(-(2**54), 2**54),
    ),
    "watched": (
        {"type": "integer", "min": 0, "out_of_bounds": "warn", "missing": "allowed", "missing_values": [-1]},
        pa.int32(),
        st.integers(-3, 3),
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
