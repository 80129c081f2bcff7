"""Changes of JSON in a bundle: what to do, and at which place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Change = Callable[[Any], Any]


def at(*path: Any, do: Change) -> Change:
    """Put what a function makes of the value at a place there instead."""

    def change(value: Any) -> Any:
        if not path:
            return do(value)
        first, *rest = path
        value[first] = at(*rest, do=do)(value[first])
        return value

    return change


def put(*path: Any, new: Any) -> Change:
    """Put something else at a place, or there for the first time."""
    *before, last = path

    def change(value: Any) -> Any:
        value[last] = new
        return value

    return at(*before, do=change)


def drop(*path: Any) -> Change:
    """Take away what is at a place."""
    *before, last = path

    def change(value: Any) -> Any:
        del value[last]
        return value

    return at(*before, do=change)


def both(one: Change, other: Change) -> Change:
    return lambda value: other(one(value))


def changed(folder: Path, name: str, change: Change) -> dict[str, bytes]:
    """The new content of one file of a bundle, by its name."""
    return {name: json.dumps(change(json.loads((folder / name).read_bytes()))).encode()}
