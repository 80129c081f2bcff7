"""The names of a file's columns: each one once, none blank, not too many, and all of the contract's."""

from collections import Counter
from pathlib import Path

from tollgate.contract import Contract
from tollgate.data.limits import Limits
from tollgate.errors import DataError

NAMED = 20


def check_header(file: Path, names: list[str], contract: Contract, limits: Limits) -> None:
    """Check the names of a file's columns.

    Raises:
        DataError: They are not right; the message says which and what to do.
    """
    if len(names) > limits.columns:
        raise DataError(
            f"{file}: has {len(names):,} columns, more than {limits.columns:,}; is data.format.delimiter right? "
            "If it is, raise data.limits.columns"
        )
    twice = sorted(name for name, count in Counter(names).items() if count > 1 and name.strip())
    if twice:
        raise DataError(
            f"{file}: the header names a column twice: {_some(twice)}; rename one of the two, or delete it"
        )
    blank = [str(place) for place, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise DataError(f"{file}: the header has no name for column {_some(blank)}: name it, or delete it")
    lacking = [name for name in contract.columns if name not in set(names)]
    if lacking:
        raise DataError(
            f"{file}: lacks the columns {_some(lacking)}; it has {_some(names)}. "
            "Is data.format right (delimiter, header), and are the names under data.columns?"
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (" ..." if len(names) > NAMED else "")
