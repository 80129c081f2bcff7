import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tollgate.data.steady import steady
from tollgate.errors import DataError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("a\n1\n")
    return tmp_path / "a.csv"


def append(file: Path) -> None:
    with file.open("a") as out:
        out.write("2\n")


def replace(file: Path) -> None:
    """Another file of the same size and time."""
    was = file.stat()
    other = file.with_name("other.csv")
    other.write_text("b\n2\n")
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(file)


def remove(file: Path) -> None:
    file.unlink()


def read(file: Path, change: Callable[[Path], None], found: bool) -> None:
    """Read a file that changes meanwhile, and in which something is found to be wrong, or not."""
    with steady([file]):
        change(file)
        if found:
            raise DataError("half a row")


@pytest.mark.parametrize("change", [append, replace, remove])
@pytest.mark.parametrize("found", [False, True])
def test_a_file_that_changes_is_refused_whatever_was_found_in_it(
    file: Path, change: Callable[[Path], None], found: bool
) -> None:
    with pytest.raises(DataError, match=r"a\.csv: was changed while it was read; run again"):
        read(file, change, found)


def test_what_is_found_in_a_file_that_stays_is_told(file: Path) -> None:
    with pytest.raises(DataError, match="a bad row"), steady([file]):
        raise DataError("a bad row")
    with steady([file]):
        file.read_text()
