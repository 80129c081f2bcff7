"""What validation found in the rows: one finding, and the places in the source that it names."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal

from pydantic import field_validator

from tollgate.section import Section

Level = Literal["error", "warning", "note"]
# docs/validation.md says of each what it means.
RULES = frozenset(
    {
        *("missing", "minimum", "maximum", "category", "positive", "two_values", "split", "events"),
        *("row_twice", "row_in_two_parts", "id_twice", "id_in_two_parts", "group_in_two_parts"),
        *("selection", "missing_allowed", "other", "dropped", "event_rate"),
    }
)


class Place(Section):
    """Where a row lies.

    Attributes:
        row: Its number over all files, from 1 and without headers.
        file: The file, where there are several.
        row_in_file: Its number in that file.
    """

    row: int
    file: str | None = None
    row_in_file: int | None = None

    @property
    def number(self) -> int:
        """The number by which a person finds it."""
        return self.row if self.row_in_file is None else self.row_in_file


class Files:
    """The files of a source, each with the number of its first row."""

    def __init__(self, files: Sequence[tuple[str, int]]) -> None:
        self.names = tuple(name for name, _ in files)
        self._first = [first for _, first in files]

    def place(self, row: int) -> Place:
        """Where the row with a number lies."""
        at = bisect_right(self._first, row) - 1
        if len(self.names) < 2 or at < 0:
            return Place(row=row)
        return Place(row=row, file=self.names[at], row_in_file=row - self._first[at] + 1)


class Noticed(Section):
    """A finding of the validation. No value of a cell stands in any attribute but `values`.

    Attributes:
        level: error (the data cannot be used), warning, or note.
        rule: One of `RULES`.
        column: The column; None where none is to blame.
        said: What was found.
        rows: How many rows it is about; None where it is not about rows.
        first: Where the first few of them lie.
        allowed: What is allowed.
        advice: What to do.
        values: A few of the values, only where they were asked for.
    """

    level: Level
    rule: str
    column: str | None = None
    said: str
    rows: int | None = None
    first: tuple[Place, ...] = ()
    allowed: str = ""
    advice: str = ""
    values: tuple[str, ...] = ()

    @field_validator("rule")
    @classmethod
    def _named(cls, rule: str) -> str:
        if rule not in RULES:
            raise ValueError(f"there is no rule {rule!r}")
        return rule

    @property
    def where(self) -> str:
        """The first rows in words, file by file; empty where no row is named."""
        if not self.first:
            return ""
        files = dict.fromkeys(place.file for place in self.first)
        named = [
            ", ".join(str(place.number) for place in self.first if place.file == file)
            + (f" of {file}" if file else "")
            for file in files
        ]
        return f"{'row' if self.rows == 1 else 'rows'} {' and '.join(named)}"

    def __str__(self) -> str:
        """One line for a message: never a value."""
        column = f"column {self.column}: " if self.column else ""
        where = f" ({self.where})" if self.first else ""
        rest = "; ".join(part for part in (self.allowed, self.advice) if part)
        return f"{column}{self.said}{where}{': ' if rest else ''}{rest}"
