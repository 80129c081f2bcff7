"""Whether the quotes of a CSV text are balanced, chunk by chunk: a reader would swallow rows without a word.

A quote opens a value only where the value begins, as pyarrow reads it; anywhere else in a value without quotes it is a
character as any other.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tollgate.errors import DataError

QUOTE = ord('"')
Places = NDArray[np.intp]
NONE: Places = np.empty(0, dtype=np.intp)


class Quotes:
    """Follows quoted values over the chunks of a text.

    Args:
        file: The file, for messages.
        delimiter: The character between two values.
        most_lines: How many line breaks a quoted value may hold.
    """

    def __init__(self, file: Path, delimiter: str, most_lines: int) -> None:
        self._file = file
        self._delimiter = delimiter
        self._most = most_lines
        ends = f'{delimiter}\r\n"'.encode()
        self._ends = ends[:-1]
        self._bounds = np.zeros(256, dtype=bool)
        self._bounds[list(ends)] = True
        self._held = b""  # quotes at the end of a chunk: what follows decides what they mean
        self._last = b"\n"
        self._inside = False
        self._opened = 0  # the line in which the value opened that we are inside of
        self._breaks = 0  # the line breaks in it so far

    def feed(self, chunk: bytes, line: int) -> None:
        """Follow the next chunk.

        Args:
            chunk: The chunk, in an encoding that extends ASCII.
            line: The line in which it begins.

        Raises:
            DataError: A quoted value is followed by text, or runs over too many lines.
        """
        chunk = self._held + chunk
        whole = chunk.rstrip(b'"')
        self._held = chunk[len(whole) :]
        if not whole:
            return
        places = np.flatnonzero(np.frombuffer(whole, np.uint8) == QUOTE) if b'"' in whole else NONE
        if len(places) or self._inside:
            self._follow(whole, places, line)
        self._last = whole[-1:]

    def end(self, line: int) -> None:
        """Take the end of the text.

        Raises:
            DataError: It comes within a quoted value.
        """
        self.feed(b"\n", line)
        if self._inside:
            raise self._refusal(self._opened, "the quote that opens a value in this line is never closed")

    def _follow(self, chunk: bytes, places: Places, line: int) -> None:
        values = self._regular(chunk, places)
        if values is None:
            values = self._walk(chunk, line)
        starts, ends = values
        self._count(chunk, starts, ends, line)

    def _regular(self, chunk: bytes, places: Places) -> tuple[Places, Places] | None:
        """Where quoted values open and end, if every second quote opens one and every other ends it; else None."""
        codes = np.frombuffer(chunk, np.uint8)
        before = codes[places - 1]
        if len(places) and places[0] == 0:
            before[0] = self._last[0]
        after = codes[places + 1]
        opens, closes = slice(int(self._inside), None, 2), slice(1 - int(self._inside), None, 2)
        if not (self._bounds[before[opens]].all() and self._bounds[after[closes]].all()):
            return None
        return places[opens][before[opens] != QUOTE], places[closes][after[closes] != QUOTE]

    def _walk(self, chunk: bytes, line: int) -> tuple[Places, Places]:
        """Where quoted values open and end, one after another."""
        starts, ends, place, inside = [], [], 0, self._inside
        while True:
            if inside:
                place = self._closing(chunk, place, line)
                if place < 0:
                    break
                ends.append(place)
                place += 1
            opening = self._next_opening(chunk, place)
            if opening < 0:
                break
            starts.append(opening)
            place, inside = opening + 1, True
        return np.array(starts, dtype=np.intp), np.array(ends, dtype=np.intp)

    def _next_opening(self, chunk: bytes, place: int) -> int:
        """Where the next quote stands that opens a value; -1 where there is none."""
        while (place := chunk.find(b'"', place)) >= 0:
            if (chunk[place - 1] if place else self._last[0]) in self._ends:
                return place
            place += 1
        return -1

    def _closing(self, chunk: bytes, place: int, line: int) -> int:
        """Where the value ends that we are inside of; -1 where that is in a later chunk."""
        while (place := chunk.find(b'"', place)) >= 0:
            follows = chunk[place + 1]
            if follows in self._ends:
                return place
            if follows != QUOTE:
                where = line + breaks(chunk[:place])
                raise self._refusal(where, "a quoted value is followed by text")
            place += 2
        return -1

    def _count(self, chunk: bytes, starts: Places, ends: Places, line: int) -> None:
        """Refuse values with too many line breaks; remember where the last one opened if it goes on."""
        if self._inside:
            starts = np.concatenate([[0], starts])
        goes_on = len(starts) > len(ends)
        if goes_on:
            ends = np.append(ends, len(chunk))
        for place in np.flatnonzero(ends - starts > self._most - (self._breaks if self._inside else 0)):
            continued = self._inside and place == 0
            found = breaks(chunk[starts[place] : ends[place]]) + (self._breaks if continued else 0)
            if found > self._most:
                where = self._opened if continued else line + breaks(chunk[: starts[place]])
                words = f"a quoted value that opens in this line holds more than {self._most} line breaks"
                raise self._refusal(where, words, "; if that is right, raise data.limits.quoted_lines")
        if goes_on:
            continued = self._inside and len(starts) == 1
            self._opened = self._opened if continued else line + breaks(chunk[: starts[-1]])
            self._breaks = (self._breaks if continued else 0) + breaks(chunk[starts[-1] :])
        self._inside = goes_on

    def _refusal(self, line: int, words: str, more: str = "") -> DataError:
        return DataError(
            f"{self._file}, line {line}: {words}; close each quote before the next delimiter ({self._delimiter}), and "
            f"double a quote within a quoted value{more}"
        )


def breaks(chunk: bytes) -> int:
    """How many lines end in a chunk: with a line feed, a carriage return or both."""
    feeds, returns = chunk.count(b"\n"), chunk.count(b"\r")
    return feeds + returns - chunk.count(b"\r\n") if returns else feeds
