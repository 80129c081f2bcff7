import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tollgate.errors import ConfigError
from tollgate.periods import Period, parse_period

DAY = dt.date(2024, 3, 31)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("1 day", dt.date(2024, 3, 30), dt.date(2024, 4, 1)),
        ("90 days", dt.date(2024, 1, 1), dt.date(2024, 6, 29)),
        ("2 weeks", dt.date(2024, 3, 17), dt.date(2024, 4, 14)),
        ("1 month", dt.date(2024, 2, 29), dt.date(2024, 4, 30)),
        ("12 months", dt.date(2023, 3, 31), dt.date(2025, 3, 31)),
        ("1 year", dt.date(2023, 3, 31), dt.date(2025, 3, 31)),
        ("13 months", dt.date(2023, 2, 28), dt.date(2025, 4, 30)),
        (" 0 days ", DAY, DAY),
    ],
)
def test_a_period_is_counted_in_calendar_days_and_months(text: str, before: dt.date, after: dt.date) -> None:
    assert parse_period(text).before(DAY) == before
    assert parse_period(text).after(DAY) == after


@pytest.mark.parametrize(
    "text",
    [
        "",
        "months",
        "12",
        "12months",
        "12  months",
        "1.5 years",
        "-1 days",
        "12 Months",
        "12 monthss",
        "12345 days",
    ],
)
def test_a_text_that_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_period(text)
    assert f"{text!r} is no period; write it like 12 months, 90 days or 1 year" in str(refused.value)


@settings(max_examples=100, deadline=None, database=None)
@given(st.dates(dt.date(1700, 1, 1), dt.date(2200, 1, 1)), st.integers(0, 240), st.integers(0, 400))
def test_periods_count_as_pandas_does(day: dt.date, months: int, days: int) -> None:
    offset = pd.DateOffset(months=months)
    assert Period(months=months).after(day) == (pd.Timestamp(day) + offset).date()
    assert Period(months=months).before(day) == (pd.Timestamp(day) - offset).date()
    assert Period(days=days).after(day) == (pd.Timestamp(day) + pd.Timedelta(days=days)).date()


@settings(max_examples=100, deadline=None, database=None)
@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2200, 1, 1)),
    st.integers(0, 400),
    st.sampled_from(["days", "weeks", "months", "years"]),
)
def test_going_back_never_reaches_a_day_that_has_not_matured(day: dt.date, count: int, unit: str) -> None:
    period = parse_period(f"{count} {unit}")
    assert period.after(period.before(day)) <= day
    assert period.after(period.before(day) + dt.timedelta(days=5)) > day


def test_the_last_day_of_the_calendar_is_no_obstacle() -> None:
    assert parse_period("6 months").before(dt.date(9999, 12, 31)) == dt.date(9999, 6, 30)
    assert parse_period("1 day").before(dt.date(9999, 12, 31)) == dt.date(9999, 12, 30)
