"""Requests that once were answered as they must not be, kept as they were sent."""

from pathlib import Path
from typing import Protocol

from tollgate.canonical import sha256

FOUND = Path(__file__).parent.parent / "serving" / "found"


class Told(Protocol):
    """What is called for each finding."""

    def __call__(self, number: int, sent: bytes, problem: str, ending: str = ".http", /) -> None:
        """Tell it: the number of the case, its bytes, what is wrong, and how the name of its file ends."""


def keep(sent: bytes, ending: str) -> str:
    """Write a request beside the others; its name."""
    path = FOUND / f"{sha256(sent)[:12]}{ending}"
    path.write_bytes(sent)
    return path.name


def kept() -> list[Path]:
    """All that were found."""
    return sorted(FOUND.glob("*.*"))
