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
    for place, name in enumerate(rows.column_names):
        if contract.columns[name].type in ("number", "integer"):
            rows = rows.set_column(place, name, pointed(rows.column(name)))
    return rows


def pointed(texts: pa.Array) -> pa.Array:
    """Texts with points and commas in each other's place, those that group thousands left out."""
    grouped = pc.match_substring_regex(texts, _GROUPED)
    plain = pc.if_else(grouped, pc.replace_substring(texts, ".", ""), texts)
    swapped = pc.replace_substring(pc.replace_substring(plain, ".", "\0"), ",", ".")
    swapped = pc.replace_substring(swapped, "\0", ",")
    return pc.if_else(pc.match_substring_regex(texts, _NUMERIC), swapped, texts)
