"""Which character stands between the values of a text file."""

import csv
import io
from collections import Counter

from tollgate.errors import DataError

HEAD = 256 * 1024
MOST_RECORDS = 500
ENOUGH = 0.9
RARE = ("\t", ";", "|")


def records(text: str, delimiter: str) -> list[list[str]]:
    """The first few hundred records of a text, empty lines left out; none where it cannot be read so."""
    head, found = text[:HEAD], []
    try:
        for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            if record:
                found.append(record)
            if len(found) > MOST_RECORDS:
                break
    except csv.Error:
        return []
    cut = len(found) > MOST_RECORDS or len(head) < len(text)
    return found[:-1] if cut and len(found) > 1 else found


def delimiter_of(text: str, file: str) -> str:
    """The delimiter: comma, semicolon, tab, bar or one space.

    Raises:
        DataError: No character parts the lines into the same number of values.
    """
    widths = {candidate: _width(records(text, candidate)) for candidate in (*RARE, ",")}
    rare = max(RARE, key=lambda candidate: widths[candidate])
    if widths[rare] > 1 and widths[rare] * 2 >= widths[","]:  # commas may be decimal, or stand in texts
        return rare
    if widths[","] > 1:
        return ","
    if _width(records(text, " ")) > 1:
        return " "
    lines = [line.split() for line in text[:HEAD].splitlines()[:MOST_RECORDS] if line.strip()]
    if _width(lines) > 1:
        raise DataError(
            f"{file}: the values stand apart by runs of spaces, and one space is needed: "
            "sed 's/^ *//; s/ *$//' FILE | tr -s ' ' > NEW.txt"
        )
    raise DataError(
        f"{file}: no delimiter found: neither comma, semicolon, tab, bar nor space parts the lines into the same "
        "number of values, two at least"
    )


def _width(found: list[list[str]]) -> int:
    """How many values nearly all records have; 0 where they differ."""
    if not found:
        return 0
    width, count = Counter(len(record) for record in found).most_common(1)[0]
    return width if count >= ENOUGH * len(found) else 0
