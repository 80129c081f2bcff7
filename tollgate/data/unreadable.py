"""Why a file cannot be read, in words for a person and without the row that a library may quote."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from tollgate.data.section import Format
from tollgate.errors import DataError

_WIDTH = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")


@contextlib.contextmanager
def unreadable_named(file: Path, form: Format) -> Iterator[None]:
    """Turn the errors of reading a file into DataError."""
    try:
        yield
    except UnicodeError as error:
        raise misencoded(str(file), form) from error
    except pa.ArrowException as error:
        raise DataError(f"{file}: {_words(str(error), form)}") from error
    except OSError as error:
        # Arrow puts the path once more into strerror; without a number the content is at fault
        why = os.strerror(error.errno) if error.errno else "truncated or damaged"
        raise DataError(f"{file}: cannot be read ({why})") from error


def misencoded(where: str, form: Format) -> DataError:
    """The error that says that text is in another encoding."""
    return DataError(f"{where}: {_encoding(form)}")


def _words(text: str, form: Format) -> str:
    width = _WIDTH.search(text)
    if width:
        row, expected, found = (int(number) for number in width.groups())
        return (
            f"row {row - form.header} has {found} values instead of {expected}; "
            "is data.format right (delimiter, header)?"
        )
    if "UTF8" in text:
        return _encoding(form)
    if "Empty CSV file" in text:
        return "the file is empty"
    if "Parquet" in text:
        return "no Parquet file, or a damaged one"
    if "straddling" in text:
        return "a row is longer than 2 MiB; is a quote not closed, or is data.format right?"
    return "cannot be read; is it damaged, or is data.format wrong?"


def _encoding(form: Format) -> str:
    return f"the text is not written in {form.encoding}; set data.format.encoding, such as latin-1"
