"""A refusal as a gRPC status: the code, and the same JSON as over REST for its details."""

from typing import Any

import grpc
import msgspec

from serving.refusal import RefusalError

# Clients take some 8 KiB of trailing metadata, of which the text of the status is a part.
LARGEST_TEXT = 4096
_LONGEST_ERROR = 1024
_CODES = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    404: grpc.StatusCode.NOT_FOUND,
    408: grpc.StatusCode.DEADLINE_EXCEEDED,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    501: grpc.StatusCode.UNIMPLEMENTED,
    503: grpc.StatusCode.UNAVAILABLE,
}


def code_of(refusal: RefusalError) -> grpc.StatusCode:
    """The status code of a refusal."""
    return _CODES.get(refusal.status, grpc.StatusCode.INTERNAL)


def details_of(refusal: RefusalError) -> str:
    """The refusal as JSON text, with as many of its details as there is room for; `total` counts all."""
    body = refusal.as_json()
    details, body["details"] = body["details"], []
    body["error"] = _cut(body["error"])
    room = LARGEST_TEXT - _encoded(body)
    for detail in details:
        room -= _encoded(detail) + 1
        if room < 0:
            break
        body["details"].append(detail)
    return msgspec.json.encode(body).decode()


def _cut(text: str) -> str:
    while _encoded(text) > _LONGEST_ERROR:
        text = text[: len(text) * 3 // 4] + "…"
    return text


def _encoded(value: Any) -> int:
    """How many bytes a value has as JSON in a status, where a byte that is not printable ASCII takes three."""
    content = msgspec.json.encode(value)
    return sum(1 if 32 <= byte < 127 and byte != 37 else 3 for byte in content)
