"""Dates that are not written as the contract wants them, YYYY-MM-DD."""

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

_TIME = r"([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?([AaPp][Mm]|Z|[+-]\d{2}:?\d{2}))?)"
_MONTH = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WRITTEN: tuple[tuple[str, str], ...] = (
    (rf"^\s*\d{{4}}-\d{{2}}-\d{{2}}{_TIME}\s*$", "with a time"),
    (rf"^\s*\d{{4}}[/.]\d{{1,2}}[/.]\d{{1,2}}{_TIME}?\s*$", "written like YYYY/MM/DD"),
    (
        rf"^\s*\d{{1,2}}[/.-]\d{{1,2}}[/.-](\d{{4}}|\d{{2}}){_TIME}?\s*$",
        "written like DD/MM/YYYY or MM/DD/YYYY",
    ),
    (rf"^\s*(\d{{1,2}}[- ])?{_MONTH}[-. ,]+(\d{{1,2}},? )?\d{{2,4}}\s*$", "with the name of a month"),
    (r"^\s*\d{4}-\d{2}\s*$", "a month without a day"),
)
_COMPACT = r"^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$"
ISO = r"^\s*\d{4}-\d{2}-\d{2}\s*$"
_FORMS = ((ISO, "YYYY-MM-DD"), *_WRITTEN, (_COMPACT, "written like YYYYMMDD"))
ODD = (dt.date(1900, 1, 1), dt.date(9999, 12, 31))


def other_date(texts: pa.Array) -> str:
    """How some different texts are written, where all of them are dates of another form; else empty."""
    if not len(texts):
        return ""
    for pattern, words in _WRITTEN:
        if pc.all(pc.match_substring_regex(texts, pattern)).as_py():
            return words
    if pc.all(pc.match_substring_regex(texts, _COMPACT)).as_py():
        return _FORMS[-1][1]
    return _several(texts)


def is_day(text: str) -> bool:
    """Whether a text is a day, as the contract wants it or written otherwise; 0000-00-00 is none."""
    try:
        dt.date.fromisoformat(text.strip())
    except ValueError:
        return bool(other_date(pa.array([text])))
    return True


def _several(texts: pa.Array) -> str:
    """In which forms dates are written, where there are more than one and all texts are of one of them."""
    told, found = pa.array([False] * len(texts)), []
    for pattern, words in _FORMS:
        matched = pc.match_substring_regex(texts, pattern)
        if pc.any(matched).as_py():
            found.append(words)
            told = pc.or_(told, matched)
    if len(found) < 2 or not pc.all(told).as_py():
        return ""
    return f"in {len(found)} forms ({'; '.join(found)})"


def odd_days(days: pa.Array) -> list[dt.date]:
    """Days that stand for no day, such as 9999-12-31, among some dates."""
    return [day for day in ODD if pc.index(days, pa.scalar(day)).as_py() >= 0]
