"""Bytes sent to a server as they are, and the answers that come back."""

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.serving.live import PATIENCE, V1, Live


class Raw(NamedTuple):
    """An answer.

    Attributes:
        status: Its status.
        id: The request's id.
        closes: Whether it says that the connection is closed.
        content: Its body.
    """

    status: int
    id: str | None
    closes: bool
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class Dialogue:
    """A connection on which whatever one likes is sent."""

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self._stream = opened.makefile("rb")

    def close(self) -> None:
        self._stream.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_while_taken(self, part: bytes, most: int) -> int:
        """Send a part up to so many times: how often it was sent before the server hung up."""
        for number in range(most):
            try:
                self.socket.sendall(part)
            except ConnectionError:
                return number
        return most

    def answer(self) -> Raw:
        """The next answer."""
        response = http.client.HTTPResponse(_Kept(self._stream))  # type: ignore[arg-type]
        response.begin()
        closes = response.getheader("connection") == "close"
        return Raw(response.status, response.getheader("x-request-id"), closes, response.read())

    def ended(self) -> bool:
        """Whether the server closes, and says no more."""
        try:
            return self._stream.read(1) == b""
        except ConnectionError:
            return True


class _Kept:
    """A socket of which an answer is read, and which stays open."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def makefile(self, _: str) -> Any:
        return _Open(self._stream)


class _Open:
    def __init__(self, stream: Any) -> None:
        self.read, self.readline, self.readinto = stream.read, stream.readline, stream.readinto

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


@contextlib.contextmanager
def dialogue(server: Live) -> Iterator[Dialogue]:
    """A connection to a server."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        said = Dialogue(opened)
        try:
            yield said
        finally:
            said.close()


def head(*fields: str, path: str = V1, method: str = "POST", version: str = "1.1", host: str = "x") -> bytes:
    """The head of a request."""
    named = [f"Host: {host}"] if host else []
    return "\r\n".join([f"{method} {path} HTTP/{version}", *named, *fields, "", ""]).encode("latin-1")


def request(body: bytes, *fields: str, path: str = V1) -> bytes:
    """A whole request that scores."""
    return head(f"Content-Length: {len(body)}", *fields, path=path) + body


def chunks(*parts: bytes, trailers: bytes = b"") -> bytes:
    """A body in chunks."""
    sent = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return sent + b"0\r\n" + trailers + b"\r\n"
