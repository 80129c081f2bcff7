"""What the objects of a V2 request may hold: their keys, their parameters, their lists."""

from collections.abc import Set
from typing import Any

from serving.refusal import RefusalError
from tollgate.contract.problems import LONGEST_VALUE


def only(found: dict[str, Any], known: Set[str], what: str) -> None:
    """Refuse an object with keys that nobody knows.

    Args:
        found: The object.
        known: The keys that it may have.
        what: What it is, in words.

    Raises:
        RefusalError: 400: it has another one.
    """
    others = sorted(set(found) - known)
    if others:
        raise RefusalError(
            400,
            f"{what} has an unknown key {others[0][:LONGEST_VALUE]!r}; known are {', '.join(sorted(known))}",
        )


def check_parameters(found: dict[str, Any], what: str) -> None:
    """Refuse an object whose `parameters` are something else than an object."""
    if not isinstance(found.get("parameters", {}), dict):
        raise RefusalError(400, f"the `parameters` of {what} are no object")


def listed(value: Any, what: str) -> list[Any]:
    """A value that must be a list; anything else is refused."""
    if not isinstance(value, list):
        raise RefusalError(400, f"{what} is no list")
    return value
