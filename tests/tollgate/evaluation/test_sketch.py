"""Sketches of holdouts: which share of rows two have in common, and how often one was used."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from numpy.typing import NDArray

from tollgate.evaluation.sketch import SKETCH, Sketch, count

Hashes = NDArray[np.uint64]
ALL = np.random.default_rng(1).integers(0, 2**64, 200_000, dtype=np.uint64)


def sketch(hashes: Hashes, of: str = "id", since: str | None = None, until: str | None = None) -> Sketch:
    return Sketch.made(hashes, of, since, until)


def test_a_sketch_holds_the_smallest_hashes_in_order_each_once() -> None:
    found = sketch(np.r_[ALL, ALL])
    np.testing.assert_array_equal(found.hashes, np.sort(ALL)[:SKETCH])
    assert found.rows == 400_000


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_of_small_holdouts_the_share_is_exact(share: float) -> None:
    apart = int(1000 * (1 - share))
    one, other = sketch(ALL[:1000]), sketch(ALL[apart : apart + 1000])
    assert one.shared_with(other) == other.shared_with(one) == share


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_of_large_holdouts_the_share_is_told_within_five_points(share: float) -> None:
    apart = int(100_000 * (1 - share))
    one, other = sketch(ALL[:100_000]), sketch(ALL[apart : apart + 100_000])
    assert one.shared_with(other) == pytest.approx(share, abs=0.05)
    assert one.shared_with(other) == other.shared_with(one)


def test_a_small_holdout_within_a_large_one_is_used_up_with_it() -> None:
    large, small, other = sketch(ALL[:100_000]), sketch(ALL[:20_000]), sketch(ALL[150_000:170_000])
    assert small.shared_with(large) == large.shared_with(small) == 1
    assert other.shared_with(large) == 0


def test_a_holdout_so_much_smaller_that_nothing_is_told_counts_as_shared() -> None:
    tiny = sketch(np.array([2**64 - 1], dtype=np.uint64))
    assert tiny.shared_with(sketch(ALL)) == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "share"),
    [
        (("2024-01-01", "2024-03-31"), ("2024-04-01", "2024-05-01"), 0),
        (("2024-04-01", "2024-05-01"), ("2024-01-01", "2024-03-31"), 0),
        (("2024-01-01", "2024-03-31"), ("2024-03-31", "2024-05-01"), 1),
        (("2024-01-01", "2024-03-31"), (None, None), 1),
        ((None, None), (None, None), 1),
    ],
)
def test_of_rows_told_apart_by_other_things_only_days_apart_prove_that_none_is_shared(
    mine: tuple[str | None, str | None], theirs: tuple[str | None, str | None], share: float
) -> None:
    assert sketch(ALL[:100], "id", *mine).shared_with(sketch(ALL[:100], "row 1", *theirs)) == share


def test_challengers_are_distinct_bundles_on_half_of_the_rows_or_more_this_one_counted() -> None:
    mine = sketch(ALL[:1000])
    half, less, none = sketch(ALL[500:1500]), sketch(ALL[501:1501]), sketch(ALL[5000:6000])
    assert count("a", mine, []) == (1, None)
    assert count("a", mine, [("a", mine), ("a", half)]) == (1, None), "the same bundle again counts once"
    assert count("a", mine, [("b", half), ("b", mine), ("c", half)]) == (3, 1.0)
    challengers, most = count("a", mine, [("b", less), ("c", none)])
    assert (challengers, most) == (1, 0.499)


def test_a_sketch_reads_back_as_it_was_written() -> None:
    one = sketch(ALL, "id (string)", "2024-01-01", "2024-06-30")
    again = Sketch.read(one.content())
    assert (again.of, again.rows, again.since, again.until) == (one.of, one.rows, one.since, one.until)
    np.testing.assert_array_equal(again.hashes, one.hashes)
    assert again.hashes.dtype == np.uint64
    assert len(one.content()) < 60_000


def other_version() -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.table({"hash": [1]}).replace_schema_metadata({"version": "2"})
    pyarrow.parquet.write_table(table, sink)
    return bytes(sink.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no Parquet file"), (other_version(), "format version '2'; this Tollgate reads 1")],
)
def test_what_is_no_sketch_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Sketch.read(content)
