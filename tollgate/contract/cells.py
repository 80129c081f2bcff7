"""Reading one cell: a JSON value to the number that the graph takes, or the rule that it breaks."""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any

from tollgate.canonical import EXACT_INTEGERS
from tollgate.contract.columns import LARGEST, Column, bounds

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
    texts = frozenset(value for value in column.missing_values if isinstance(value, str))
    numbers = frozenset(float(value) for value in column.missing_values if not isinstance(value, str))
    allowed = column.missing == "allowed"

    def missing(value: Any) -> bool:
        if value is None or (isinstance(value, str) and value in texts):
            return True
        return bool(numbers) and _is_number(value) and _float(value) in numbers

    def cell(value: Any) -> float:
        if missing(value):
            if allowed:
                return MISSING
            raise RefusedError("missing", "the value is missing, and the contract refuses that")
        return read(value)

    return _usual(column, cell)


def _usual(column: Column, cell: CellReader) -> CellReader:
    """The same reader, with a short way for what most cells are: every check in one call."""
    if column.missing_values or column.type in ("boolean", "date"):
        return cell
    return _usual_category(column, cell) if column.type == "category" else _usual_number(column, cell)


def _usual_category(column: Column, cell: CellReader) -> CellReader:
    codes = {value: float(code) for code, value in enumerate(column.values or ())}
    kind = type(next(iter(codes), ""))

    def usual(value: Any) -> float:
        return codes[value] if type(value) is kind and value in codes else cell(value)

    return usual


def _usual_number(column: Column, cell: CellReader) -> CellReader:
    whole = column.type == "integer"
    largest = float(EXACT_INTEGERS - 1) if whole else LARGEST
    lowest, highest = (-math.inf, math.inf) if column.out_of_bounds == "warn" else bounds(column)
    low, high = max(-largest, lowest), min(largest, highest)
    kinds = frozenset({int}) if whole else frozenset({float, int})

    def usual(value: Any) -> float:
        return float(value) + 0.0 if type(value) in kinds and low <= value <= high else cell(value)

    return usual


def _number(column: Column) -> CellReader:
    within = _bounds(column)
    return lambda value: within(_numeric(value))


def _integer(column: Column) -> CellReader:
    within = _bounds(column)
    return lambda value: within(_whole(value))


def _bounds(column: Column) -> Callable[[float], float]:
    if column.out_of_bounds == "warn":
        return lambda number: number
    if column.out_of_bounds == "clip":
        lowest, highest = bounds(column)
        return lambda number: min(max(number, lowest), highest)
    low = -math.inf if column.min is None else column.min
    high = math.inf if column.max is None else column.max

    def within(number: float) -> float:
        if number < low:
            raise RefusedError("minimum", f"at least {plain(low)} is allowed")
        if number > high:
            raise RefusedError("maximum", f"at most {plain(high)} is allowed")
        return number

    return within


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _numeric(value: Any) -> float:
    if not _is_number(value):
        raise RefusedError("type", f"a number is needed, not {_kind(value)}")
    return _finite(value)


def _whole(value: Any) -> float:
    number = _numeric(value)
    if not number.is_integer() or abs(number) >= EXACT_INTEGERS:
        raise RefusedError("type", "a whole number below 2^53 is needed")
    return number


def _finite(value: int | float) -> float:
    number = _float(value)
    if not abs(number) <= LARGEST:
        raise RefusedError("not_finite", "the number is not finite, or beyond 1e100")
    return number + 0.0  # -0.0 becomes 0.0


def _float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _boolean(_: Column) -> CellReader:
    def read(value: Any) -> float:
        if not isinstance(value, bool):
            raise RefusedError("type", f"true or false is needed, not {_kind(value)}")
        return float(value)

    return read


def _category(column: Column) -> CellReader:
    values = column.values or ()
    codes = {value: float(code) for code, value in enumerate(values)}
    read = _whole if column.of_whole_numbers else _text
    other = float(len(values)) if column.unknown == "other" else None

    def code(value: Any) -> float:
        found = codes.get(read(value), other)
        if value == "":
            raise RefusedError(
                "category", f"an empty text is none of {few(values)}; send null if it is missing"
            )
        if found is None:
            raise RefusedError("category", f"allowed are {few(values)}")
        return found

    return code


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise RefusedError("type", f"a text is needed, not {_kind(value)}")
    return value


def _date(_: Column) -> CellReader:
    def read(value: Any) -> float:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise RefusedError("type", "a date is needed, written YYYY-MM-DD")
        try:
            return float(dt.date.fromisoformat(value).toordinal() - EPOCH)
        except ValueError:
            raise RefusedError("type", "there is no such day in the calendar") from None

    return read


def plain(number: float) -> str:
    """A limit as people write it."""
    return f"{number:.15g}"


def few(values: tuple[Any, ...]) -> str:
    """The first ten of some values, and how many more there are."""
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
