"""A request that came in whole, and its answer."""

import json
from typing import Any, NamedTuple

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
    """A value as JSON that may quote what a caller sent: characters that UTF-8 does not have are escaped."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()
