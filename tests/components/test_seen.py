"""Which rows a model saw, by hash: all that it learned from, none that it is measured on."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from components.seen import KEY, read_seen, seen_table, write_seen
from tests.components.parted import PARTS, Parted, parted
from tollgate.data.rowhash import row_hashes

SEEN = PARTS[:-1]
# By what identifies a row: the columns that the problem has not, and those that are hashed.
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "by id": (("household",), ("loan",)),
    "by id, where there is a group too": ((), ("loan",)),
    "by group": (("loan",), ("household",)),
    "by the whole row": (("loan", "household"), ("day", "amount", "purpose", "default")),
}
Problems = Mapping[str, Parted]


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Problems:
    folder = tmp_path_factory.mktemp("seen")
    return {key: parted(folder / key, "random", leave_out) for key, (leave_out, _) in KEYS.items()}


def pairs(table: pa.Table) -> list[tuple[int, int]]:
    return list(zip(table.column("hash_0").to_pylist(), table.column("hash_1").to_pylist(), strict=True))


def hashed(problem: Parted, part: str, columns: tuple[str, ...]) -> list[tuple[int, int]]:
    """The hashes of a part's rows, by the columns that should identify them."""
    return [(int(one), int(two)) for one, two in row_hashes(problem.part(part).select(columns), KEY)]


def seen_in(problem: Parted) -> pa.Table:
    parts = {name: problem.part(name) for name in SEEN}
    return read_seen(write_seen(seen_table(parts, problem.contract)))


@pytest.mark.parametrize("key", KEYS)
def test_every_row_that_was_learned_from_is_among_them_under_its_part(problems: Problems, key: str) -> None:
    found = seen_in(problems[key])
    assert found.column_names == ["part", "hash_0", "hash_1"]
    for name in SEEN:
        of_part = found.filter(pa.array(np.array(found.column("part").to_pylist()) == name))
        assert sorted(pairs(of_part)) == sorted(hashed(problems[key], name, KEYS[key][1]))
    assert found.num_rows == sum(problems[key].part(name).num_rows for name in SEEN)


@pytest.mark.parametrize("key", KEYS)
def test_no_row_of_the_holdout_is_among_them(problems: Problems, key: str) -> None:
    problem = problems[key]
    holdout = hashed(problem, "holdout", KEYS[key][1])
    assert len(set(holdout)) > 30
    assert not set(holdout) & set(pairs(seen_in(problem)))


@pytest.mark.parametrize("key", KEYS)
def test_the_file_says_what_was_hashed(problems: Problems, key: str) -> None:
    columns = KEYS[key][1]
    said = seen_in(problems[key]).schema.metadata
    assert said == {b"version": b"2", b"of": (columns[0] if len(columns) == 1 else "row").encode()}


def test_each_of_the_rows_with_an_id_has_a_hash_of_its_own(problems: Problems) -> None:
    found = pairs(seen_in(problems["by id"]))
    assert len(set(found)) == len(found)


def test_the_order_of_the_hashes_tells_nothing_of_the_order_of_the_rows(problems: Problems) -> None:
    found = pairs(seen_in(problems["by id"]))
    assert found == sorted(found)


def test_no_id_stands_in_the_file_as_it_is(problems: Problems) -> None:
    problem = problems["by id"]
    parts = {name: problem.part(name) for name in SEEN}
    content = write_seen(seen_table(parts, problem.contract))
    ids = [name.encode() for part in parts.values() for name in part.column("loan").to_pylist()]
    assert not [name for name in ids if name in content]


def test_hashes_of_seen_rows_are_no_other_hashes_of_the_same_rows(problems: Problems) -> None:
    problem = problems["by id"]
    plain = {tuple(pair) for pair in row_hashes(problem.part("fit").select(["loan"])).tolist()}
    assert not plain & set(pairs(seen_in(problem)))


def stored(metadata: dict[str, Any] | None) -> bytes:
    table = pa.table({"part": ["fit"], "hash_0": [1], "hash_1": [2]}).replace_schema_metadata(metadata)
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink)
    return bytes(sink.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (stored({"version": "3", "of": "row"}), "format version '3'; this Tollgate reads 2"),
        (stored(None), "format version ''"),
        (b"", "no Parquet file"),
        (b"no parquet at all", "no Parquet file"),
        (stored({"version": "2"})[:-9], "no Parquet file"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_seen(content)
