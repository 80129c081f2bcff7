"""Values as they stand in a YAML file that people read."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

import yaml

WIDTH = 110
_PLAIN = re.compile(r"(?:(?:\.{0,2}/)*|\d+ )[^\W\d][\w./-]*(?: [\w./-]+)*")
_WORDS = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])


def scalar(value: Any) -> str:
    """One value; texts in quotes where they could be read as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.isprintable() and text.lower() not in _WORDS:
        return text
    quoted = yaml.safe_dump(
        text, default_style='"', allow_unicode=text.isprintable(), width=10**9, explicit_end=False
    )
    return str(quoted).strip()


def flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value)


def entry(key: str, value: Mapping[str, Any], indent: int, comment: str = "") -> list[str]:
    """A key with a mapping, in one line where it fits, else a line for each of its keys, long lists wrapped."""
    margin = " " * indent
    line = f"{margin}{scalar(key)}: {flow(value)}"
    lines = [line]
    if len(line) > WIDTH:
        lines = [f"{margin}{scalar(key)}:"]
        for name, one in value.items():
            lines += _wrapped(f"{margin}  {name}: ", one)
    remark = comment_text(comment)
    if not remark:
        return lines
    if len(lines[0]) + len(remark) + 3 <= WIDTH:
        return [f"{lines[0]} # {remark}", *lines[1:]]
    return [*comment_lines(remark, indent), *lines]


def comment_lines(text: str, indent: int) -> list[str]:
    """A comment on lines of its own."""
    start = " " * indent + "# "
    return textwrap.wrap(
        comment_text(text), WIDTH, initial_indent=start, subsequent_indent=start, break_on_hyphens=False
    )


def comment_text(text: str) -> str:
    """A comment that is one line, whatever names it speaks of."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _wrapped(start: str, value: Any) -> list[str]:
    if len(start) + len(flow(value)) <= WIDTH or not isinstance(value, (list, tuple)):
        return [start + flow(value)]
    margin = " " * (len(start) - len(start.lstrip()) + 2)
    lines, line = [], start + "["
    for place, one in enumerate(value):
        word = flow(one) + ("]" if place == len(value) - 1 else ",")
        if len(line) + len(word) + 1 > WIDTH:
            lines.append(line.rstrip())
            line = margin
        line += word + " "
    return [*lines, line.rstrip()]
