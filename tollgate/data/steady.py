"""Files that stay as they are while they are read."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tollgate.errors import DataError

Identity = tuple[int, int, int, int]


@contextlib.contextmanager
def steady(files: list[Path]) -> Iterator[None]:
    """Refuse files that were written to, or replaced, before this ends.

    Raises:
        DataError: One was; whatever else was found in it is of no use.
    """
    before = [_identity(file) for file in files]
    try:
        yield
    except DataError as error:
        _refuse_changed(files, before, error)
        raise
    _refuse_changed(files, before, None)


def _refuse_changed(files: list[Path], before: list[Identity | None], cause: DataError | None) -> None:
    for file, was in zip(files, before, strict=True):
        if _identity(file) != was:
            raise DataError(
                f"{file}: was changed while it was read; run again when nobody writes to it, or write to another "
                "name and rename the file when it is whole"
            ) from cause


def _identity(file: Path) -> Identity | None:
    """What changes with the content, or None where there is no file that one may look at."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
