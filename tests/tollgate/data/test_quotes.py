import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollgate.data.quotes import Quotes, breaks
from tollgate.errors import DataError

FILE = Path("a.csv")
VALUES = st.text(st.sampled_from('a,;" \n\r'), max_size=6)


def follow(text: bytes, size: int, most: int = 100) -> None:
    """Follow a text in chunks of a size."""
    quotes, line = Quotes(FILE, ",", most), 1
    for place in range(0, len(text), size):
        chunk = text[place : place + size]
        quotes.feed(chunk, line)
        line += chunk.count(b"\n")
    quotes.end(line)


def refusal(text: bytes, size: int = 1 << 20, most: int = 100) -> str:
    with pytest.raises(DataError) as refused:
        follow(text, size, most)
    return str(refused.value)


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=8), st.integers(1, 9), st.booleans())
def test_whatever_a_writer_writes_is_in_order(rows: list[list[str]], size: int, every: bool) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL).writerows(rows)
    follow(out.getvalue().encode(), size)


@given(st.text(st.sampled_from('a,"\n'), max_size=30).map(str.encode), st.integers(1, 7))
def test_how_a_text_is_cut_up_does_not_matter(text: bytes, size: int) -> None:
    def said(size: int) -> str:
        try:
            follow(text, size)
        except DataError as error:
            return str(error)
        return ""

    assert said(size) == said(len(text) + 1)


@given(st.text(st.sampled_from('a,"\n'), max_size=30).map(str.encode))
def test_what_is_in_order_is_read_by_pyarrow_as_by_python(text: bytes) -> None:
    """No row is swallowed: both see the same values."""
    try:
        follow(text, 1 << 20)
    except DataError:
        return
    rows = [row for row in csv.reader(io.StringIO(text.decode(), newline="")) if row]
    width = len(rows[0]) if rows else 0
    if not rows or any(len(row) != width for row in rows):
        return
    names = [str(place) for place in range(width)]
    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
    )
    read = pyarrow.csv.read_csv(
        pa.BufferReader(text),
        pyarrow.csv.ReadOptions(column_names=names),
        pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=width > 1),
        options,
    )
    found = [list(row.values()) for row in read.to_pylist()]
    assert [row for row in found if row != [""]] == [row for row in rows if row != [""]]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'a,b\n1,"2\n3,4\n', "a.csv, line 2: the quote that opens a value in this line is never closed"),
        (b'a,b\n1,"', "a.csv, line 2: the quote that opens"),
        (b'a,b\n"x""', "a.csv, line 2: the quote that opens"),
        (b'a,b\n1,"2"x\n', "a.csv, line 2: a quoted value is followed by text"),
        (b'a,b\n"1,2\n"3",4\n', "a.csv, line 3: a quoted value is followed by text"),
        (b'a,b\n5" pipe,"2"x\n', "a.csv, line 2: a quoted value is followed by text"),
    ],
)
def test_a_quote_out_of_order_is_told_with_its_line(text: bytes, says: str, size: int) -> None:
    assert refusal(text, size).startswith(says)


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    "text", [b'a\n5" pipe\n', b'a,b\n"",""\n', b'"a"\n""""\n', b'a\nx""y\n', b'"a"', b""]
)
def test_quotes_in_order_pass(text: bytes, size: int) -> None:
    follow(text, size)


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_line_breaks_within_a_value_are_counted_over_chunks(size: int) -> None:
    text = b'x\n"1\n2\n3",\n"1\n2"\n'
    follow(text, size, most=2)
    said = refusal(text, size, most=1)
    assert said.startswith(
        "a.csv, line 2: a quoted value that opens in this line holds more than 1 line breaks"
    )
    assert "data.limits.quoted_lines" in said


@pytest.mark.parametrize(
    ("text", "lines"), [(b"a\nb\n", 2), (b"a\r\nb\r\n", 2), (b"a\rb", 1), (b"a\r\nb\nc\rd", 3), (b"", 0)]
)
def test_lines_end_in_three_ways(text: bytes, lines: int) -> None:
    assert breaks(text) == lines
