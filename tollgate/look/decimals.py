"""Whether numbers are written with a decimal comma."""

import pyarrow as pa
import pyarrow.compute as pc

from tollgate.data.decimal_comma import pointed

WITH_COMMA = r"^\s*[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\s*$"
THOUSANDS = r"^\s*[+-]?\d{1,3}(,\d{3})+(\.\d+)?\s*$"
WITH_POINT = r"^\s*[+-]?\d*\.\d+\s*$"
GROUPED = r"^\s*[+-]?\d{1,3}(\.\d{3})+\s*$"


def comma_columns(rows: pa.Table, delimiter: str) -> list[str]:
    """The columns of text whose numbers have a decimal comma."""
    return [name for name in rows.column_names if _has_comma(pc.unique(rows.column(name)), delimiter)]


def point_columns(rows: pa.Table) -> list[str]:
    """The columns of text whose numbers have a decimal point, which can be no mark of thousands."""
    found = []
    for name in rows.column_names:
        texts = pc.unique(rows.column(name)).drop_null()
        point = pc.match_substring_regex(texts, WITH_POINT)
        if (
            pc.sum(point).as_py()
            and not pc.all(pc.match_substring_regex(texts.filter(point), GROUPED)).as_py()
        ):
            found.append(name)
    return found


def read_with_commas(rows: pa.Table) -> pa.Table:
    """The columns that are numbers when read with a decimal comma, written with a point; the others as they are."""
    for place, name in enumerate(rows.column_names):
        texts = pc.unique(rows.column(name)).drop_null()
        if len(texts) and pc.all(pc.match_substring_regex(texts, WITH_COMMA)).as_py():
            rows = rows.set_column(place, name, pointed(rows.column(name)))
    return rows


def _has_comma(texts: pa.Array, delimiter: str) -> bool:
    texts = texts.drop_null()
    commas = texts.filter(pc.match_substring(texts, ","))
    if not len(commas) or not pc.all(pc.match_substring_regex(texts, WITH_COMMA)).as_py():
        return False
    thousands = delimiter == "," and pc.all(pc.match_substring_regex(commas, THOUSANDS)).as_py()
    return not thousands
