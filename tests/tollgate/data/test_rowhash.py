import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tollgate.data.rowhash import row_hashes, shares, sum_of

KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "number": (pa.float64(), st.floats(allow_nan=False)),
    "integer": (pa.int64(), st.integers(-(2**53), 2**53)),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates()),
    "text": (pa.string(), st.text(st.characters(codec="utf-8"), max_size=20)),
}
rows = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, (_, values) in KINDS.items()}), max_size=8
)


def table(found: list[dict[str, Any]]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in found], kind) for name, (kind, _) in KINDS.items()})


@settings(max_examples=60, deadline=None, database=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_hash_of_a_row_depends_on_nothing_but_the_row(found: list[dict[str, Any]], random: Any) -> None:
    order = list(range(len(found)))
    random.shuffle(order)
    hashes = row_hashes(table(found))
    shuffled = row_hashes(table([found[place] for place in order]).select(random.sample(list(KINDS), 5)))
    np.testing.assert_array_equal(shuffled, hashes[order])
    np.testing.assert_array_equal(sum_of(shuffled), sum_of(hashes))


@settings(max_examples=60, deadline=None, database=None)
@given(rows)
def test_rows_that_differ_have_different_hashes(found: list[dict[str, Any]]) -> None:
    distinct = {tuple(row[name] for name in KINDS) for row in found}
    assert len(np.unique(row_hashes(table(found)), axis=0)) == len(distinct)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (None, "", pa.string()),
        (None, 0, pa.int64()),
        (None, 0.0, pa.float64()),
        (None, False, pa.bool_()),
        (None, dt.date(1970, 1, 1), pa.date32()),
    ],
)
def test_a_missing_value_is_no_empty_value(one: Any, other: Any, kind: pa.DataType) -> None:
    hashes = row_hashes(pa.table({"x": pa.array([one, other], kind)}))
    assert (hashes[0] != hashes[1]).all()


def test_both_zeros_are_one_number() -> None:
    hashes = row_hashes(pa.table({"x": [0.0, -0.0]}))
    np.testing.assert_array_equal(hashes[0], hashes[1])


def test_values_that_swap_columns_are_another_row() -> None:
    hashes = row_hashes(pa.table({"a": [1, 2], "b": [2, 1]}))
    assert (hashes[0] != hashes[1]).all()


def test_another_key_gives_unrelated_even_shares() -> None:
    ids = pa.table({"id": [f"L{n}" for n in range(20_000)]})
    one, other = (shares(row_hashes(ids, key)) for key in ("a", "b"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03
    for drawn in (one, other):
        counts, _ = np.histogram(drawn, 20, (0, 1))
        assert counts.sum() == 20_000
        assert counts.min() > 850
        assert counts.max() < 1150


WHOLE = [0, 1, -5, 36, 2**53 - 1, None]


@pytest.mark.parametrize(
    "again",
    [
        pa.array(WHOLE, pa.float64()),
        pa.array([None if one is None else str(one) for one in WHOLE]),
        pa.array([None if one is None else f"{one}.0" for one in WHOLE], pa.large_string()),
        pa.chunked_array([pa.array([0, 1], pa.float64()), pa.array([-5, 36, 2**53 - 1, None], pa.float64())]),
    ],
)
def test_where_numbers_are_to_be_alike_whole_ones_are_whatever_the_type_of_their_column(again: Any) -> None:
    first, other = (pa.table({"t": ["a"] * len(WHOLE), "x": x}) for x in (pa.array(WHOLE), again))
    np.testing.assert_array_equal(row_hashes(first, alike=True), row_hashes(other, alike=True))
    same = (row_hashes(first) == row_hashes(other)).all(axis=1)
    assert same.tolist() == [one is None or (one == 0 and pa.types.is_floating(again.type)) for one in WHOLE]


def test_where_numbers_are_to_be_alike_what_is_no_whole_number_stays_as_it_is() -> None:
    texts = ["", "05", "5.5", "5.", "+5", "1e3", "-", " 5", "\uff15", "9" * 19, "a", None]
    numbers = [5.5, -0.1, 2.0**53, 1e100, 5e-324]
    for values in (texts, numbers):
        found = pa.table({"x": values})
        np.testing.assert_array_equal(row_hashes(found, alike=True), row_hashes(found))
    assert len(np.unique(row_hashes(pa.table({"x": [*texts, "5"]}), alike=True), axis=0)) == len(texts) + 1


def test_hashes_stay_the_same_from_release_to_release() -> None:
    """Every split and snapshot rests on them: change them knowingly, with the format's version."""
    hashes = row_hashes(pa.table({"x": [1.5], "t": ["a"], "d": pa.array([dt.date(2020, 1, 1)])}), "salt")
    assert [f"{int(word):016x}" for word in hashes[0]] == ["fd032753dbfb97de", "b65328985a9ceaec"]
