"""Which text encoding some bytes are written in, and their text."""

import codecs
import re

from tollgate.errors import DataError
from tollgate.look.pieces import Piece

_WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"))
_MARKS = (*_WIDE, (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WINDOWS = re.compile(rb"[\x80-\x9f]")


def encoding_of(pieces: list[Piece]) -> str:
    """utf-8 where everything is that, else what the bytes say: utf-16, utf-32, cp1252 or latin-1."""
    found = [_encoding(piece) for piece in pieces]
    return next((name for name in found if name != "utf-8"), "utf-8")


def text_of(piece: Piece, encoding: str) -> str:
    """The text of a piece without its byte order mark and without a character that was cut in two.

    Raises:
        DataError: The bytes are not text in this encoding.
    """
    text = _decoded(piece, encoding)
    if text is None:
        raise DataError(f"{piece.file}: the text is not written in {encoding}, as another file is")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(f"{piece.file}: line {line} holds a NUL byte; this is no text, or it is damaged")
    return text.removeprefix("\ufeff")


def _encoding(piece: Piece) -> str:
    for mark, name in _MARKS:
        if piece.content.startswith(mark):
            return name
    if _decoded(piece, "utf-8") is not None:
        return "utf-8"
    windows = _WINDOWS.search(piece.content) and _decoded(piece, "cp1252") is not None
    return "cp1252" if windows else "latin-1"


def _decoded(piece: Piece, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(piece.content, final=piece.whole)
    except UnicodeDecodeError:
        return None
