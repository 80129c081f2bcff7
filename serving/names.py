"""How many names of columns a request may have, and what is said of many that the contract does not have."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from serving.refusal import RefusalError, broken_contract
from tollgate.contract import Problem
from tollgate.contract.contract import MOST_COLUMNS
from tollgate.contract.problems import LONGEST_VALUE, shown

MOST_NAMES = MOST_COLUMNS + 500  # so that some which the contract does not have are still told by name


def refuse_crowd(found: int, what: str, most: int = MOST_NAMES) -> None:
    """Refuse more of something than any request needs, before each of them costs time.

    Raises:
        RefusalError: 400: there are more.
    """
    if found > most:
        raise RefusalError(400, f"{found} {what}; at most {most} are taken at once here")


def refuse_unknown(columns: Mapping[str, Sequence[Any]], known: Collection[str]) -> None:
    """Refuse columns that the contract does not have as columns, where they have very many cells.

    Args:
        columns: The values by column, all of one length, at least one.
        known: The names that there are.

    Raises:
        RefusalError: 400: there are such columns; each is told once, as of the first row.
    """
    others = [name for name in columns if name not in known]
    if others and len(others) * len(columns[others[0]]) > MOST_NAMES:
        message = "the contract has no such column for a request"
        raise broken_contract(
            [
                Problem(0, name[:LONGEST_VALUE], "unknown_column", shown(columns[name][0]), message)
                for name in others
            ]
        )
