import gzip
import random
from pathlib import Path
from typing import Any

import pytest

from tollgate.data.limits import LIMITS, LONGEST_LINE, Limits, Meter
from tollgate.data.section import Format
from tollgate.data.text_check import CheckedText
from tollgate.errors import DataError

LINE = b"a,b,c\n"


def read(path: Path, content: bytes, sizes: int = 64, limits: Limits = LIMITS, **form: Any) -> bytes:
    """What comes out of a file, read in pieces."""
    path.write_bytes(content)
    text = CheckedText(path, Format(**form), Meter(limits))
    out = []
    while piece := text.read(sizes):
        assert len(piece) <= sizes
        out.append(piece)
    text.close()
    assert text.closed
    return b"".join(out)


def refusal(path: Path, content: bytes, **more: Any) -> str:
    with pytest.raises(DataError) as refused:
        read(path, content, **more)
    assert str(refused.value).startswith(f"{path}")
    return str(refused.value).removeprefix(str(path))


@pytest.mark.parametrize("sizes", [1, 7, 1000])
def test_utf_8_comes_out_as_it_is_with_an_end_of_its_last_line(tmp_path: Path, sizes: int) -> None:
    content = "id,näme\r\n1,Zoë\n2,🏦\r3,".encode("utf-8-sig")
    assert read(tmp_path / "a.csv", content, sizes) == content + b"\n"
    assert read(tmp_path / "a.csv", content + b"\r", sizes) == content + b"\r"
    assert read(tmp_path / "a.csv.gz", gzip.compress(content), sizes) == content + b"\n"
    assert read(tmp_path / "A.CSV.GZ", gzip.compress(content), sizes) == content + b"\n"


@pytest.mark.parametrize(
    "encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "shift-jis"]
)
@pytest.mark.parametrize("sizes", [1, 3, 1000])
def test_other_encodings_come_out_as_utf_8(tmp_path: Path, encoding: str, sizes: int) -> None:
    text = "id,name\n1,Zo\n" if encoding == "shift-jis" else "id,näme\n1,Zoë\n" * 40
    found = read(tmp_path / "a.csv", text.encode(encoding), sizes, encoding=encoding)
    assert found.decode("utf-8-sig") == text


@pytest.mark.parametrize("sizes", [1, 5, 1000])
@pytest.mark.parametrize(
    ("content", "form", "says"),
    [
        (LINE * 3 + b"\0", {}, ", line 4: holds a NUL byte"),
        (b"a\r\nb\r\n\0", {}, ", line 3: holds a NUL byte"),
        (LINE + b"caf\xe9\n", {"encoding": "ascii"}, ", line 2: the text is not written in ascii"),
        ("a\nb".encode("utf-16")[:-1], {"encoding": "utf-16"}, ", line 2: the text is not written in utf-16"),
        (LINE * 2 + b'x,"y\n', {}, ", line 3: the quote that opens a value in this line is never closed"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, content: bytes, form: dict[str, str], says: str, sizes: int
) -> None:
    assert refusal(tmp_path / "a.csv", content, sizes=sizes, **form).startswith(says)


@pytest.mark.parametrize(
    ("encoding", "given"),
    [("utf-16", "utf-8"), ("utf-32", "utf-8"), ("utf-8-sig", "latin-1"), ("utf-16", "latin-1")],
)
def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, encoding: str, given: str) -> None:
    said = refusal(tmp_path / "a.csv", "a,b\n".encode(encoding), encoding=given)
    named = encoding.removesuffix("-sig")
    assert said == (
        f": the file begins with the byte order mark of {named}, but data.format.encoding is {given}; set it to {named}"
    )


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_may_be_as_long_as_the_limit_and_not_longer(tmp_path: Path, end: bytes) -> None:
    """Wherever the pieces are cut that the file is read in."""
    draw = random.Random(1)  # noqa: S311 - no secret
    for _ in range(12):
        before = (b"a" * draw.randint(0, 400_000) + end) * draw.randint(0, 3)
        after = end + LINE * draw.randint(0, 3)
        size = draw.randint(300_000, 3_000_000)
        path = tmp_path / "a.csv"
        content = before + b"x" * LONGEST_LINE + after
        assert read(path, content, size) == content
        said = refusal(path, before + b"x" * (LONGEST_LINE + 1) + after, sizes=size)
        assert said.startswith(f", line {before.count(end) + 1}: the line is longer than 1,024 KiB")


def test_unpacked_bytes_are_counted_and_not_packed_ones(tmp_path: Path) -> None:
    content = LINE * 400_000
    packed = gzip.compress(content)
    assert len(packed) < 100_000
    limits = Limits(megabytes=2)
    said = refusal(tmp_path / "a.csv.gz", packed, sizes=100_000, limits=limits)
    assert said == (
        ": the data is larger than 2 MiB when unpacked; if that is right, raise data.limits.megabytes"
    )
    assert read(tmp_path / "b.csv.gz", packed, 1 << 20, Limits(megabytes=3)) == content
