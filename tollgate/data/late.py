"""Features that say by a date column when they were known: rows in which that is after the decision."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from tollgate.contract import Contract

WORDS = ("before", "after", "unconfirmed")  # what `known` may be besides the name of a date column


def late_rows(table: pa.Table, contract: Contract) -> dict[str, dict[str, int]]:
    """By feature whose `known` names a date column, how many rows knew it too late, and how many cannot say.

    A value of the day of the decision is in time. A row without a value of the feature has nothing to be known.

    Args:
        table: Rows with the contract's columns.
        contract: The contract.

    Returns:
        By feature `rows` with a value, `late` ones, and `undated` ones: without the date, or without a decision day.
    """
    time, found = contract.only("time"), {}
    for name in contract.features:
        known = contract.columns[name].known
        if known not in WORDS:
            there = pc.is_valid(table.column(name))
            when = table.column(known)
            decided = table.column(time) if time else pa.chunked_array([pa.nulls(len(when), when.type)])
            late = pc.and_(there, pc.fill_null(pc.greater(when, decided), False))
            dated = pc.and_(pc.is_valid(when), pc.is_valid(decided))
            found[name] = {
                "rows": _count(there),
                "late": _count(late),
                "undated": _count(pc.and_not(there, dated)),
            }
    return found


def late_sums(tables: Iterable[pa.Table], contract: Contract) -> dict[str, dict[str, int]]:
    """The sums of `late_rows` over several tables."""
    counts = [late_rows(table, contract) for table in tables]
    return {
        name: {key: sum(one[name][key] for one in counts) for key in found}
        for name, found in counts[0].items()
    }


def _count(mask: pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)
