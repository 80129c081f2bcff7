from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from tests.tollgate.data.small_data import section
from tollgate.data.split import PARTS, split_rows
from tollgate.data.split_section import SplitSection

SIZE = 4000
COLUMNS: dict[str, dict[str, Any]] = {
    "x": {"type": "number"},
    "y": {"role": "target", "positive": 1},
}
ID: dict[str, dict[str, Any]] = {"id": {"role": "id"}}
GROUP: dict[str, dict[str, Any]] = {"person": {"role": "group"}}


def table(columns: dict[str, dict[str, Any]]) -> pa.Table:
    """Rows whose `x` is their place; ten rows a person."""
    number = np.arange(SIZE)
    values: dict[str, Any] = {
        "id": [f"L{n}" for n in number],
        "person": [f"P{n // 10}" for n in number],
        "x": number / 1.0,
        "y": (number % 2).astype(str),
    }
    return pa.table({name: values[name] for name in columns} | {"__row__": number + 1})


def parts(rows: pa.Table, columns: dict[str, dict[str, Any]], **more: Any) -> NDArray[np.str_]:
    """The part of each row."""
    how = SplitSection.read({"method": "random", "holdout": 0.2, "salt": "a"} | more)
    found = split_rows(rows, section(columns), how)
    assert (np.sum([found.parts[name] for name in PARTS], axis=0) == 1).all()
    assert found.embargoed == 0
    assert found.holdout_since is None
    return np.select([found.parts[name] for name in PARTS], PARTS, "")


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS | ID])
def test_shares_are_as_asked(columns: dict[str, dict[str, Any]]) -> None:
    found = parts(table(columns), columns, holdout=0.3, calibration=0.2)
    for name, share in {"fit": 0.5, "calibration": 0.1, "threshold": 0.1, "holdout": 0.3}.items():
        assert abs((found == name).mean() - share) < 0.04


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS | ID, COLUMNS | GROUP, COLUMNS | ID | GROUP])
def test_the_order_of_rows_does_not_matter_but_the_salt_does(columns: dict[str, dict[str, Any]]) -> None:
    rows = table(columns)
    order = np.random.default_rng(1).permutation(SIZE)
    expected = parts(rows, columns)
    np.testing.assert_array_equal(parts(rows.take(pa.array(order)), columns), expected[order])
    assert (parts(rows, columns, salt="b") != expected).mean() > 0.2


def test_a_group_stays_in_one_part_whatever_the_ids() -> None:
    found = parts(table(COLUMNS | ID | GROUP), COLUMNS | ID | GROUP)
    for person in found.reshape(-1, 10):
        assert len(set(person)) == 1
    assert set(found) == set(PARTS)


def test_the_id_decides_whatever_else_changes() -> None:
    rows = table(COLUMNS | ID)
    changed = rows.set_column(rows.schema.get_field_index("x"), "x", pa.array(np.ones(SIZE)))
    np.testing.assert_array_equal(parts(changed, COLUMNS | ID), parts(rows, COLUMNS | ID))


def test_without_an_id_equal_rows_stay_together() -> None:
    twice = pa.concat_tables([table(COLUMNS)] * 2)
    found = parts(twice, COLUMNS)
    np.testing.assert_array_equal(found[:SIZE], found[SIZE:])


def test_a_part_does_not_change_when_rows_are_added() -> None:
    rows = table(COLUMNS | ID)
    np.testing.assert_array_equal(parts(rows[:1000], COLUMNS | ID), parts(rows, COLUMNS | ID)[:1000])


@pytest.mark.parametrize("shuffled", [False, True])
def test_in_order_the_last_rows_of_the_source_are_held_out(shuffled: bool) -> None:
    rows = table(COLUMNS | ID)
    order = np.random.default_rng(1).permutation(SIZE) if shuffled else np.arange(SIZE)
    found = parts(rows.take(pa.array(order)), COLUMNS | ID, method="order", holdout=0.25, calibration=0.1)
    by_source = found[np.argsort(order)]
    assert (by_source[3000:] == "holdout").all()
    assert np.isin(by_source[2600:3000], ["calibration", "threshold"]).all()
    assert (by_source[:2600] == "fit").all()
    assert 150 < (by_source == "calibration").sum() < 250


def test_in_order_numbers_may_have_gaps() -> None:
    rows = table(COLUMNS | ID).take(pa.array([9, 5, 99, 7, 200, 3, 1, 2, 0, 4]))
    found = parts(rows, COLUMNS | ID, method="order", holdout=0.2, calibration=0.1)
    assert found.tolist().count("holdout") == 2
    assert found[2] == found[4] == "holdout"
