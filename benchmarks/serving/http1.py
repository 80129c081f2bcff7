"""Just enough HTTP/1.1 for a balancer and its clients, over asyncio's streams."""

import asyncio
from typing import NamedTuple

LONGEST_HEAD = 64 * 1024


class Message(NamedTuple):
    """A request or an answer.

    Attributes:
        head: First line and headers, with the empty line.
        body: The body.
    """

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status of an answer."""
        return int(self.head.split(b" ", 2)[1])

    @property
    def closes(self) -> bool:
        """Whether the other side closes the connection after it."""
        return b"\r\nconnection: close\r\n" in self.head.lower()


async def read_message(reader: asyncio.StreamReader) -> Message:
    """A whole message with a Content-Length or without a body.

    Raises:
        asyncio.IncompleteReadError: The connection ended before or within it.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    return Message(head, await reader.readexactly(length) if length else b"")


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """A request with a JSON body."""
    head = f"{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body
