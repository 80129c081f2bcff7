"""What a step says while it runs: one marked line of JSON for its start, its end, or its failure."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from tollgate.errors import TollgateError
from tollgate.storage.unwritten import FULL, unwritten

MARK = "tollgate-step "
BROKE = "the step broke; the log has the traceback"


class Facts(dict[str, Any]):
    """What a step has to tell when it is done, or could tell before it failed."""


@contextlib.contextmanager
def telling(name: str) -> Iterator[Facts]:
    """Tell that a step starts and ends; a mistake of the user ends it with a message and status 1.

    Args:
        name: The step's name.

    Raises:
        SystemExit: With status 1, after a TollgateError was told.
    """
    start = time.monotonic()
    _tell(step=name, state="started")
    facts = Facts()
    try:
        yield facts
    except TollgateError as error:
        _tell(step=name, state="failed", kind=type(error).__name__, message=str(error), facts=dict(facts))
        sys.exit(1)
    except Exception as error:
        _tell(step=name, state="failed", kind=type(error).__name__, message=_broke(error))
        raise
    _tell(step=name, state="done", seconds=round(time.monotonic() - start, 2), facts=dict(facts))


def tell_progress(name: str, what: str, done: int, of: int) -> None:
    """Tell how far a step has come."""
    _tell(step=name, state="progress", what=what, done=done, of=of)


def heard(line: str) -> dict[str, Any] | None:
    """What a line of a step's output tells, or None for any other line."""
    _, mark, rest = line.partition(MARK)
    if not mark:
        return None
    try:
        told = json.loads(rest)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and "step" in told and "state" in told else None


def _broke(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in FULL:
        return unwritten(error)
    return f"{BROKE} ({type(error).__name__})"


def _tell(**what: Any) -> None:
    sys.stdout.write(MARK + json.dumps(what) + "\n")
    sys.stdout.flush()
