"""Naming values, and what lies between edges."""

import datetime as dt
import math
from collections.abc import Sequence
from itertools import pairwise

from tollgate.contract import Column

FIRST_DAY = dt.date(1970, 1, 1)


def said(column: Column, value: float) -> str:
    """A number or day of a column as a person reads it: 23,000, 0.05, 2016-02-29."""
    if column.type != "date":
        return plain(value)
    try:
        return str(FIRST_DAY + dt.timedelta(days=math.floor(value)))
    except (OverflowError, ValueError):
        return plain(value)


def plain(value: float) -> str:
    """A number that has few digits, such as an edge: 23,000, 0.05."""
    return f"{value:,.10g}"


def spans(
    edges: Sequence[str],
    first: str = "up to {}",
    between: str = "{} to {}",
    last: str = "over {}",
) -> list[str]:
    """What lies before, between and after some edges, in words.

    Args:
        edges: The edges in words, in order.
        first: How what lies before the first is said.
        between: How what lies between two is said.
        last: How what lies after the last is said.
    """
    if not edges:
        return ["any"]
    middle = [between.format(low, high) for low, high in pairwise(edges)]
    return [first.format(edges[0]), *middle, last.format(edges[-1])]
