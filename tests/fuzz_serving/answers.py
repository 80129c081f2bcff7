"""Answers as they come from a connection, and what must be true of every one."""

from dataclasses import dataclass
from typing import Any

import msgspec

END = b"\r\n\r\n"


class Detail(msgspec.Struct, forbid_unknown_fields=True):
    row: int | None
    column: str | None
    rule: str
    value: str
    message: str


class Refusal(msgspec.Struct, forbid_unknown_fields=True):
    error: str
    details: list[Detail]
    total: int


_refusal = msgspec.json.Decoder(Refusal).decode
_any = msgspec.json.Decoder(Any).decode


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: Its status.
        head: Its head, in lower case.
        body: Its body.
    """

    status: int
    head: bytes
    body: bytes

    @property
    def last(self) -> bool:
        """Whether the server ends the connection with it."""
        return b"connection: close" in self.head


def taken(buffer: bytearray, to_head: bool = False) -> Answer | None:
    """The first answer of a buffer, taken out of it; None where it is not whole yet.

    Raises:
        ValueError: What is there is no answer.
    """
    while True:
        end = buffer.find(END)
        if end < 0:
            return None
        head = bytes(buffer[:end]).lower()
        if not head.startswith(b"http/1.1 "):
            raise ValueError(f"no answer: {head[:80]!r}")
        status = int(head[9:12])
        if status != 100:
            break
        del buffer[: end + 4]
    length = 0 if to_head else _length(head)
    if len(buffer) < end + 4 + length:
        return None
    body = bytes(buffer[end + 4 : end + 4 + length])
    del buffer[: end + 4 + length]
    return Answer(status, head, body)


def _length(head: bytes) -> int:
    place = head.find(b"\r\ncontent-length: ")
    if place < 0:
        raise ValueError(f"an answer without a length: {head[:80]!r}")
    return int(head[place + 18 :].partition(b"\r\n")[0])


def wrong(answer: Answer, digest: str, to_head: bool = False) -> str | None:
    """What an answer should not be; None where all is well."""
    if answer.status >= 500:
        return f"status {answer.status}: {answer.body[:100]!r}"
    if b"\r\nx-request-id: " not in answer.head:
        return "no request id"
    if b"\r\nx-tollgate-bundle: " + digest.encode() not in answer.head:
        return "no digest of the bundle"
    if to_head:
        return None if not answer.body else "a body in an answer to HEAD"
    return _wrong_body(answer)


def _wrong_body(answer: Answer) -> str | None:
    try:
        if answer.status != 200:
            refusal = _refusal(answer.body)
            if not refusal.error or len(refusal.details) != min(refusal.total, 100):
                return f"a refusal that does not count: {answer.body[:100]!r}"
        elif b"content-type: application/json" in answer.head:
            _any(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return f"status {answer.status}, a body of another shape ({error}): {answer.body[:100]!r}"
    return None
