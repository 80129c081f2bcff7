"""Reading one cell: a JSON value to the number that the graph takes, or the rule that it breaks."""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any

from tollgate.canonical import EXACT_INTEGERS
from tollgate.contract.columns import Column

MISSING = math.nan
EPOCH = dt.date(1970, 1, 1).toordinal()
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

CellReader = Callable[[Any], float]


class RefusedError(ValueError):
    """A cell that breaks a rule."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def cell_reader(column: Column) -> CellReader:
    """The function that reads a cell of a column; it raises RefusedError for a value that is not allowed.

    Numbers stay as they are, booleans become 0 and 1, dates days since 1970-01-01, categories their place
    in `values` (one past the last for an unknown one that is allowed), a missing value NaN.
    """
    read = _READERS[column.type or "category"](column)
    sentinels = frozenset(column.missing_values)
    allowed = column.missing == "allowed"

    def cell(value: Any) -> float:
        if value is None or (sentinels and _hashable(value) and value in sentinels):
            if allowed:
                return MISSING
            raise RefusedError("missing", "the value is missing, and the contract refuses that")
        return read(value)

    return cell


def _hashable(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _number(column: Column) -> CellReader:
    low = -math.inf if column.min is None else column.min
    high = math.inf if column.max is None else column.max

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise RefusedError("type", f"a number is needed, not {_kind(value)}")
        number = _finite(value)
        if number < low:
            raise RefusedError("minimum", f"at least {low:g} is allowed")
        if number > high:
            raise RefusedError("maximum", f"at most {high:g} is allowed")
        return number

    return read


def _finite(value: int | float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise RefusedError("not_finite", "the number is not finite, or too large")
    return number


def _integer(column: Column) -> CellReader:
    number = _number(column)

    def read(value: Any) -> float:
        found = number(value)
        if not found.is_integer() or abs(found) > EXACT_INTEGERS:
            raise RefusedError("type", "a whole number of at most 2^53 is needed")
        return found

    return read


def _boolean(_: Column) -> CellReader:
    def read(value: Any) -> float:
        if not isinstance(value, bool):
            raise RefusedError("type", f"true or false is needed, not {_kind(value)}")
        return float(value)

    return read


def _category(column: Column) -> CellReader:
    values = column.values or ()
    codes = {value: float(code) for code, value in enumerate(values)}
    kind = type(values[0]) if values else str
    other = float(len(values)) if column.unknown == "other" else None

    def read(value: Any) -> float:
        if type(value) is not kind:
            raise RefusedError("type", f"{_NAMES[kind]} is needed, not {_kind(value)}")
        code = codes.get(value, other)
        if code is None:
            raise RefusedError("category", f"allowed are {_few(values)}")
        return code

    return read


def _date(_: Column) -> CellReader:
    def read(value: Any) -> float:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise RefusedError("type", "a date is needed, written YYYY-MM-DD")
        try:
            return float(dt.date.fromisoformat(value).toordinal() - EPOCH)
        except ValueError:
            raise RefusedError("type", "there is no such day in the calendar") from None

    return read


def _few(values: tuple[Any, ...]) -> str:
    most = 10
    text = ", ".join(str(value) for value in values[:most])
    return text if len(values) <= most else f"{text} and {len(values) - most} more"


def _kind(value: Any) -> str:
    return _NAMES.get(type(value), "something else")


_NAMES: dict[type, str] = {
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}
_READERS: dict[str, Callable[[Column], CellReader]] = {
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "category": _category,
    "date": _date,
}
