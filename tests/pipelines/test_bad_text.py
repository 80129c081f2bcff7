"""Text that is no table, or not the one that the workflow describes: named by file, line or row, and column."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pipelines.bad_input import (
    DATA,
    Bad,
    Results,
    attempt,
    attempted,
    check_refused,
    sample,
)
from tests.pipelines.places import FirstRun, Place

pytestmark = pytest.mark.long

COLUMNS = 10_000
FORMAT = 'format: {delimiter: ",", header: true, encoding: utf-8, nulls: [""]}'
Change = Callable[[list[str]], list[str]]


def table(lines: list[str]) -> list[list[str]]:
    return [line.split(",") for line in lines]


def with_value(row: int, column: str, value: str) -> Change:
    """Another value in a column of a row, from 1."""

    def change(lines: list[str]) -> list[str]:
        rows = table(lines)
        rows[row][rows[0].index(column)] = value
        return [",".join(values) for values in rows]

    return change


def with_column(name: str, value: str) -> Change:
    return lambda lines: [f"{line},{value if place else name}" for place, line in enumerate(lines)]


def with_name(old: str, new: str) -> Change:
    return lambda lines: [",".join(new if name == old else name for name in lines[0].split(",")), *lines[1:]]


def same(lines: list[str]) -> list[str]:
    return lines


def wide(lines: list[str]) -> list[str]:
    names = ",".join(f"x{place}" for place in range(COLUMNS))
    return [f"{lines[0]},{names}", *(line + ",1" * COLUMNS for line in lines[1:20])]


def bad(change: Change, *says: str, encoding: str = "utf-8", form: tuple[str, str] | None = None) -> Bad:
    """A book that was changed, written in some encoding, and read as another format says."""

    def make(folder: Path) -> None:
        (folder / DATA).write_bytes(("\n".join(change(LINES)) + "\n").encode(encoding))

    return Bad(make, says, changes={FORMAT: FORMAT.replace(*form)} if form else {})


FILE = r"ingest: \S*/data\.csv"
LINES: list[str] = []  # filled before the cases are made
CASES: dict[str, Bad] = {
    "delimiter": bad(
        same, f"{FILE}: lacks the columns loan_id, issued", "Is data.format right", form=('","', '";"')
    ),
    "separator": bad(
        lambda lines: [line.replace(",", ";") for line in lines],
        f"{FILE}: lacks the columns loan_id",
        "its first line is one value",
        "delimiter",
    ),
    "headless": bad(
        lambda lines: lines[1:],
        f"{FILE}: lacks the columns loan_id",
        "of the 19 values in its first line none is a name of a column: it looks as if there is no header",
    ),
    "utf16": bad(
        same, f"{FILE}: the file begins with the byte order mark of utf-16", "set it", encoding="utf-16"
    ),
    "utf16le": bad(same, f"{FILE}, line 1: holds a NUL byte", "such as utf-16", encoding="utf-16-le"),
    "latin": bad(
        with_value(12, "region", "Évora"),
        f"{FILE}: row 12, column region: the text is not written in utf-8; set data.format.encoding, such as latin-1",
        encoding="latin-1",
    ),
    "ascii": bad(
        with_value(12, "region", "Évora"),
        f"{FILE}, line 13: the text is not written in ascii; set data.format.encoding",
        form=("utf-8", "ascii"),
    ),
    "nul": bad(with_value(3, "region", "a\0b"), f"{FILE}, line 4: holds a NUL byte; the file is damaged"),
    # in a column that the contract does not name: the reader takes all that follows for one value, and says nothing
    "open": bad(
        lambda lines: with_value(9, "clerk", '"Ann')(with_column("clerk", "Bob")(lines)),
        f"{FILE}, line 10: a quoted value that opens in this line holds more than 100 line breaks",
        r"close each quote before the next delimiter \(,\)",
    ),
    "open_late": bad(
        lambda lines: with_value(1982, "clerk", '"Ann')(with_column("clerk", "Bob")(lines)),
        f"{FILE}, line 1983: the quote that opens a value in this line is never closed",
    ),
    "text_after": bad(
        lambda lines: with_value(9, "clerk", '"Ann" or Bob')(with_column("clerk", '"Bob"')(lines)),
        f"{FILE}, line 10: a quoted value is followed by text",
        "double a quote within",
    ),
    "breaks": bad(
        with_value(7, "region", '"' + "\n" * 150 + '"'),
        f"{FILE}, line 8: a quoted value that opens in this line holds more than 100 line breaks",
        "raise data.limits.quoted_lines",
    ),
    "long": bad(
        with_value(5, "region", "x" * 1_200_000),
        f"{FILE}, line 6: the line is longer than 1,024 KiB",
        "line ends",
    ),
    "twice": bad(with_name("region", "age"), f"{FILE}: the header names a column twice: age; rename one"),
    "blank": bad(
        with_column(" ", "1"), f"{FILE}: the header has no name for column 20: name it, or delete it"
    ),
    "wide": bad(
        wide, f"{FILE}: has 10,019 columns, more than 5,000", "delimiter", "raise data.limits.columns"
    ),
    "short_row": bad(
        lambda lines: [*lines[:30], lines[30].rpartition(",")[0], *lines[31:]],
        f"{FILE}: row 30 has 18 values instead of 19",
        "data.format right",
    ),
}


@pytest.fixture(scope="module")
def results(first_run: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    LINES[:] = sample(first_run.place)
    folder = tmp_path_factory.mktemp("text")
    with attempted(first_run.place, folder, CASES) as results:
        yield results


@pytest.mark.parametrize("name", CASES)
def test_text_that_is_no_table_ends_the_run_and_nothing_else(
    first_run: FirstRun, results: Results, name: str
) -> None:
    check_refused(first_run.place, CASES[name], results[name].result())


def test_marks_mixed_line_ends_and_quoted_line_breaks_are_read(first_run: FirstRun, served: Place) -> None:
    """300 rows are read, and only then are they too few to be parted."""
    lines = with_value(4, "region", '"two\r\nlines, ""quoted"""')(sample(served)[:301])
    text = "".join(line + ("\r\n" if place % 3 else "\n") for place, line in enumerate(lines))
    good = Bad(lambda folder: (folder / DATA).write_bytes(text.encode("utf-8-sig")), ())
    tried = attempt(served.folder, "good", good)
    assert "✓ ingest" in tried.ended.err
    assert " read 300," in tried.ended.err


def test_latin_1_is_read_when_the_workflow_says_so(served: Place) -> None:
    lines = with_value(12, "region", "Évora")(sample(served)[:301])
    changes = {FORMAT: FORMAT.replace("utf-8", "latin-1")}
    good = Bad(
        lambda folder: (folder / DATA).write_bytes("\n".join(lines).encode("latin-1")), (), changes=changes
    )
    assert " read 300," in attempt(served.folder, "good", good).ended.err
