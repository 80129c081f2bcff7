"""Arrow arrays in another type, as the contract reads cells: null where a value is not of that type."""

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from tollgate.canonical import EXACT_INTEGERS
from tollgate.contract.columns import LARGEST

FIRST_DAY, LAST_DAY = (pa.scalar(day, pa.date32()) for day in (dt.date.min, dt.date.max))


def plain(array: pa.Array) -> pa.Array:
    """The array without the encodings of text that some writers of Parquet choose."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.string()) if array.type in (pa.large_string(), pa.string_view()) else array


def trimmed(array: pa.Array) -> pa.Array:
    """Text without the space around it; any other array as it is."""
    return pc.utf8_trim_whitespace(array) if pa.types.is_string(array.type) else array


def without_nan(array: pa.Array) -> pa.Array:
    """Null for what is not a number, which some writers of Parquet put for a missing value."""
    return _where(pc.invert(pc.is_nan(array)), array) if pa.types.is_floating(array.type) else array


def as_text(array: pa.Array) -> pa.Array:
    """Text as it stands; integral numbers without a point."""
    if not pa.types.is_floating(array.type):
        return _cast(array, pa.string())
    values = array.to_pylist()
    return pa.array([_spelled(value) if value is not None else None for value in values], pa.string())


def as_number(array: pa.Array) -> pa.Array:
    """Float64 up to 1e100; true and false are no numbers."""
    numbers = as_finite(array)
    return _where(pc.less_equal(pc.abs(numbers), LARGEST), numbers)


def as_finite(array: pa.Array) -> pa.Array:
    """Finite float64, however large."""
    if pa.types.is_boolean(array.type):
        return pa.nulls(len(array), pa.float64())
    numbers = _cast(trimmed(array), pa.float64())
    return _where(pc.is_finite(numbers), numbers)


def as_whole(array: pa.Array) -> pa.Array:
    """Whole numbers below 2^53 as int64, also where they are written with a point."""
    numbers = as_number(array)
    whole = pc.and_(pc.equal(numbers, pc.floor(numbers)), pc.less(pc.abs(numbers), float(EXACT_INTEGERS)))
    return _where(whole, numbers).cast(pa.int64())


def as_whole_text(array: pa.Array) -> pa.Array:
    """Whole numbers as text: 1, 01 and 1.0 are one category."""
    return as_whole(array).cast(pa.string())


def as_boolean(array: pa.Array) -> pa.Array:
    """True and false; 1 and 0 too, because text files often write them so."""
    if pa.types.is_string(array.type) or pa.types.is_boolean(array.type):
        return _cast(trimmed(array), pa.bool_())
    numbers = as_number(array)
    return _where(pc.or_(pc.equal(numbers, 0.0), pc.equal(numbers, 1.0)), numbers).cast(pa.bool_())


def as_date(array: pa.Array) -> pa.Array:
    """Days of the calendar (UTC) from text (YYYY-MM-DD), dates and timestamps; a number is no day."""
    if pa.types.is_timestamp(array.type) and array.type.tz:
        array = array.cast(
            pa.timestamp(array.type.unit, "UTC")
        )  # the cast to days would take those of the zone
    if pa.types.is_date(array.type) or pa.types.is_timestamp(array.type):
        days = array.cast(pa.date32(), safe=False)
    elif pa.types.is_string(array.type):
        days = _cast(trimmed(array), pa.date32())
    else:
        return pa.nulls(len(array), pa.date32())
    return _where(pc.and_(pc.greater_equal(days, FIRST_DAY), pc.less_equal(days, LAST_DAY)), days)


def _spelled(number: float) -> str:
    return str(int(number)) if number.is_integer() else str(number)


def _where(condition: pa.Array, array: pa.Array) -> pa.Array:
    return pc.if_else(condition, array, pa.scalar(None, array.type))


def _cast(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    try:
        return array.cast(wanted, safe=wanted != pa.float64())  # a large integer may be rounded to a float
    except pa.ArrowNotImplementedError:
        return pa.nulls(len(array), wanted)
    except pa.ArrowInvalid:
        return pa.array([_cast_one(value, wanted) for value in array], wanted)


def _cast_one(value: pa.Scalar, wanted: pa.DataType) -> pa.Scalar | None:
    try:
        return value.cast(wanted) if value.is_valid else None
    except pa.ArrowInvalid:
        return None
