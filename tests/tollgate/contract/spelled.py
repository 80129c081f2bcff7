"""Columns of every type, and cells that keep or break them, each spelled as JSON does and as CSV does."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tollgate.contract import Column, Contract

NULL = "<null>"
MOST_ROWS = 5  # a breach names at most five rows


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
EXTREME = (
    "1e400",
    "-1e400",
    "1e-400",
    "1e300",
    "1e100",
    "-1e100",
    "1.0000000000000001e100",
    "1.0000000000000002e100",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
)

numerals = st.one_of(
    st.sampled_from([numeral(token) for token in SPELLED + EXTREME]),
    st.integers(-(2**70), 2**70).map(lambda value: numeral(str(value))),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: numeral(repr(value))),
    st.floats(-2000, 2000).map(lambda value: numeral(repr(round(value, 2)))),
)
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6).filter(
    lambda value: value != NULL
)
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
policies = st.sampled_from(["refuse", "warn", "clip"])


@st.composite
def number_columns(draw: st.DrawFn) -> tuple[dict[str, Any], st.SearchStrategy[Cell]]:
    kind = draw(st.sampled_from(["number", "integer"]))
    column = {"type": kind} | draw(limits) | draw(gaps(-1, 999, 0, 2.5, 1e300, "abc", ""))
    if {"min", "max"} & set(column):
        column["out_of_bounds"] = draw(policies)
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
