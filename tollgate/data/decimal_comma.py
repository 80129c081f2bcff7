"""Numbers written with a decimal comma, turned into the spelling that the casts read."""

import pyarrow as pa
import pyarrow.compute as pc

from tollgate.contract import Contract

_NUMERIC = r"^[\s\d+\-.,eE]*$"
_GROUPED = r"^\s*[+-]?\d{1,3}(\.\d{3})+(,\d*)?\s*$"


def with_points(rows: pa.Table, contract: Contract) -> pa.Table:
    """The rows with 1.234,5 as 1234.5 in columns of numbers; any other use of a point (1.5) is left unreadable.

    Args:
        rows: Columns of text.
        contract: Which of them are numbers.
    """
    for name in numbers_of(contract):
        rows = rows.set_column(rows.column_names.index(name), name, pointed(rows.column(name)))
    return rows


def numbers_of(contract: Contract) -> list[str]:
    """The columns that a decimal comma may stand in."""
    return [name for name, column in contract.columns.items() if column.type in ("number", "integer")]


def pointed(texts: pa.Array) -> pa.Array:
    """Texts with points and commas in each other's place, those that group thousands left out."""
    grouped = pc.match_substring_regex(texts, _GROUPED)
    plain = pc.if_else(grouped, pc.replace_substring(texts, ".", ""), texts)
    swapped = pc.replace_substring(pc.replace_substring(plain, ".", "\0"), ",", ".")
    swapped = pc.replace_substring(swapped, "\0", ",")
    return pc.if_else(pc.match_substring_regex(texts, _NUMERIC), swapped, texts)
