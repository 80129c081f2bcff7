"""The text of a CSV file on its way to the reader: unpacked, counted, decoded, and checked for what no reader names."""

import codecs
from pathlib import Path
from typing import Any

import pyarrow as pa

from tollgate.data.limits import LONGEST_LINE, Meter
from tollgate.data.marks import marked_encoding
from tollgate.data.quotes import Quotes, breaks
from tollgate.data.section import Format
from tollgate.errors import DataError

MARK = codecs.BOM_UTF8
LONGEST_MARK = 4
_KINDS = (
    (b"\x1f\x8b", "gzip by its content; name it .csv.gz"),
    (b"PAR1\x15", "Parquet by its content; name it .parquet"),
    (b"PK\x03\x04", "a zip archive by its content (such as a workbook); unpack it, or save it as CSV"),
)


class CheckedText:
    """A file to read from, as UTF-8 whatever it is written in; made for `pyarrow.csv`.

    Args:
        file: The file, packed or not.
        form: How its text is written.
        meter: Counts what comes out.
    """

    closed = False

    def __init__(self, file: Path, form: Format, meter: Meter) -> None:
        self._file = file
        self._form = form
        self._meter = meter
        packed = "gzip" if file.name.lower().endswith(".gz") else None
        self._source: Any = pa.input_stream(str(file), compression=packed)
        known = codecs.lookup(form.encoding).name
        self._decoder = None if known == "utf-8" else codecs.getincrementaldecoder(known)()
        self._quotes = Quotes(file, form.delimiter, meter.limits.quoted_lines)
        self._size = 0
        self._line = 1
        self._last = b""  # the last byte that was checked; none at the start
        self._open = 0  # how long the last line is so far, which has no end yet
        self._rest = b""  # decoded, but more than was asked for
        self._begun = self._ended = False

    def close(self) -> None:
        """Close the file."""
        self._source.close()
        self.closed = True

    def read(self, size: int) -> bytes:
        """The next bytes, at most as many as asked for; none at the end.

        Raises:
            DataError: The text is not what it should be, or too large; the message says in which line.
        """
        while not self._ended and (not self._rest or self._line == 1):  # the reader wants the header at once
            raw = self._source.read(max(size, LONGEST_MARK))
            self._ended = not raw
            self._size += len(raw)
            self._meter.unpacked(self._file, self._size)
            if not self._begun:
                self._begin(raw)
            chunk = raw if self._decoder is None else self._decoded(raw)
            self._check(chunk)
            self._rest += chunk
            if self._ended:
                self._quotes.end(self._line)
                if self._last not in (b"", b"\n", b"\r"):
                    self._rest += b"\n"  # without an end the reader takes a header alone for an empty file
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def _begin(self, raw: bytes) -> None:
        self._begun = True
        kind = next((words for magic, words in _KINDS if raw.startswith(magic)), None)
        if kind:
            raise DataError(f"{self._file}: the file is {kind}")
        found = marked_encoding(raw)
        wanted = codecs.lookup(self._form.encoding).name
        if found and not wanted.startswith(found):
            raise DataError(
                f"{self._file}: the file begins with the byte order mark of {found}, but data.format.encoding is "
                f"{self._form.encoding}; set it to {found}"
            )

    def _decoded(self, raw: bytes) -> bytes:
        assert self._decoder is not None  # noqa: S101 - asked only then
        try:
            return self._decoder.decode(raw, final=not raw).encode()
        except UnicodeError as error:
            line = self._line
            if isinstance(error, UnicodeDecodeError):
                line += breaks(error.object[: error.start])
            raise DataError(
                f"{self._file}, line {line}: the text is not written in {self._form.encoding}; "
                "set data.format.encoding, such as latin-1"
            ) from None

    def _check(self, chunk: bytes) -> None:
        if not chunk:
            return
        text = chunk[len(MARK) :] if not self._last and chunk.startswith(MARK) else chunk
        if self._last == b"\r" and text.startswith(b"\n"):
            self._line -= 1  # the two are one end of a line
        nul = text.find(b"\0")
        if nul >= 0:
            raise DataError(
                f"{self._file}, line {self._line + breaks(text[:nul])}: holds a NUL byte; the file is damaged, or "
                "data.format.encoding is another one, such as utf-16"
            )
        self._check_lines(text)
        self._quotes.feed(text, self._line)
        self._line += breaks(text)
        self._last = chunk[-1:]

    def _check_lines(self, text: bytes) -> None:
        """Refuse a line that is too long."""
        first, last = _first_end(text, 0, len(text)), _last_end(text)
        if first < 0:
            self._open += len(text)
            self._refuse_long(self._open, self._line)
            return
        self._refuse_long(self._open + first, self._line)
        step = (
            LONGEST_LINE // 2
        )  # a line that is too long holds at least one stretch of this, which has no end
        for start in range(0, len(text) - step + 1, step):
            if _first_end(text, start, start + step) < 0:
                begin, end = _last_end(text[:start]) + 1, _first_end(text, start, len(text))
                self._refuse_long((end if end >= 0 else len(text)) - begin, self._line + breaks(text[:begin]))
        self._open = len(text) - last - 1

    def _refuse_long(self, length: int, line: int) -> None:
        if length > LONGEST_LINE:
            raise DataError(
                f"{self._file}, line {line}: the line is longer than {LONGEST_LINE // 1024:,} KiB; has the file "
                "line ends, and is data.format right?"
            )


def _first_end(text: bytes, start: int, end: int) -> int:
    """Where the first line of a stretch ends; -1 where it does not."""
    feed = text.find(b"\n", start, end)
    returned = text.find(b"\r", start, end if feed < 0 else feed)
    return returned if returned >= 0 else feed


def _last_end(text: bytes) -> int:
    feed = text.rfind(b"\n")
    return max(feed, text.rfind(b"\r", feed + 1))
