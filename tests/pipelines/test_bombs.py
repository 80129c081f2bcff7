"""Small files that unpack to large ones are refused by the limits, and in little memory."""

import gzip
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.pipelines.bad_input import Bad, Refused, attempt, check_clean, check_refused, sample
from tests.pipelines.places import FirstRun
from tests.pipelines.test_bad_workflow import MEASURED, MEGABYTE

pytestmark = pytest.mark.long

MOST_MEMORY = 700 * MEGABYTE
UNPACKED = 2_000 * MEGABYTE
LABEL = "label: {known_at: outcome_known}"
Results = Mapping[str, Future[tuple[Refused, int]]]
LINES: list[str] = []  # filled before the cases are made


def limited(**limits: int) -> dict[str, str]:
    written = ", ".join(f"{key}: {value}" for key, value in limits.items())
    return {LABEL: f"limits: {{{written}}}\n  {LABEL}"}


def packed(line: Callable[[], str]) -> Callable[[Path], None]:
    """A gzip file of a header and one line, which is repeated."""

    def make(folder: Path) -> None:
        chunk = gzip.compress((line() * (MEGABYTE // len(line()))).encode())
        with (folder / "a.csv.gz").open("wb") as file:
            file.write(gzip.compress((LINES[0] + "\n").encode()))
            for _ in range(UNPACKED // MEGABYTE):
                file.write(chunk)  # members that follow one another unpack as one file
        assert (folder / "a.csv.gz").stat().st_size < 20 * MEGABYTE

    return make


def one_text(folder: Path) -> None:
    """A hundred thousand rows that all name one text of a megabyte."""
    rows = 100_000
    columns = {name: pa.array([value] * rows) for name, value in zip(*table(), strict=True)}
    columns["region"] = pa.DictionaryArray.from_arrays(np.zeros(rows, dtype=np.int32), ["x" * MEGABYTE])
    pyarrow.parquet.write_table(pa.table(columns), folder / "a.parquet")
    assert (folder / "a.parquet").stat().st_size < 2 * MEGABYTE


def one_large_text(folder: Path) -> None:
    """Texts as polars writes them: of a type whose values are read out one by one, unless one asks otherwise."""
    rows = 20_000
    columns = {name: pa.array([value] * rows) for name, value in zip(*table(), strict=True)}
    texts = pa.array(["x" * 100_000] * 200, pa.large_string())
    columns["region"] = pa.chunked_array([texts] * (rows // 200))
    pyarrow.parquet.write_table(pa.table(columns), folder / "a.parquet")
    assert (folder / "a.parquet").stat().st_size < 2 * MEGABYTE


def many_rows(folder: Path) -> None:
    """Three million equal rows in a file of a few kilobytes."""
    rows = 3_000_000
    columns = {
        name: pa.DictionaryArray.from_arrays(np.zeros(rows, dtype=np.int32), [value])
        for name, value in zip(*table(), strict=True)
    }
    pyarrow.parquet.write_table(pa.table(columns), folder / "a.parquet", row_group_size=100_000)


def table() -> tuple[list[str], list[str]]:
    return LINES[0].split(","), LINES[1].split(",")


CASES = {
    "gzip": Bad(
        packed(lambda: f"{LINES[1]}\n"),
        (r"a\.csv\.gz: the data is larger than 300 MiB when unpacked", r"raise data\.limits\.megabytes"),
        "a.csv.gz",
        limited(megabytes=300),
    ),
    "gzip_line": Bad(
        packed(lambda: "0"), (r"a\.csv\.gz, line 2: the line is longer than 1,024 KiB",), "a.csv.gz"
    ),
    "gzip_rows": Bad(
        packed(lambda: f"{LINES[1]}\n"),
        (r"a\.csv\.gz: the data has more than 100,000 rows", r"raise data\.limits\.rows"),
        "a.csv.gz",
        limited(rows=100_000),
    ),
    "parquet_text": Bad(
        one_text, (r"a\.parquet: column region: [\d,]+ rows of text come to more than 256 MiB",), "a.parquet"
    ),
    "parquet_large_text": Bad(
        one_large_text,
        (r"a\.parquet: column region: 20,000 rows of text come to more than 256 MiB",),
        "a.parquet",
    ),
    "parquet_rows": Bad(
        many_rows,
        (r"a\.parquet: the data has more than 1,000,000 rows",),
        "a.parquet",
        limited(rows=1_000_000),
    ),
}


@pytest.fixture(scope="module")
def results(first_run: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    """How each case ended, and the peak of memory of the largest process that it took."""
    LINES[:] = sample(first_run.place)
    place = first_run.place.copy(tmp_path_factory.mktemp("bombs") / "place")

    def tried(name: str) -> tuple[Refused, int]:
        peak = place.folder / f"{name}.peak"
        measured = ("env", f"PEAK={peak}", sys.executable, "-c", MEASURED)
        return attempt(place.folder, name, CASES[name], before=measured), int(peak.read_text())

    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(tried, name) for name in CASES}
    check_clean(place.storage.root)


@pytest.mark.parametrize("name", CASES)
def test_a_bomb_is_refused_by_a_limit_in_little_memory(
    first_run: FirstRun, results: Results, name: str
) -> None:
    refused, peak = results[name].result()
    check_refused(first_run.place, CASES[name], refused)
    assert 50 * MEGABYTE < peak < MOST_MEMORY, f"{peak / MEGABYTE:.0f} MiB"
