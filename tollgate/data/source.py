"""The source of raw rows: which files it is made of, and their rows as batches of plain columns."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from tollgate.contract import Contract
from tollgate.data.decimal_comma import numbers_of, with_points
from tollgate.data.header import check_header
from tollgate.data.limits import LIMITS, Limits, Meter
from tollgate.data.misencoded import first_misencoded
from tollgate.data.parquet import parquet_rows
from tollgate.data.parse import native_types
from tollgate.data.section import Format
from tollgate.data.text_check import CheckedText
from tollgate.data.unreadable import misencoded, unreadable_named
from tollgate.errors import DataError

CSV = (".csv", ".csv.gz", ".data", ".txt", ".tsv")
PARQUET = (".parquet", ".pq")
BLOCK = 2 * 1024 * 1024
Batch = tuple[Path, int, pa.Table]


def source_files(source: str) -> list[Path]:
    """The files of a source, sorted by name.

    Args:
        source: A file, a folder or a glob.

    Raises:
        DataError: There is no such file, or no file of a known kind.
    """
    try:
        files = sorted(_files(Path(source)))
    except OSError as error:
        raise DataError(f"{source}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise DataError(f"{source}: is no path, nor a pattern of paths ({error})") from error
    if not files:
        kinds = ", ".join(CSV + PARQUET)
        raise DataError(
            f"{source}: no such file, or a folder without data; known are files ending in {kinds}"
        )
    for file in files:
        if not _kind(file):
            raise DataError(f"{file}: neither CSV nor Parquet by its ending ({', '.join(CSV + PARQUET)})")
    return files


def _files(path: Path) -> Iterator[Path]:
    """The files at a place; a pattern follows no links to folders, which may lead round in a circle."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        path.stat()  # says of a link to itself, or a folder that one may not enter, what is wrong
        if path.is_dir():
            files = (file for file in path.iterdir() if _kind(file) and file.is_file())
            yield from (file for file in files if not file.name.startswith("."))
        elif path.is_file():
            yield path
        else:
            raise DataError(f"{path}: is neither a file nor a folder, but a pipe, a socket or a device")
        return
    pattern = path.absolute()
    for file in Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))):
        hidden = any(part.startswith(".") and part not in pattern.parts for part in file.parent.parts)
        unnamed = file.name.startswith(".") and not pattern.name.startswith(".")
        if file.is_file() and not hidden and not unnamed:
            yield file


def read_source(
    files: list[Path], form: Format, contract: Contract, limits: Limits = LIMITS
) -> Iterator[Batch]:
    """The rows of some files in batches, the columns of the contract only, in its order.

    Columns of CSV come as text, those of Parquet in their own types.

    Yields:
        The file, the number of the batch's first row in it (from 1, without the header), and the rows.

    Raises:
        DataError: A file cannot be read, lacks columns, or holds more than the limits allow.
    """
    meter = Meter(limits)
    for file in files:
        row = 1
        with unreadable_named(file, form):
            text = _kind(file) == "csv"
            check_header(file, _names(file, form, contract, limits), contract, limits, of_text=text)
            read = _csv(file, form, contract, meter) if text else parquet_rows(file, contract, meter)
            for batch in read:
                meter.rows(file, batch.num_rows)
                yield file, row, batch
                row += batch.num_rows


def dropped_columns(
    files: list[Path], form: Format, contract: Contract, limits: Limits = LIMITS
) -> list[str]:
    """The columns of some files that the contract does not name, in the order found; they are not read.

    Raises:
        DataError: A file cannot be read.
    """
    names: dict[str, None] = {}
    for file in files:
        with unreadable_named(file, form):
            names |= dict.fromkeys(_names(file, form, contract, limits))
    return [name for name in names if name not in contract.columns]


def _kind(file: Path) -> str | None:
    name = file.name.lower()
    if name.endswith(CSV):
        return "csv"
    return "parquet" if name.endswith(PARQUET) else None


def _names(file: Path, form: Format, contract: Contract, limits: Limits) -> list[str]:
    """The columns that a file has; without a header, the contract's."""
    if _kind(file) == "parquet":
        return list(pyarrow.parquet.read_schema(file).names)
    if not form.header:
        return list(contract.columns)
    with _open_csv(file, form, {}, Meter(limits), threads=False) as reader:
        return list(reader.schema.names)


def _csv(file: Path, form: Format, contract: Contract, meter: Meter) -> Iterator[pa.Table]:
    """The rows with their values read as the contract's types; from a block where that fails on, as text.

    What is no value of its type is thus told with its row, and what is read in another way than by Arrow's own parser
    (space around a value, a whole number with a point) is read as everywhere else.
    """
    read = 0
    try:
        with _open_csv(file, form, _types(form, contract), meter, threads=True) as reader:
            for batch in reader:
                yield _rows(batch, form, contract)
                read += batch.num_rows
            return
    except pa.ArrowInvalid:
        pass
    try:
        for batch in _as(pa.string(), file, form, contract, meter):
            if batch.num_rows > read:
                yield _rows(batch.slice(read), form, contract)
            read = max(0, read - batch.num_rows)
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            _name_misencoded(file, form, contract, meter)
        raise


def _types(form: Format, contract: Contract) -> dict[str, pa.DataType]:
    """The types to read values in; numbers with a decimal comma are read as text first."""
    types = native_types(contract)
    if form.decimal == ",":
        types |= {name: pa.string() for name in numbers_of(contract)}
    return types


def _rows(batch: pa.RecordBatch, form: Format, contract: Contract) -> pa.Table:
    rows = pa.Table.from_batches([batch])
    return with_points(rows, contract) if form.decimal == "," else rows


def _as(
    kind: pa.DataType, file: Path, form: Format, contract: Contract, meter: Meter
) -> Iterator[pa.RecordBatch]:
    """The rows with all values as text or bytes; only without threads does the reader say in which row it failed."""
    with _open_csv(file, form, dict.fromkeys(contract.columns, kind), meter, threads=False) as reader:
        yield from reader


def _name_misencoded(file: Path, form: Format, contract: Contract, meter: Meter) -> None:
    """Say in which row and column text stands that is not in the file's encoding."""
    row = 1
    for batch in _as(pa.binary(), file, form, contract, meter):
        found = first_misencoded(batch)
        if found:
            raise misencoded(f"{file}: row {row + found[0]}, column {found[1]}", form)
        row += batch.num_rows


@contextlib.contextmanager
def _open_csv(
    file: Path, form: Format, types: dict[str, pa.DataType], meter: Meter, threads: bool
) -> Iterator[pyarrow.csv.CSVStreamingReader]:
    """A reader of some columns as these types; of all columns where none is named."""
    if file.stat().st_size == 0:
        raise DataError(f"{file}: the file is empty")
    read = pyarrow.csv.ReadOptions(block_size=BLOCK, use_threads=threads)
    if not form.header:
        read.column_names = list(types)
    convert = pyarrow.csv.ConvertOptions(
        column_types=types,
        include_columns=list(types),
        null_values=list(form.nulls),
        strings_can_be_null=True,
    )
    parse = pyarrow.csv.ParseOptions(delimiter=form.delimiter, newlines_in_values=True)
    with (
        contextlib.closing(CheckedText(file, form, meter)) as text,
        pyarrow.csv.open_csv(text, read_options=read, parse_options=parse, convert_options=convert) as reader,
    ):
        yield reader
