"""The bytes of text files, up to a bound: whole small files, the beginning of large ones."""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from tollgate.errors import DataError

MOST_BYTES = 16 * 1024 * 1024
MOST_FILES = 32


@dataclass(frozen=True)
class Piece:
    """The beginning of a file, unpacked.

    Attributes:
        file: The file.
        content: Its first bytes.
        whole: Whether that is all of it.
    """

    file: Path
    content: bytes
    whole: bool


def read_pieces(files: list[Path]) -> list[Piece]:
    """At most 16 MiB of text over all files, unpacked, and of at most 32 of them.

    Raises:
        DataError: A file cannot be read.
    """
    chosen = spread(files)
    return [_piece(file, MOST_BYTES // len(chosen)) for file in chosen]


def spread(files: list[Path]) -> list[Path]:
    """At most 32 of some files, evenly over their order, the first and the last among them."""
    if len(files) <= MOST_FILES:
        return files
    step = (len(files) - 1) / (MOST_FILES - 1)
    return [files[round(place * step)] for place in range(MOST_FILES)]


def _piece(file: Path, most: int) -> Piece:
    try:
        with gzip.open(file) if file.name.lower().endswith(".gz") else file.open("rb") as opened:
            content = opened.read(most + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise DataError(f"{file}: cannot be unpacked; it is no gzip file, or truncated or damaged") from None
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror or 'damaged'})") from None
    if not content:
        raise DataError(f"{file}: the file is empty")
    return Piece(file, content[:most], len(content) <= most)
