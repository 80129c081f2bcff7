"""Sketches of holdouts: which share of rows two have in common, and how often one was used."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from tollgate.evaluation.sketch import SKETCH, Days, Hashes, Sketch, count

ALL = np.random.default_rng(1).integers(0, 2**64, 200_000, dtype=np.uint64)
SPRING, SUMMER = Days("day", "2024-01-01", "2024-03-31"), Days("day", "2024-04-01", "2024-05-01")


def sketch(hashes: Hashes, of: str = "id", days: Days = SPRING, **more: Hashes) -> Sketch:
    return Sketch.made({of: hashes, **more}, len(hashes), days)


def test_a_sketch_holds_the_smallest_hashes_in_order_each_once() -> None:
    found = sketch(np.r_[ALL, ALL])
    np.testing.assert_array_equal(found.hashes["id"], np.sort(ALL)[:SKETCH])
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
        (SPRING, SUMMER, 0),
        (SUMMER, SPRING, 0),
        (SPRING, Days("day", "2024-03-31", "2024-05-01"), 1),
        (SPRING, Days("known", "2024-04-01", "2024-05-01"), 1),
        (SPRING, Days(), 1),
        (Days(), Days(), 1),
    ],
)
def test_of_rows_told_apart_by_other_things_only_days_apart_prove_that_none_is_shared(
    mine: Days, theirs: Days, share: float
) -> None:
    one, other = sketch(ALL[:100], "loan", mine), sketch(ALL[100:200], "application", theirs)
    assert one.shared_with(other) == other.shared_with(one) == share


def test_values_that_are_shared_are_found_under_every_name() -> None:
    mine = sketch(ALL[:1000], "loan", application=ALL[1000:2000])
    theirs = sketch(ALL[5000:6000], "loan", number=ALL[1400:2400])
    assert mine.shared_with(theirs) == theirs.shared_with(mine) == 0.6


def test_what_is_not_shared_is_told_by_what_was_hashed_of_both() -> None:
    mine = sketch(ALL[:1000], "loan", application=ALL[1000:2000])
    theirs = sketch(ALL[700:1700], "loan", number=ALL[8000:9000])
    assert mine.shared_with(theirs) == theirs.shared_with(mine) == 0.7
    mine, theirs = sketch(ALL[:1000], "loan"), sketch(ALL[700:1700], "loan", number=ALL[8000:9000])
    assert mine.shared_with(theirs) == theirs.shared_with(mine) == 0.3


@pytest.mark.parametrize(
    ("loans", "days", "share"),
    [(ALL[2000:3000], SUMMER, 0), (ALL[2000:3000], SPRING, 1), (ALL[:1000], SUMMER, 1)],
)
def test_values_that_come_again_on_other_days_are_of_other_rows_where_a_column_says_so(
    loans: Hashes, days: Days, share: float
) -> None:
    customers = ALL[5000:6000]
    one, other = sketch(ALL[:1000], customer=customers), sketch(loans, days=days, customer=customers)
    assert one.shared_with(other) == other.shared_with(one) == share


def test_serial_numbers_that_begin_again_count_as_shared_where_nothing_else_tells() -> None:
    assert sketch(ALL[:1000]).shared_with(sketch(ALL[:1000], days=SUMMER)) == 1


def test_challengers_are_distinct_bundles_on_half_of_the_rows_or_more_this_one_counted() -> None:
    mine = sketch(ALL[:1000])
    half, less, none = sketch(ALL[500:1500]), sketch(ALL[501:1501]), sketch(ALL[5000:6000])
    assert count("a", mine, []) == (1, None)
    assert count("a", mine, [("a", mine), ("a", half)]) == (1, None), "the same bundle again counts once"
    assert count("a", mine, [("b", half), ("b", mine), ("c", half)]) == (3, 1.0)
    challengers, most = count("a", mine, [("b", less), ("c", none)])
    assert (challengers, most) == (1, 0.499)


def test_a_sketch_reads_back_as_it_was_written() -> None:
    one = sketch(ALL, "loan (string)", row=ALL[:100])
    again = Sketch.read(one.content())
    assert (again.rows, again.days, list(again.hashes)) == (one.rows, one.days, ["loan (string)", "row"])
    for of, hashes in one.hashes.items():
        np.testing.assert_array_equal(again.hashes[of], hashes)
        assert again.hashes[of].dtype == np.uint64
    assert again.content() == one.content()
    assert len(one.content()) < 60_000


def test_a_sketch_of_nothing_reads_back_and_counts_as_shared() -> None:
    nothing = Sketch.read(Sketch.made({}, 100, SPRING).content())
    assert nothing.hashes == {}
    assert nothing.shared_with(sketch(ALL)) == sketch(ALL).shared_with(nothing) == 1


def version_1(hashes: Hashes, days: Days = SPRING, of: str = "id (string)") -> bytes:
    """What Tollgate wrote when it hashed one thing of a holdout."""
    said = {"version": "1", "of": of, "rows": str(len(hashes)), "since": days.since, "until": days.until}
    return written(pa.table({"hash": np.sort(hashes)[:SKETCH]}).replace_schema_metadata(said))


@pytest.mark.parametrize(
    ("hashes", "days", "share"),
    [
        (ALL[:1000], SPRING, 1),
        (ALL[400:1400], SUMMER, 0.6),
        (ALL[700:1700], SUMMER, 0),
        (ALL[700:1700], SPRING, 1),
    ],
)
def test_a_sketch_of_version_1_is_read_and_tells_what_is_shared_but_not_that_nothing_is(
    hashes: Hashes, days: Days, share: float
) -> None:
    old = Sketch.read(version_1(hashes, days))
    assert (old.rows, old.days) == (1000, Days("", days.since, days.until))
    assert sketch(ALL[:1000], "loan (string)").shared_with(old) == share


def version_2(hashes: Hashes, days: Days) -> bytes:
    """What Tollgate wrote when it named what it hashed by column and type."""
    said = {"version": "2", "rows": str(len(hashes)), "column": days.column, "since": days.since}
    table = pa.table({"of": ["loan (string)"] * len(hashes), "hash": np.sort(hashes)})
    return written(table.replace_schema_metadata({**said, "until": days.until}))


@pytest.mark.parametrize(
    ("hashes", "days", "share"),
    [
        (ALL[:1000], SPRING, 1),
        (ALL[400:1400], SUMMER, 0.6),
        (ALL[700:1700], SUMMER, 0),
        (ALL[700:1700], Days("known", SUMMER.since, SUMMER.until), 1),
        (ALL[700:1700], SPRING, 1),
    ],
)
def test_a_sketch_of_version_2_is_read_and_tells_what_is_shared_but_not_that_nothing_is(
    hashes: Hashes, days: Days, share: float
) -> None:
    old = Sketch.read(version_2(hashes, days))
    assert (old.rows, old.days) == (1000, days)
    now = sketch(ALL[:1000], "loan (string)")
    assert now.shared_with(old) == old.shared_with(now) == share


def written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink)
    return bytes(sink.getvalue())


def of_version(version: str) -> bytes:
    return written(pa.table({"hash": [1]}).replace_schema_metadata({"version": version}))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no Parquet file"), (of_version("4"), "format version '4'; this Tollgate reads 3, 2 and 1")],
)
def test_what_is_no_sketch_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Sketch.read(content)
