"""The names of a file's columns: refused where `tollgate run` would refuse them too, or nobody could write them."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tollgate.contract.contract import MOST_COLUMNS
from tollgate.errors import DataError

LONGEST_NAME = 200
NAMED = 10


def check_names(file: Path, names: list[str]) -> None:
    """Check the names of a file's columns.

    Raises:
        DataError: They are too many, or one stands there twice, is blank, or is too long.
    """
    if len(names) > MOST_COLUMNS:
        raise DataError(f"{file}: has {len(names)} columns; at most {MOST_COLUMNS} are supported")
    blank = [place for place, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise DataError(
            f"{file}: the header has no name for column {_some(blank)}: name it, or delete it "
            "(pandas writes such a column unless one says to_csv(index=False))"
        )
    long = [place for place, name in enumerate(names, 1) if len(name) > LONGEST_NAME]
    if long:
        raise DataError(
            f"{file}: the name of column {_some(long)} is longer than {LONGEST_NAME} characters: give it a shorter one"
        )
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise DataError(f"{file}: the header names a column twice: {_some(map(repr, twice))}")


def _some(items: Iterable[object]) -> str:
    named = [str(item) for item in items]
    return ", ".join(named[:NAMED]) + (" ..." if len(named) > NAMED else "")
