"""The names of a file's columns: each one once, none blank, not too many, and all of the contract's."""

from collections import Counter
from pathlib import Path

from tollgate.contract import Contract
from tollgate.data.limits import Limits
from tollgate.errors import DataError

NAMED = 20


def check_header(file: Path, names: list[str], contract: Contract, limits: Limits, of_text: bool) -> None:
    """Check the names of a file's columns.

    Args:
        file: The file.
        names: Its columns.
        contract: Which columns it should have.
        limits: How many it may have.
        of_text: Whether the names are the first line of a text, which may be a person's row: they are only told
            where at least half of them, or half of the contract's, are columns of the contract.

    Raises:
        DataError: They are not right; the message says which and what to do.
    """
    if len(names) > limits.columns:
        raise DataError(
            f"{file}: has {len(names):,} columns, more than {limits.columns:,}; is data.format.delimiter right? "
            "If it is, raise data.limits.columns"
        )
    lacking = [name for name in contract.columns if name not in set(names)]
    known = len(contract.columns) - len(lacking)
    told = not of_text or 2 * known >= min(len(names), len(contract.columns))
    if not told:
        raise DataError(f"{file}: lacks the columns {_some(lacking)}; {_untold(len(names), known)}")
    twice = sorted(name for name, count in Counter(names).items() if count > 1 and name.strip())
    if twice:
        raise DataError(
            f"{file}: the header names a column twice: {_some(twice)}; rename one of the two, or delete it"
        )
    blank = [str(place) for place, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise DataError(f"{file}: the header has no name for column {_some(blank)}: name it, or delete it")
    if lacking:
        raise DataError(
            f"{file}: lacks the columns {_some(lacking)}; it has {_some(names)}. "
            "Is data.format right (delimiter, header), and are the names under data.columns?"
        )


def _untold(values: int, known: int) -> str:
    """What may be said of a first line that may be no header."""
    if values == 1:
        return (
            "its first line is one value and no name of a column. Is data.format right (delimiter, header), or is "
            "there text above the header?"
        )
    return (
        f"of the {values} values in its first line {known or 'none'} {'is a name' if known < 2 else 'are names'} of a "
        "column: it looks as if there is no header. Put one at the top, or set `data.format.header: false`; if there "
        "is one: Is data.format right (delimiter), and are the names under data.columns?"
    )


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (" ..." if len(names) > NAMED else "")
