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
    widths = {candidate: width_of(records(text, candidate)) for candidate in (*RARE, ",")}
    rare = max(RARE, key=lambda candidate: widths[candidate])
    if widths[rare] > 1 and widths[rare] * 2 >= widths[","]:  # commas may be decimal, or stand in texts
        return rare
    if widths[","] > 1:
        return ","
    spaced, lines = records(text, " "), text[:HEAD].splitlines()[:MOST_RECORDS]
    width, runs = width_of(spaced), width_of([line.split() for line in lines if line.strip()])
    if width > 1 and not (1 < runs < width and "" in spaced[0][:-1]):
        return " "
    if runs > 1:
        raise DataError(
            f"{file}: the values stand apart by runs of spaces, and one space is needed: "
            "sed 's/^ *//; s/ *$//' FILE | tr -s ' ' > NEW.txt"
        )
    raise DataError(
        f"{file}: no delimiter found: neither comma, semicolon, tab, bar nor space parts the lines into the same "
        "number of values, two at least"
    )


def check_first(file: str, found: list[list[str]]) -> None:
    """Refuse a file whose first lines are no rows.

    Raises:
        DataError: The first record has another number of values than nearly all.
    """
    width = width_of(found)
    before = next((place for place, record in enumerate(found) if len(record) == width), 0)
    if before:
        lines = "line has" if before == 1 else f"{before} lines have"
        raise DataError(
            f"{file}: the first {lines} another number of values than the rows, which have {width}: take a preface "
            "off, so that the file begins with the names of the columns"
        )


def width_of(found: list[list[str]]) -> int:
    """How many values nearly all records have; 0 where they differ."""
    if not found:
        return 0
    width, count = Counter(len(record) for record in found).most_common(1)[0]
    return width if count >= ENOUGH * len(found) else 0
