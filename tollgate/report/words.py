"""Numbers and days as a reader sees them."""

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from tollgate.short import short

CODE, PLAIN = Markup("<code>{}</code>"), Markup("{}")
FIRST_DAY = dt.date(1970, 1, 1)
MOST_LETTERS = 200


def number(value: float, digits: int = 4) -> str:
    """A number with the digits that matter: 0.03125, 12.5, 23,000."""
    size = abs(value)
    if 10_000 <= size < 1e15:
        return f"{value:,.{max(0, digits - 5)}f}"
    return short(value, digits)


def day(days: float) -> str:
    """The day that a number of days after 1970-01-01 is; a number where the calendar has none."""
    try:
        return str(FIRST_DAY + dt.timedelta(days=math.floor(days)))
    except (OverflowError, ValueError):
        return number(days)


def plain(value: Any) -> str:
    """A JSON value on one line, without brackets or quotes, cut where it is long."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, Mapping):
        value = ", ".join(f"{name} {plain(one)}" for name, one in value.items())
    elif isinstance(value, (list, tuple)):
        value = ", ".join(plain(one) for one in value)
    text = "none" if value in (None, "") else str(value)
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]} …"


def marked(text: str) -> Markup:
    """Text in which what stands between backquotes is code."""
    pieces = enumerate(text.split("`"))
    return Markup("").join((CODE if at % 2 else PLAIN).format(piece) for at, piece in pieces)
