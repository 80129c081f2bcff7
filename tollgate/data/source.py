"""The source of raw rows: which files it is made of, and their rows as batches of plain columns."""

import glob
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from tollgate.contract import Contract
from tollgate.data.section import Format
from tollgate.errors import DataError

CSV = (".csv", ".csv.gz", ".data", ".txt", ".tsv")
PARQUET = (".parquet", ".pq")
BLOCK = 4 * 1024 * 1024
Batch = tuple[Path, pa.Table]


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

    Raises:
        DataError: A file cannot be read, or lacks columns.
    """
    for file in files:
        try:
            batches = _parquet(file, contract) if _kind(file) == "parquet" else _csv(file, form, contract)
            for batch in batches:
                yield file, batch
        except pa.ArrowInvalid as error:
            raise DataError(f"{file}: {_first_line(error)}") from error
        except (OSError, UnicodeError) as error:
            raise DataError(f"{file}: cannot be read ({_first_line(error)})") from error


def dropped_columns(file: Path, form: Format, contract: Contract) -> list[str]:
    """The columns of a file that the contract does not name; they are not read."""
    if _kind(file) == "csv":
        if not form.header:
            return []
        with _open_csv(file, form, None) as reader:
            names = reader.schema.names
    else:
        names = pyarrow.parquet.read_schema(file).names
    return [name for name in names if name not in contract.columns]


def _kind(file: Path) -> str | None:
    name = file.name.lower()
    if name.endswith(CSV):
        return "csv"
    return "parquet" if name.endswith(PARQUET) else None


def _csv(file: Path, form: Format, contract: Contract) -> Iterator[pa.Table]:
    with _open_csv(file, form, contract if not form.header else None) as reader:
        names = reader.schema.names
    _check_columns(file, names, contract)
    with _open_csv(file, form, contract) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _open_csv(file: Path, form: Format, contract: Contract | None) -> pyarrow.csv.CSVStreamingReader:
    """With a contract only its columns are read, all as text; without one the header decides."""
    columns = list(contract.columns) if contract else []
    read = pyarrow.csv.ReadOptions(block_size=BLOCK, encoding=form.encoding)
    if not form.header:
        read.column_names = columns
    convert = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()),
        include_columns=columns,
        null_values=list(form.nulls),
        strings_can_be_null=True,
    )
    parse = pyarrow.csv.ParseOptions(delimiter=form.delimiter, newlines_in_values=True)
    if file.stat().st_size == 0:
        raise DataError(f"{file}: the file is empty")
    return pyarrow.csv.open_csv(file, read_options=read, parse_options=parse, convert_options=convert)


def _parquet(file: Path, contract: Contract) -> Iterator[pa.Table]:
    with pyarrow.parquet.ParquetFile(file) as reader:
        _check_columns(file, reader.schema_arrow.names, contract)
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


def _first_line(error: Exception) -> str:
    """What a library says, without the row that it may quote: rows are people's."""
    return str(error).splitlines()[0].split(": ", 3)[0][:200] if str(error) else type(error).__name__
