"""Data that `tollgate init` refuses as `tollgate run` would: one message, little memory, and nothing written."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.pipelines.command import Ended, tollgate

pytestmark = pytest.mark.long

MEGABYTE = 1024 * 1024
MOST_MEMORY = 700 * MEGABYTE
MEASURE = """
import pathlib, resource, subprocess, sys
ended = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
pathlib.Path(sys.argv[1]).write_text(str(peak))
sys.exit(ended)
"""
ROWS = 300


def refused(folder: Path, *words: str, status: int = 1) -> str:
    """What init says of data that it refuses."""
    ended = tollgate(folder, "init", *words)
    assert (ended.status, ended.out) == (status, ""), ended.err
    assert (ended.err[:10], ended.err.count("\n")) == ("tollgate: ", 1)
    assert not (folder / "workflow.yaml").exists()
    return ended.err


def rows_of(header: str, *, start: str = "", end: str = "") -> str:
    lines = [f"{start}{row * 37 % 101}.5,{'AB'[row % 2]},{row % 3 // 2}{end}\n" for row in range(ROWS)]
    return header + "\n" + "".join(lines)


@pytest.mark.parametrize("names", [["x", "x", "bad"], ["x", "bad", "bad"]])
def test_a_name_that_stands_twice_in_parquet_is_refused(tmp_path: Path, names: list[str]) -> None:
    columns = [pa.array([row / 7 for row in range(ROWS)]), pa.array([row % 2 for row in range(ROWS)])]
    pyarrow.parquet.write_table(
        pa.Table.from_arrays([columns[0], *columns], names=names), tmp_path / "a.parquet"
    )
    told = refused(tmp_path, "a.parquet", "--target", "bad")
    assert f"a.parquet: the header names a column twice: '{names[1]}'" in told


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (rows_of(",amount,kind,bad", start="1,"), "1"),
        (rows_of("amount,kind,bad,", end=","), "4"),
        (rows_of("amount, ,bad"), "2"),
    ],
)
def test_a_column_without_a_name_is_refused_by_its_place(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "rows.csv").write_text(text)
    told = refused(tmp_path, "rows.csv", "--target", "bad")
    assert f"rows.csv: the header has no name for column {place}: name it, or delete it" in told
    assert "to_csv(index=False)" in told


def test_a_name_too_long_to_be_written_is_refused_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(rows_of(f"amount,{'k' * 3000},bad"))
    told = refused(tmp_path, "rows.csv", "--target", "bad")
    assert "rows.csv: the name of column 2 is longer than 200 characters" in told


def test_far_too_many_columns_are_counted_before_they_are_looked_at(tmp_path: Path) -> None:
    table = pa.table({f"x{place}": [1.5, 2.5] for place in range(2_001)})
    pyarrow.parquet.write_table(table, tmp_path / "wide.parquet")
    assert "has 2001 columns; at most 2000" in refused(tmp_path, "wide.parquet", "--target", "x1")


def test_a_line_that_is_not_utf_8_as_the_others_are_is_named(tmp_path: Path) -> None:
    lines = rows_of("amount,kind,bad").replace("A", "São Paulo").encode().split(b"\n")
    lines[9] = lines[9].replace(b",B,", b",caf\xe9,").replace("ã".encode(), b"\xe3")
    (tmp_path / "rows.csv").write_bytes(b"\n".join(lines))
    told = refused(tmp_path, "rows.csv", "--target", "bad")
    assert "rows.csv: line 10 is not UTF-8, which nearly all of the text is: mend this line" in told


def test_files_in_two_encodings_are_refused(tmp_path: Path) -> None:
    text = rows_of("amount,kind,bad").replace("A", "São Paulo")
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "a.csv").write_text(text, "utf-8")
    (tmp_path / "rows" / "b.csv").write_text(text, "latin-1")
    told = refused(tmp_path, "rows", "--target", "bad")
    assert "rows/a.csv: is written in UTF-8, and rows/b.csv is not" in told


@pytest.mark.parametrize("positive", [(), ("--positive", "Zoe Roe")])
def test_a_target_that_names_people_is_counted_and_not_told(
    tmp_path: Path, positive: tuple[str, ...]
) -> None:
    people = ["Ann Lee", *["John Doe"] * (ROWS - 1)]
    rows = "".join(f"{row * 37 % 101}.5,{row % 3},{name}\n" for row, name in enumerate(people))
    (tmp_path / "rows.csv").write_text("amount,kind,name\n" + rows)
    told = refused(tmp_path, "rows.csv", "--target", "name", *positive, status=2)
    assert "column name has 2 values, some of them in one row alone" in told
    assert "Ann" not in told
    (tmp_path / "rows.csv").write_text("amount,kind,name\n" + rows + "1,2,Ida Poe\n")
    told = refused(tmp_path, "rows.csv", "--target", "name", *positive)
    assert "must have two values, but has 3 values, some of them" in told
    assert "John" not in told


def test_a_target_of_lists_is_refused_by_its_type(tmp_path: Path) -> None:
    table = pa.table({"x": [row / 7 for row in range(ROWS)], "bad": [[row % 2] for row in range(ROWS)]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    told = refused(tmp_path, "a.parquet", "--target", "bad")
    assert "column bad: is of the type list<" in told


def one_text(rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 1_000_000]))


@pytest.mark.parametrize(
    ("texts", "told_so"),
    [
        (one_text(1_500), True),
        (one_text(1_500), False),
        (pa.array(["x" * 1_000_000] * 300, pa.large_string()), True),
    ],
    ids=["dictionary", "string", "large_string"],
)
def test_a_bomb_of_parquet_is_refused_in_little_memory(
    tmp_path: Path, texts: pa.Array, told_so: bool
) -> None:
    """A megabyte of text that each row names: as the type that the file tells, or as Parquet has it."""
    table = pa.table({"s": texts, "bad": pa.array([row % 2 for row in range(len(texts))])})
    pyarrow.parquet.write_table(table, tmp_path / "bomb.parquet", store_schema=told_so)
    assert (tmp_path / "bomb.parquet").stat().st_size < MEGABYTE
    ended, peak = measured(tmp_path, "init", "bomb.parquet", "--target", "bad")
    assert ended.status == 1, ended.err
    assert f"column s: {len(texts):,} rows of text come to more than 256 MiB" in ended.err
    assert peak < MOST_MEMORY


def measured(folder: Path, *words: str) -> tuple[Ended, int]:
    """How a command ended, and the peak of its memory."""
    command = Path(sys.executable).with_name("tollgate")
    peak = folder / "peak"
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, peak, command, *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr), int(peak.read_text())
