"""A sample of a source: the rows of its files, or of their beginnings, and how their text is written."""

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from tollgate.contract.contract import RESERVED
from tollgate.data.section import Format
from tollgate.data.source import PARQUET, source_files
from tollgate.errors import DataError
from tollgate.look.finding import Finding
from tollgate.look.parquet import read_parquet
from tollgate.look.text import read_text

MOST_NAMED = 10


@dataclass(frozen=True)
class Sample:
    """Some rows of a source.

    Attributes:
        rows: The rows: columns of text from CSV, of their own types from Parquet; only columns that can be used.
        form: How the text is written; None for Parquet.
        whole: Whether these are all rows.
        findings: What was noticed while reading.
    """

    rows: pa.Table
    form: Format | None
    whole: bool
    findings: list[Finding] = field(default_factory=list)


def take_sample(source: str, target: str, names: tuple[str, ...] | None) -> Sample:
    """Read a bounded part of a source: 16 MiB of text, or 200,000 rows of Parquet.

    Args:
        source: A file, folder or glob, as `data.source` may be.
        target: The column that is to be predicted.
        names: The columns of text files without a header, where they are given.

    Raises:
        DataError: There is nothing that can be read.
        ConfigError: The names do not fit the files.
    """
    files = source_files(source)
    parquet = [file for file in files if file.name.lower().endswith(PARQUET)]
    if parquet and len(parquet) < len(files):
        raise DataError(
            f"{source}: holds CSV and Parquet; name the files of one kind by a pattern, such as '*.csv'"
        )
    form, tables, whole, findings = read_parquet(files, names) if parquet else read_text(files, target, names)
    rows = _joined(tables, files, form, findings)
    if not rows.num_rows:
        raise DataError(f"{source}: there is a header but no row" if form else f"{source}: there is no row")
    return Sample(rows, form, whole, findings)


def _joined(
    tables: list[pa.Table], files: list[Path], form: Format | None, findings: list[Finding]
) -> pa.Table:
    """All rows, with the columns that every file has and the contract can name."""
    usable, sets = [], [set(table.column_names) for table in tables]
    for name in dict.fromkeys(name for table in tables for name in table.column_names):
        reason = _unusable(name, tables, sum(name not in names for names in sets))
        if reason and not (form is None or form.header):
            raise DataError(f"{files[0]}: the column {name!r} {reason}; name it otherwise in --names")
        if reason:
            findings.append(Finding("left out", name, f"{reason}, so it is left out"))
        else:
            usable.append(name)
    try:
        return pa.concat_tables(
            [table.select(usable) for table in tables], promote_options="permissive"
        ).combine_chunks()
    except pa.ArrowException:
        raise DataError(f"{files[0]}: its columns have other types than those of the other files") from None


def _unusable(name: str, tables: list[pa.Table], lacking: int) -> str:
    if name.startswith(RESERVED):
        return f"begins with {RESERVED}, which is reserved"
    if lacking:
        return f"is lacking in {lacking} of {len(tables)} files"
    kinds = {str(table.schema.field(name).type) for table in tables if _nested(table.schema.field(name).type)}
    return f"is of the type {', '.join(sorted(kinds))}" if kinds else ""


def _nested(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    plain = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_boolean,
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return kind != pa.string_view() and not any(check(kind) for check in plain)
