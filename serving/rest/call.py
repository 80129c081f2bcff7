"""A request that came in whole, and its answer."""

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from serving.refusal import RefusalError

JSON = b"application/json"
Headers = dict[bytes, bytes]


class Call(NamedTuple):
    """A request whose body is there.

    Attributes:
        body: Its body, unpacked.
        headers: Its headers by lower-case name.
        query: What follows the question mark of its address.
        id: The request's id.
    """

    body: bytes
    headers: Headers
    query: bytes
    id: str


class Answer(NamedTuple):
    """What is answered.

    Attributes:
        content: The body.
        kind: Its content type.
        status: The HTTP status.
        headers: Other headers.
        id: The request's id, where the body named one that goes before that of the headers.
    """

    content: bytes
    kind: bytes = JSON
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()
    id: str | None = None


def as_json(value: dict[str, Any]) -> bytes:
    """A value as JSON that may quote what a caller sent: half a surrogate pair, which strict readers refuse, is ?."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


def partial(query: bytes) -> bool:
    """Whether a query asks for a partial answer.

    Raises:
        RefusalError: 400: `partial` is neither true nor false.
    """
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name == "partial":
            if value not in ("true", "false"):
                raise RefusalError(400, "`partial` is true or false")
            return value == "true"
    return False
