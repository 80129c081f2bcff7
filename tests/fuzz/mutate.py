"""Mutations of a file, of its bytes and of its structure; the same random numbers give the same file."""

from collections.abc import Callable, Sequence
from random import Random

LONGEST = 60_000
STEPS = (1, 1, 1, 2, 3, 4)
Mutation = Callable[[Random, bytes], bytes]

# Texts that readers stumble over, whole or within another value.
TEXTS = (
    *('"', '""', '"""', "'", ",", ";", "\t", "|", "\\", "\\n", "\n", "\r", "\r\n", "\n\n", "\0", " ", "\x0b"),
    *("nan", "NaN", "inf", "-inf", "Infinity", "1e400", "-1e400", "1e-400", "9" * 400, "-0", "0x1F", "1_000"),
    *(
        "1,5",
        "1.5.5",
        "+1",
        "1e",
        "\u0663",
        "½",
        "true",
        "no",
        "null",
        "~",
        "NA",
        "None",
        "-",
        "--",
        "---",
        "...",
    ),
    *("2020-13-01", "0000-00-00", "99999-01-01", "2020-02-30", "01/02/2020", "2020-01-01T00:00:00Z"),
    *("\ufeff", "\u2028", "\u202e", "\ud800", "é", "e\u0301", "🏦", "\U0010ffff", "\x85", "ß" * 300),
    *(
        "&a ",
        "*a",
        "<<: *a",
        "!!python/object:os.system ",
        "!t ",
        "? ",
        ": ",
        ":",
        "- ",
        "#",
        "# ",
        "|\n",
        ">-\n",
    ),
    *(
        "[",
        "]",
        "{",
        "}",
        "[" * 50,
        "{a: " * 40,
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "@",
        "`",
        "{{x}}",
        "__row__",
    ),
    *(
        "data:",
        "columns:",
        "role: target",
        "version: 1",
        "version: 2",
        "1: 1",
        "? [a]\n: b\n",
        "0o17",
        ".inf",
    ),
)
NO_TEXTS = (
    b"\xff",
    b"\xfe\xff",
    b"\xff\xfe",
    b"\x80",
    b"\xc3",
    b"\xe9",
    b"\xf8\x88",
    b"\xed\xa0\x80",
    b"\x1f\x8b\x08",
)
TOKENS = (*(text.encode("utf-8", "surrogatepass") for text in TEXTS), *NO_TEXTS)


def mutated(draw: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """A content with a few mutations, the others of its kind as material."""
    for _ in range(draw.choice(STEPS)):
        kind = draw.randrange(len(MUTATIONS) + 1)
        if kind == len(MUTATIONS):
            content = _spliced(draw, content, draw.choice(others))
        else:
            content = MUTATIONS[kind](draw, content)
    return content[:LONGEST]


def _flip(draw: Random, content: bytes) -> bytes:
    changed = bytearray(content or b"x")
    for _ in range(draw.choice((1, 1, 1, 8, 64))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(draw: Random, content: bytes) -> bytes:
    start, end = _stretch(draw, content)
    return content[:start] + content[end:]


def _end_early(draw: Random, content: bytes) -> bytes:
    return content[: draw.randint(0, len(content))]


def _insert_token(draw: Random, content: bytes) -> bytes:
    place = draw.randint(0, len(content))
    return content[:place] + draw.choice(TOKENS) + content[place:]


def _insert_bytes(draw: Random, content: bytes) -> bytes:
    place = draw.randint(0, len(content))
    return content[:place] + draw.randbytes(draw.choice((1, 2, 4, 40))) + content[place:]


def _repeat(draw: Random, content: bytes) -> bytes:
    start, end = _stretch(draw, content)
    times = draw.choice((2, 2, 3, 20, 200))
    return content[:end] + content[start:end] * min(times, LONGEST // max(1, end - start)) + content[end:]


def _double_quotes(draw: Random, content: bytes) -> bytes:
    return content.replace(b'"', b'""', draw.choice((-1, 1, 2)))


def _replace_value(draw: Random, content: bytes) -> bytes:
    """Another value, or none, in a place of a line."""
    lines = content.split(b"\n")
    at = draw.randrange(len(lines))
    mark = draw.choice((b",", b": ", b";"))
    values = lines[at].split(mark)
    values[draw.randrange(len(values))] = draw.choice((b"", *TOKENS))
    lines[at] = mark.join(values)
    return b"\n".join(lines)


def _drop_value(draw: Random, content: bytes) -> bytes:
    """A column, or a part of a line, taken away from some lines or from all."""
    mark = draw.choice((b",", b": ", b";"))
    place, share = draw.randrange(8), draw.choice((1.0, 0.5, 0.05))
    lines = content.split(b"\n")
    for at, line in enumerate(lines):
        values = line.split(mark)
        if place < len(values) and draw.random() < share:
            lines[at] = mark.join(values[:place] + values[place + 1 :])
    return b"\n".join(lines)


def _move_lines(draw: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    for _ in range(draw.choice((1, 1, 5))):
        line = lines.pop(draw.randrange(len(lines))) if lines else b""
        lines.insert(draw.randint(0, len(lines)), line)
    return b"\n".join(lines)


def _repeat_line(draw: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = draw.randrange(len(lines))
    times = min(draw.choice((1, 2, 50, 500)), LONGEST // (len(lines[at]) + 1))
    return b"\n".join(lines[:at] + [lines[at]] * times + lines[at:])


def _indent(draw: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = draw.randrange(len(lines))
    lines[at] = (
        draw.choice((b" ", b"  ", b"\t", b"      ")) + lines[at]
        if draw.random() < 0.6
        else lines[at].lstrip()
    )
    return b"\n".join(lines)


def _other_ends(draw: Random, content: bytes) -> bytes:
    return content.replace(
        b"\n", draw.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b"")), draw.choice((-1, 1, 5))
    )


def _other_encoding(draw: Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(
        draw.choice(("utf-16", "utf-8-sig", "cp1252", "utf-32")), "replace"
    )


def _spliced(draw: Random, content: bytes, other: bytes) -> bytes:
    return content[: draw.randint(0, len(content))] + other[draw.randint(0, len(other)) :]


def _stretch(draw: Random, content: bytes) -> tuple[int, int]:
    start = draw.randint(0, len(content))
    return start, min(len(content), start + draw.choice((1, 2, 8, 64, 512)))


MUTATIONS: tuple[Mutation, ...] = (
    *(_flip, _cut, _end_early, _insert_token, _insert_token, _insert_bytes, _repeat, _double_quotes),
    *(
        _replace_value,
        _replace_value,
        _drop_value,
        _move_lines,
        _repeat_line,
        _indent,
        _other_ends,
        _other_encoding,
    ),
)
