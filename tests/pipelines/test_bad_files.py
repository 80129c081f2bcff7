"""Files that cannot be read: each is named with what to do, and what is published stays."""

import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.pipelines.bad_input import (
    DATA,
    Bad,
    Results,
    attempt,
    attempted,
    check_clean,
    check_refused,
    sample,
)
from tests.pipelines.places import FirstRun, Place

pytestmark = pytest.mark.long

POWERLESS = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)


@pytest.fixture(scope="module")
def lines(book: Place) -> list[str]:
    return sample(book)


def text(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def parquet(folder: Path, name: str, lines: list[str], without: tuple[str, ...] = ()) -> Path:
    table = pyarrow.csv.read_csv(pa.BufferReader(text(lines)))
    pyarrow.parquet.write_table(table.drop_columns(list(without)), folder / name)
    return folder / name


def cases(lines: list[str]) -> dict[str, Bad]:
    def nothing(_: Path) -> None:
        pass

    def write(content: bytes, name: str = DATA) -> "Bad":
        return Bad(lambda folder: (folder / name).write_bytes(content), (), name)

    def cut(folder: Path) -> None:
        file = parquet(folder, "a.parquet", lines)
        os.truncate(file, file.stat().st_size // 2)

    def unlike(folder: Path) -> None:
        parquet(folder, "a.parquet", lines)
        parquet(folder, "b.parquet", lines, ("income", "default"))

    def other_types(folder: Path) -> None:
        parquet(folder, "a.parquet", lines)
        table = pyarrow.parquet.read_table(folder / "a.parquet")
        place = table.schema.get_field_index("income")
        table = table.set_column(place, "income", pa.array([[1.0]] * table.num_rows))
        pyarrow.parquet.write_table(table, folder / "b.parquet")

    def circle(folder: Path) -> None:
        (folder / DATA).symlink_to(folder / "other.csv")
        (folder / "other.csv").symlink_to(folder / DATA)

    def says(bad: Bad, *words: str) -> Bad:
        return Bad(bad.make, words, bad.source)

    file = r"ingest: \S*/data\.csv"
    packed = gzip.compress(text(lines))
    return {
        "absent": Bad(
            nothing, (file, "no such file, or a folder without data", r"known are files ending in \.csv")
        ),
        "hollow": Bad(nothing, ("hollow", "a folder without data", "known are files ending in"), ""),
        "empty": says(write(b""), f"{file}: the file is empty"),
        "header": says(write(text(lines[:1])), f"{file}: there is a header but no row"),
        "header_open": says(write(text(lines[:1]).rstrip()), f"{file}: there is a header but no row"),
        "misnamed": says(write(packed), rf"{file}: the file is gzip by its content; name it \.csv\.gz"),
        "packed": says(
            write(packed[: len(packed) // 2], "data.csv.gz"),
            r"data\.csv\.gz: cannot be read \(truncated or damaged\)",
        ),
        "half": Bad(cut, (r"a\.parquet: no Parquet file, or a damaged one",), ""),
        "unlike": Bad(unlike, (r"b\.parquet: lacks the columns income, default", "it has loan_id"), ""),
        "types": Bad(other_types, (r"b\.parquet: column income: holds list<", "one plain value"), ""),
        "circle": Bad(circle, (f"{file}: cannot be read", "Too many levels of symbolic links")),
        "pipe": Bad(
            lambda folder: os.mkfifo(folder / DATA), (f"{file}: is neither a file nor a folder", "pipe")
        ),
    }


NAMES = list(cases([""]))


@pytest.fixture(scope="module")
def results(
    first_run: FirstRun, lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Results]:
    folder = tmp_path_factory.mktemp("files")
    with attempted(first_run.place, folder, cases(lines)) as results:
        yield results


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_cannot_be_read_ends_the_run_and_nothing_else(
    first_run: FirstRun, results: Results, lines: list[str], name: str
) -> None:
    check_refused(first_run.place, cases(lines)[name], results[name].result())


@pytest.mark.skipif(
    os.getuid() != 0 or not shutil.which("setpriv"), reason="only root can give its rights up"
)
def test_a_file_that_one_may_not_read_is_named(first_run: FirstRun, served: Place, lines: list[str]) -> None:
    def forbidden(folder: Path) -> None:
        (folder / DATA).write_bytes(text(lines))
        (folder / DATA).chmod(0)

    bad = Bad(forbidden, (r"data\.csv: cannot be read \(Permission denied\)",))
    refused = attempt(served.folder, "forbidden", bad, before=POWERLESS)
    check_refused(first_run.place, bad, refused)
    check_clean(served.storage.root)


def test_a_file_that_changes_while_it_is_read_is_refused(
    first_run: FirstRun, served: Place, lines: list[str]
) -> None:
    """Somebody goes on writing to it all the time."""
    bad = Bad(
        lambda folder: (folder / DATA).write_bytes(text(lines * 20)),
        (r"data\.csv: was changed while it was read; run again when nobody writes to it",),
    )
    written = served.folder / "cases" / "changing" / DATA
    script = 'while :; do [ -e "$0" ] && tail -n 1 "$0" >> "$0"; sleep 0.01; done'
    with subprocess.Popen(["sh", "-c", script, written]) as writer:
        try:
            refused = attempt(served.folder, "changing", bad)
        finally:
            writer.kill()
    check_refused(first_run.place, bad, refused)
    check_clean(served.storage.root)
