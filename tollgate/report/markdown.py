"""Texts from data and configuration inside of Markdown: they are read as they are, and mean nothing."""

import re
import unicodedata
from typing import Any

MOST_LETTERS = 500
_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]|~#$!])")
_LINKS = re.compile(r"(?<=[a-zA-Z])(:)(?=//)|(?<=[wW]{3})(\.)|(@)")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(value: Any) -> str:
    """A value on one line that no reader of Markdown (CommonMark, GitHub) takes for anything but its letters.

    It must not stand at the beginning of a line, where a number or dash would make a list.
    """
    text = " ".join(str(value).split())
    text = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs"))
    if len(text) > MOST_LETTERS:
        text = f"{text[:MOST_LETTERS]} …"
    text = re.sub("[&<>]", lambda found: _HTML[found[0]], text)
    text = _MEANS_SOMETHING.sub(r"\\\1", text)
    return _LINKS.sub(lambda found: f"\\{found[0]}", text)
