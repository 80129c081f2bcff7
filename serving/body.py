"""A request's body as JSON, read strictly."""

import json
from typing import Any

from serving.refusal import RefusalError


def read_body(body: bytes) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        RefusalError: 400: not UTF-8, not JSON, a key twice, a number that JSON does not have, nested too
            deeply, or no object.
    """
    try:
        value = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise RefusalError(400, f"the body is not UTF-8 (byte {error.start})") from None
    except RecursionError:
        raise RefusalError(400, "the body is nested too deeply") from None
    except ValueError as error:
        raise RefusalError(400, f"the body is not JSON: {str(error)[:200]}") from None
    if not isinstance(value, dict):
        raise RefusalError(400, "the body is no JSON object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:64]!r} stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number; send null for a missing value")
