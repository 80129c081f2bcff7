import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollgate.data.small_data import section
from tollgate.data.split import PARTS, Split, split_rows
from tollgate.data.split_section import SplitSection
from tollgate.errors import DataError

COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"role": "id"},
    "day": {"role": "time"},
    "x": {"type": "number"},
    "paid": {"type": "date", "role": "ignore", "missing": "allowed"},
    "y": {"role": "target", "positive": 1},
}


def split(
    days: list[str], paid: list[str] | None = None, label: dict[str, str] | None = None, **more: Any
) -> Split:
    """The split of one row a day; ids are the place in the list."""
    size = len(days)
    dates = [dt.date.fromisoformat(day) for day in days]
    table = pa.table(
        {
            "id": [f"L{n}" for n in range(size)],
            "day": pa.array(dates, pa.date32()),
            "x": np.ones(size),
            "paid": pa.array([dt.date.fromisoformat(day) for day in paid or days], pa.date32()),
            "y": ["0"] * size,
            "__row__": np.arange(1, size + 1),
        }
    )
    how = SplitSection.read({"method": "time", "holdout": "2 months", "salt": "a"} | more)
    return split_rows(table, section(COLUMNS, label=label), how)


def parts_of(found: Split, days: list[str]) -> dict[str, list[str]]:
    parts = {
        name: [day for day, inside in zip(days, mask, strict=True) if inside]
        for name, mask in found.parts.items()
    }
    return parts | {"window": sorted(parts["calibration"] + parts["threshold"])}


def test_the_example_worked_by_hand() -> None:
    """The last day is 15 June 2023. The holdout takes two months: 16 April to 15 June.

    Labels mature after three months; when the holdout starts (16 April), decisions up to 15 January are known:
    16 January + 3 months = 16 April is not before it. The latest of them is 15 January; the window takes the two
    months up to it: 16 November to 15 January. Everything before is fitted on.
    """
    days = {
        "fit": ["2022-01-01", "2022-11-14", "2022-11-15"],
        "window": ["2022-11-16", "2022-12-31", "2023-01-15"],
        "embargo": ["2023-01-16", "2023-03-01", "2023-04-15"],
        "holdout": ["2023-04-16", "2023-05-01", "2023-06-15"],
    }
    every = [day for some in days.values() for day in some]
    found = split(every, label={"matures_after": "3 months"})
    parts = parts_of(found, every)
    assert {name: parts[name] for name in ("fit", "window", "holdout")} == {
        name: days[name] for name in ("fit", "window", "holdout")
    }
    assert found.embargoed == 3
    assert found.holdout_since == dt.date(2023, 4, 16)


def test_without_a_label_section_nothing_is_embargoed() -> None:
    days = ["2022-10-01", "2023-02-15", "2023-02-16", "2023-04-15", "2023-04-16", "2023-06-15"]
    found = split(days)
    parts = parts_of(found, days)
    assert parts["holdout"] == days[4:]
    assert parts["window"] == days[2:4]
    assert parts["fit"] == days[:2]
    assert found.embargoed == 0


def test_a_label_known_on_the_first_day_of_the_holdout_comes_too_late() -> None:
    days = ["2022-01-01", "2022-01-02", "2022-06-01", "2022-06-02", "2023-06-15"]
    paid = ["2023-04-15", "2023-04-16", "2023-04-15", "2023-05-01", "2023-06-15"]
    found = split(days, paid, {"known_at": "paid"})
    used = np.any([found.parts[name] for name in PARTS], axis=0)
    assert used.tolist() == [True, False, True, False, True]
    assert found.embargoed == 2


def test_the_window_has_its_own_length() -> None:
    days = ["2023-03-01", "2023-04-05", "2023-04-09", "2023-04-15", "2023-06-15"]
    assert parts_of(split(days, calibration="1 week"), days)["window"] == days[2:4]


def test_a_day_is_never_cut() -> None:
    days = [
        day
        for day in ("2023-01-01", "2023-02-20", "2023-04-15", "2023-04-16", "2023-06-15")
        for _ in range(40)
    ]
    found = split(days)
    for day in set(days):
        at = np.array([one == day for one in days])
        shares = {name: mask[at].mean() for name, mask in found.parts.items()}
        assert shares["fit"] in (0, 1)
        assert shares["holdout"] in (0, 1)


def test_the_window_is_halved_by_hash() -> None:
    days = ["2022-01-01"] * 10 + ["2023-04-10"] * 2000 + ["2023-06-15"] * 10
    one, other = split(days), split(days, salt="b")
    for found in (one, other):
        assert 900 < found.parts["calibration"].sum() < 1100
        assert found.parts["calibration"].sum() + found.parts["threshold"].sum() == 2000
    assert (one.parts["calibration"] != other.parts["calibration"]).mean() > 0.3
    assert (one.parts["holdout"] == other.parts["holdout"]).all()


def test_too_short_a_history_says_what_to_do() -> None:
    with pytest.raises(DataError) as refused:
        split(["2023-01-01", "2023-06-15"], label={"matures_after": "12 months"})
    assert "reach from 2023-01-01 to 2023-06-15; when the holdout starts (2023-04-16)" in str(refused.value)
    assert "shorter split.holdout" in str(refused.value)


periods = st.builds("{} {}".format, st.integers(1, 20), st.sampled_from(["days", "weeks", "months", "years"]))


@settings(max_examples=80, deadline=None, database=None)
@given(
    st.lists(st.dates(dt.date(2015, 1, 1), dt.date(2023, 12, 31)), min_size=1, max_size=40),
    periods,
    periods,
    st.one_of(st.none(), st.builds(lambda period: {"matures_after": period}, periods)),
)
def test_parts_are_disjoint_and_follow_each_other(
    dates: list[dt.date], holdout: str, calibration: str, label: dict[str, str] | None
) -> None:
    days = ["1950-01-01", *(date.isoformat() for date in dates)]
    found = split(days, holdout=holdout, calibration=calibration, label=label)
    times_used = np.sum([found.parts[name] for name in PARTS], axis=0)
    assert times_used.max() <= 1
    assert (times_used == 0).sum() == found.embargoed
    parts = parts_of(found, days)
    assert max(days) in parts["holdout"]
    for earlier, later in (("fit", "window"), ("window", "holdout"), ("fit", "holdout")):
        assert not parts[earlier] or not parts[later] or max(parts[earlier]) < min(parts[later])
    if label is None:
        assert found.embargoed == 0
