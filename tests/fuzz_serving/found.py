"""Requests that once were answered as they must not be, kept as they were sent."""

from pathlib import Path

from tollgate.canonical import sha256

FOUND = Path(__file__).parent.parent / "serving" / "found"


def keep(sent: bytes) -> str:
    """Write a request beside the others; its name."""
    path = FOUND / f"{sha256(sent)[:12]}.http"
    path.write_bytes(sent)
    return path.name


def kept() -> list[Path]:
    """All that were found."""
    return sorted(FOUND.glob("*.http"))
