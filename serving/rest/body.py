"""A request's body as JSON, read strictly."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from serving.refusal import RefusalError
from tollgate.contract import Problem
from tollgate.contract.problems import LONGEST_VALUE

FLOOD = 16 * 1024


def read_body(body: bytes) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        RefusalError: 400: empty, not UTF-8, not JSON, a key twice, a number that JSON does not have or that
            nobody can read, or no object.
        RecursionError: It is nested too deeply.
    """
    if not body.strip():
        raise RefusalError(400, "the body is empty; a JSON object is needed")
    try:
        value = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise RefusalError(400, f"the body is not UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise RefusalError(400, f"the body is not JSON: {str(error)[:200]}") from None
    except ValueError:  # Python reads no integer of more than 4300 digits
        raise RefusalError(400, "a number in the body has too many digits") from None
    if not isinstance(value, dict):
        raise RefusalError(400, "the body is no JSON object")
    return value


def refuse_flood(body: bytes, count: Callable[[bytes], int], most: int) -> int:
    """Count rows before they are read one by one, where a body is large.

    Args:
        body: The body.
        count: Counts the rows of a body without reading them; may raise what msgspec raises.
        most: How many rows are taken.

    Returns:
        How many rows there are at most.

    Raises:
        RefusalError: 400: there are more than are taken.
    """
    if len(body) < FLOOD:
        return most
    try:
        rows = count(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return most  # reading it says what is wrong
    if rows > most:
        raise RefusalError(400, f"{rows} rows; at most {most} are taken at once here")
    return rows


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        message = f"the key {twice[:LONGEST_VALUE]!r} stands twice in one object"
        raise RefusalError(400, message, [Problem(None, twice[:LONGEST_VALUE], "duplicate_key", "", message)])
    return found


def _no_constant(name: str) -> Any:
    message = f"{name} is no JSON number; send null for a missing value"
    raise RefusalError(400, message, [Problem(None, None, "not_finite", name, message)])
