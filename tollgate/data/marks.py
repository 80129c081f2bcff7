"""Byte order marks at the start of a text: what they say of its encoding."""

import codecs

_MARKS = (  # the longer ones first: that of UTF-32 begins as that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8"),
)


def marked_encoding(content: bytes) -> str | None:
    """The encoding whose byte order mark a text begins with; None where it begins with none."""
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)
