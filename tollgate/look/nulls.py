"""Texts that stand for a missing value."""

import re
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

NULL_WORD = r"^\s*((?i:\?|na|n/a|#n/a|nan|null|<na>)|None)?\s*$"
COUNTRY = r"^[A-Z]{2}$"
COUNTRIES = 15


def is_null_word(text: str) -> bool:
    """Whether a text means that there is no value; `none` and `unknown` may be categories, and are not meant."""
    return re.match(NULL_WORD, text) is not None


def null_texts(columns: Iterable[pa.Array]) -> tuple[str, ...]:
    """The texts, as they are written, that stand for a missing value in some columns of text; "" is always one."""
    found, kept = {""}, set()
    for column in columns:
        texts = pc.unique(column).drop_null()
        found.update(texts.filter(pc.match_substring_regex(texts, NULL_WORD)).to_pylist())
        countries = pc.match_substring_regex(texts, COUNTRY)
        if len(texts) >= COUNTRIES and pc.sum(countries).as_py() >= len(texts) - 1:
            kept.add("NA")  # Namibia
    return tuple(sorted(found - kept))


def without_nulls(column: pa.ChunkedArray, nulls: tuple[str, ...]) -> pa.ChunkedArray:
    """Null where one of the texts stands."""
    mask = pc.is_in(column, pa.array(nulls, pa.string()))
    return pc.if_else(mask, pa.scalar(None, pa.string()), column)
