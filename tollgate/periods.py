"""Lengths of time as people write them: "12 months", "90 days"."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from tollgate.errors import ConfigError

_PATTERN = re.compile(r"(\d{1,4}) (day|week|month|year)s?")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True)
class Period:
    """A number of calendar months and days.

    Attributes:
        months: Whole calendar months, 0 or more.
        days: Days on top, 0 or more.
    """

    months: int = 0
    days: int = 0

    def after(self, day: dt.date) -> dt.date:
        """The day this long after another; the end of a shorter month where the day is lacking."""
        return _shift(day, self.months) + dt.timedelta(days=self.days)

    def before(self, day: dt.date) -> dt.date:
        """The day this long before another; the end of a shorter month where the day is lacking."""
        return _shift(day, -self.months) - dt.timedelta(days=self.days)


def parse_period(text: str) -> Period:
    """Read a period such as "12 months".

    Raises:
        ConfigError: The text is no period.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise ConfigError(f"{text!r} is no period; write it like 12 months, 90 days or 1 year")
    count, unit = int(match[1]), match[2]
    if unit in _DAYS:
        return Period(days=count * _DAYS[unit])
    return Period(months=count * _MONTHS[unit])


def _shift(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
