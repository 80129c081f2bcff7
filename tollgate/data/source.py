"""The source of raw rows: which files it is made of, and their rows as batches of plain columns."""

import glob
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from tollgate.contract import Contract
from tollgate.data.decimal_comma import with_points
from tollgate.data.section import Format
from tollgate.data.unreadable import unreadable_named
from tollgate.errors import DataError

CSV = (".csv", ".csv.gz", ".data", ".txt", ".tsv")
PARQUET = (".parquet", ".pq")
BLOCK = 4 * 1024 * 1024
Batch = tuple[Path, int, pa.Table]


def source_files(source: str) -> list[Path]:
    """The files of a source, sorted by name.

    Args:
        source: A file, a folder or a glob.

    Raises:
        DataError: There is no such file, or no file of a known kind.
    """
    path = Path(source)
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if _kind(file) and file.is_file())
        elif path.is_file():
            files = [path]
        else:
            files = sorted(Path(name) for name in glob.glob(source, recursive=True) if Path(name).is_file())
    except OSError as error:
        raise DataError(f"{source}: cannot be read ({error.strerror})") from error
    if not files:
        kinds = ", ".join(CSV + PARQUET)
        raise DataError(
            f"{source}: no such file, or a folder without data; known are files ending in {kinds}"
        )
    for file in files:
        if not _kind(file):
            raise DataError(f"{file}: neither CSV nor Parquet by its ending ({', '.join(CSV + PARQUET)})")
    return files


def read_source(files: list[Path], form: Format, contract: Contract) -> Iterator[Batch]:
    """The rows of some files in batches, the columns of the contract only, in its order.

    Columns of CSV come as text, those of Parquet in their own types.

    Yields:
        The file, the number of the batch's first row in it (from 1, without the header), and the rows.

    Raises:
        DataError: A file cannot be read, or lacks columns.
    """
    for file in files:
        row = 1
        with unreadable_named(file, form):
            _check_columns(file, _names(file, form, contract), contract)
            for batch in _parquet(file, contract) if _kind(file) == "parquet" else _csv(file, form, contract):
                yield file, row, batch
                row += batch.num_rows


def dropped_columns(files: list[Path], form: Format, contract: Contract) -> list[str]:
    """The columns of some files that the contract does not name, in the order found; they are not read.

    Raises:
        DataError: A file cannot be read.
    """
    names: dict[str, None] = {}
    for file in files:
        with unreadable_named(file, form):
            names |= dict.fromkeys(_names(file, form, contract))
    return [name for name in names if name not in contract.columns]


def _kind(file: Path) -> str | None:
    name = file.name.lower()
    if name.endswith(CSV):
        return "csv"
    return "parquet" if name.endswith(PARQUET) else None


def _names(file: Path, form: Format, contract: Contract) -> list[str]:
    """The columns that a file has; without a header, the contract's."""
    if _kind(file) == "parquet":
        return list(pyarrow.parquet.read_schema(file).names)
    if not form.header:
        return list(contract.columns)
    with _open_csv(file, form, []) as reader:
        return list(reader.schema.names)


def _csv(file: Path, form: Format, contract: Contract) -> Iterator[pa.Table]:
    with _open_csv(file, form, list(contract.columns)) as reader:
        for batch in reader:
            rows = pa.Table.from_batches([batch])
            yield with_points(rows, contract) if form.decimal == "," else rows


def _open_csv(file: Path, form: Format, columns: list[str]) -> pyarrow.csv.CSVStreamingReader:
    """A reader of some columns, all as text; of all columns where none is named."""
    if file.stat().st_size == 0:
        raise DataError(f"{file}: the file is empty")
    # Only without threads does the reader say in which row it failed; it is no slower.
    read = pyarrow.csv.ReadOptions(block_size=BLOCK, encoding=form.encoding, use_threads=False)
    if not form.header:
        read.column_names = columns
    convert = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()),
        include_columns=columns,
        null_values=list(form.nulls),
        strings_can_be_null=True,
    )
    parse = pyarrow.csv.ParseOptions(delimiter=form.delimiter, newlines_in_values=True)
    return pyarrow.csv.open_csv(file, read_options=read, parse_options=parse, convert_options=convert)


def _parquet(file: Path, contract: Contract) -> Iterator[pa.Table]:
    with pyarrow.parquet.ParquetFile(file) as reader:
        for batch in reader.iter_batches(columns=list(contract.columns)):
            yield pa.Table.from_batches([batch]).select(list(contract.columns))


def _check_columns(file: Path, names: list[str], contract: Contract) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"{file}: the header names a column twice: {', '.join(twice)}")
    lacking = [name for name in contract.columns if name not in names]
    if lacking:
        found = ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")
        raise DataError(
            f"{file}: lacks the columns {', '.join(lacking)}; it has {found}. "
            "Is data.format right (delimiter, header), and are the names under data.columns?"
        )
