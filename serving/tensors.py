"""Tensors of the Open Inference Protocol: a column each, as values or as the little-endian bytes of the binary form."""

import math
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from serving.datatypes import DATATYPES, FLOATS, misfits
from serving.refusal import RefusalError, broken_contract
from tollgate.contract import Problem
from tollgate.contract.problems import LONGEST_VALUE, shown

Bytes = bytes | memoryview
_CODES = {
    "BOOL": "?",
    **{f"INT{bits}": code for bits, code in ((8, "b"), (16, "h"), (32, "i"), (64, "q"))},
    **{f"UINT{bits}": code for bits, code in ((8, "B"), (16, "H"), (32, "I"), (64, "Q"))},
    "FP16": "e",
    "FP32": "f",
    "FP64": "d",
}
_ONE = {datatype: struct.Struct(f"<{code}") for datatype, code in _CODES.items()}
_DTYPES = {
    datatype: np.dtype("u1" if datatype == "BOOL" else f"<{code}") for datatype, code in _CODES.items()
}
_LENGTH = struct.Struct("<I")


def rows_of(name: str, shape: Sequence[int], most: int) -> int:
    """How many rows a tensor's shape gives it.

    Raises:
        RefusalError: 400: it is no column, or has too many rows.
    """
    rows = shape[0] if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1) else -1
    if rows < 0:
        raise RefusalError(400, f"{called(name)} needs the shape [rows] or [rows, 1]")
    if rows > most:
        raise RefusalError(400, f"{rows} rows; at most {most} are taken at once here")
    return rows


def from_bytes(name: str, datatype: str, rows: int, content: Bytes) -> list[Any]:
    """The values of a tensor in the binary form; NaN and "" are missing values, None.

    Args:
        name: The tensor's name.
        datatype: Its datatype.
        rows: How many values it has.
        content: Its bytes.

    Raises:
        RefusalError: 400: there is no such datatype, or the bytes are not those of so many values.
    """
    if datatype == "BYTES":
        return _texts(name, rows, content)
    one = _ONE.get(datatype)
    if one is None:
        raise unknown_datatype(name)
    if len(content) != rows * one.size:
        raise RefusalError(
            400,
            f"{called(name)} has {len(content)} bytes; {rows} values of {datatype} have {rows * one.size}",
        )
    if datatype == "BOOL":
        return _truths(name, content)
    values: list[Any]
    values = list(one.unpack(content)) if rows == 1 else np.frombuffer(content, _DTYPES[datatype]).tolist()
    return present(datatype, values)


def present(datatype: str, values: list[Any]) -> list[Any]:
    """The values of a tensor with None for NaN, which is a missing value."""
    if datatype not in FLOATS:
        return values
    total = sum(values)  # NaN where one of them is, or where infinities of both signs are
    if total != total:
        return [None if value != value else value for value in values]
    return values


def texts_of(name: str, contents: Sequence[bytes]) -> list[str | None]:
    """Texts from their bytes; an empty one is a missing value.

    Raises:
        RefusalError: 400: one is no UTF-8.
    """
    try:
        return [content.decode() or None for content in contents]
    except UnicodeDecodeError:
        raise RefusalError(400, f"{called(name)} holds a text that is not UTF-8") from None


def to_bytes(datatype: str, values: Sequence[Any]) -> bytes:
    """Values in the binary form; None becomes what stands for a missing value, NaN or an empty text."""
    if datatype == "BYTES":
        texts = [(value or "").encode() for value in values]
        return b"".join(part for text in texts for part in (_LENGTH.pack(len(text)), text))
    if datatype in FLOATS:
        values = [math.nan if value is None else value for value in values]
    return struct.pack(f"<{len(values)}{_CODES[datatype]}", *values)


def check_lengths(lengths: dict[str, int]) -> None:
    """Refuse columns of different lengths, and columns without a row."""
    (first, length), *others = lengths.items()
    for name, other in others:
        if other != length:
            longer = f"{name[:LONGEST_VALUE]!r} has {other} values, {first[:LONGEST_VALUE]!r} has {length}"
            raise RefusalError(400, f"the inputs differ in length: {longer}")
    if not length:
        raise RefusalError(400, "the inputs are empty: there is no row to score")


def check_values(name: str, datatype: str, values: list[Any]) -> None:
    """Refuse values that their datatype does not hold."""
    others = misfits(datatype, values)
    if others:
        message = f"the input is declared {datatype}"
        column = name[:LONGEST_VALUE]
        raise broken_contract([Problem(row, column, "type", shown(values[row]), message) for row in others])


def stands_twice(name: str) -> RefusalError:
    """The refusal of a column that was sent twice."""
    message = f"{called(name)} stands twice"
    return RefusalError(400, message, [Problem(None, name[:LONGEST_VALUE], "duplicate_key", "", message)])


def unknown_datatype(name: str) -> RefusalError:
    """The refusal of a tensor whose datatype is none of the protocol's."""
    return RefusalError(400, f"{called(name)} has no known datatype; there are {', '.join(DATATYPES)}")


def called(name: str) -> str:
    """A tensor in a message."""
    return f"the input {name[:LONGEST_VALUE]!r}"


def _truths(name: str, content: Bytes) -> list[bool]:
    values = bytes(content)
    if values.strip(b"\0\1"):
        raise RefusalError(400, f"{called(name)} holds a byte that is neither 0 nor 1")
    return [value == 1 for value in values]


def _texts(name: str, rows: int, content: Bytes) -> list[str | None]:
    """Texts, each behind its length in four bytes."""
    if rows * _LENGTH.size > len(content):
        raise _cut(name, rows)
    found, place, view = [], 0, bytes(content)
    take: Callable[..., tuple[int]] = _LENGTH.unpack_from
    for _ in range(rows):
        if place + _LENGTH.size > len(view):
            raise _cut(name, rows)
        (length,) = take(view, place)
        place += _LENGTH.size
        if length > len(view) - place:
            raise _cut(name, rows)
        found.append(view[place : place + length])
        place += length
    if place != len(view):
        raise RefusalError(400, f"{called(name)} has {len(view) - place} bytes behind its {rows} texts")
    return texts_of(name, found)


def _cut(name: str, rows: int) -> RefusalError:
    return RefusalError(400, f"{called(name)} has too few bytes for {rows} texts, each behind its length")
