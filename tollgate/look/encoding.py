"""Which text encoding some bytes are written in, and their text."""

import codecs
import re

from tollgate.data.marks import marked_encoding
from tollgate.data.quotes import breaks
from tollgate.errors import DataError
from tollgate.look.pieces import Piece

_STRAYS = re.compile("[\udc80-\udcff]")
_OTHERS = re.compile("[^\x00-\x7f\udc80-\udcff]")
_WINDOWS = re.compile(rb"[\x80-\x9f]")


NEARLY_ALL = 0.9


def encoding_of(pieces: list[Piece]) -> str:
    """utf-8 where everything is that, else what the bytes say: utf-16, utf-32, cp1252 or latin-1.

    Raises:
        DataError: One file is UTF-8 and another is not, or nearly all of a file is UTF-8.
    """
    found = [_encoding(piece) for piece in pieces]
    other = next((place for place, name in enumerate(found) if name != "utf-8"), None)
    if other is None:
        return "utf-8"
    for piece, name in zip(pieces, found, strict=True):
        if name == "utf-8" and not piece.content.isascii():
            raise DataError(
                f"{piece.file}: is written in UTF-8, and {pieces[other].file} is not; write all files in UTF-8"
            )
    return found[other]


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
    marked = marked_encoding(piece.content)
    if marked and marked != "utf-8":
        return marked
    if _decoded(piece, "utf-8") is not None:
        return "utf-8"
    _refuse_strays(piece)
    windows = _WINDOWS.search(piece.content) and _decoded(piece, "cp1252") is not None
    return "cp1252" if windows else "latin-1"


def _refuse_strays(piece: Piece) -> None:
    """Refuse text that is UTF-8 but for a few bytes: read as anything else, all of its accents would be wrong."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(piece.content, final=piece.whole)
    strays = len(_STRAYS.findall(text))
    if len(_OTHERS.findall(text)) * (1 - NEARLY_ALL) >= strays * NEARLY_ALL:
        start = _STRAYS.search(text)
        assert start is not None  # noqa: S101 - it is no UTF-8
        line = breaks(text[: start.start()].encode()) + 1
        raise DataError(
            f"{piece.file}: line {line} is not UTF-8, which nearly all of the text is: mend this line (with {strays} "
            f"{'byte' if strays == 1 else 'bytes'} of another encoding in the file), or write the file anew"
        )


def _decoded(piece: Piece, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(piece.content, final=piece.whole)
    except UnicodeDecodeError:
        return None
