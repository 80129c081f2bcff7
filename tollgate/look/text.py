"""The rows of text files as columns of text, read as ingest will read them."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from tollgate.contract.contract import MOST_COLUMNS
from tollgate.data.section import Format
from tollgate.data.source import BLOCK
from tollgate.data.unreadable import unreadable_named
from tollgate.errors import ConfigError, DataError
from tollgate.look.delimiter import check_first, delimiter_of, records
from tollgate.look.encoding import encoding_of, text_of
from tollgate.look.finding import Finding
from tollgate.look.header import has_header
from tollgate.look.names import check_names
from tollgate.look.nulls import null_texts, without_nulls
from tollgate.look.pieces import Piece, read_pieces

NOT_UTF_8 = "the text is not UTF-8: read as {encoding}; are letters with accents right in the values below?"
Names = tuple[str, ...] | None


def read_text(
    files: list[Path], target: str, names: Names
) -> tuple[Format, list[pa.Table], bool, list[Finding]]:
    """The rows of some text files, and how they are written.

    Raises:
        DataError: A file cannot be read.
        ConfigError: The names do not fit the files.
    """
    pieces = read_pieces(files)
    encoding = encoding_of(pieces)
    texts = [_whole_lines(piece, text_of(piece, encoding)) for piece in pieces]
    first = files[0]
    delimiter = delimiter_of(texts[0], str(first))
    for piece, text in zip(pieces, texts, strict=True):
        check_first(str(piece.file), records(text, delimiter))
    found = records(texts[0], delimiter)
    header = has_header(found, target)
    check_names(first, found[0] if header else [f"column_{place}" for place in range(1, len(found[0]) + 1)])
    findings = []
    if encoding != "utf-8":
        findings.append(Finding("encoding", None, NOT_UTF_8.format(encoding=encoding)))
    if names and header:
        raise ConfigError(f"--names: the first line of {first} names its columns already; leave --names out")
    if names and len(names) != len(found[0]):
        raise ConfigError(f"--names gives {len(names)} names, and {first} has {len(found[0])} columns")
    if not header and not names:
        names = tuple(f"column_{place}" for place in range(1, len(found[0]) + 1))
        findings.append(
            Finding("no header", None, f"the columns are named column_1 to {names[-1]}; --names gives others")
        )
    form = Format(delimiter=delimiter, header=header, encoding=encoding)
    tables = [_table(piece.file, text, form, names) for piece, text in zip(pieces, texts, strict=True)]
    nulls = null_texts(column for table in tables for column in table.columns)
    tables = [_without(table, nulls) for table in tables]
    whole = len(pieces) == len(files) and all(piece.whole for piece in pieces)
    return form.model_copy(update={"nulls": nulls}), tables, whole, findings


def _whole_lines(piece: Piece, text: str) -> str:
    """The text without a last record that was cut: up to a line end that stands outside of quotes."""
    if not text.strip():
        raise DataError(f"{piece.file}: the file is empty")
    if piece.whole:
        return text
    quotes, end = text.count('"'), len(text)
    while end > 0:
        last = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end))
        quotes -= text.count('"', max(last, 0), end)
        if last > 0 and quotes % 2 == 0:
            return text[: last + 1]
        end = last
    raise DataError(f"{piece.file}: has no line end where one should be; is a quote not closed?")


def _table(file: Path, text: str, form: Format, names: Names) -> pa.Table:
    """The rows as text, under the names of the header where there is one; read at once, and by no thread."""
    read = pyarrow.csv.ReadOptions(block_size=BLOCK, use_threads=False, autogenerate_column_names=True)
    uneven: list[pyarrow.csv.InvalidRow] = []

    def first_kept(row: pyarrow.csv.InvalidRow) -> str:
        uneven[:] = uneven or [row]
        return "skip"

    parse = pyarrow.csv.ParseOptions(
        delimiter=form.delimiter,
        newlines_in_values=True,
        invalid_row_handler=first_kept,
    )
    convert = pyarrow.csv.ConvertOptions(
        column_types={f"f{place}": pa.string() for place in range(MOST_COLUMNS + 1)},
        strings_can_be_null=False,
        null_values=[],
    )
    content = pa.BufferReader(text.encode())
    with unreadable_named(file, form):
        rows = pyarrow.csv.read_csv(content, read_options=read, parse_options=parse, convert_options=convert)
    if uneven:
        row, expected, found = uneven[0].number, uneven[0].expected_columns, uneven[0].actual_columns
        raise DataError(
            f"{file}: row {row - form.header} has {found} values instead of {expected}: mend it; is there a quote or "
            "a delimiter too many, or is the line no row?"
        )
    header = list(names) if names else [column[0].as_py() for column in rows.columns]
    if len(header) != rows.num_columns:
        raise DataError(f"{file}: has {rows.num_columns} columns instead of {len(header)}")
    check_names(file, header)
    return rows.rename_columns(header).slice(int(form.header))


def _without(table: pa.Table, nulls: tuple[str, ...]) -> pa.Table:
    columns = [without_nulls(column, nulls) for column in table.columns]
    return pa.table(columns, names=table.column_names)
