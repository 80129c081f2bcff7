"""One HTTP connection, with the limits that uvicorn does not have: time to send a request, size of its head, number."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from serving.limits import Limits
from serving.metrics import Metrics
from serving.refusal import RefusalError
from serving.request_id import request_id
from serving.rest.call import as_json

LARGEST_HEAD = 64 * 1024


class Connection(HttpToolsProtocol):
    """A connection that is closed when its client is too slow, sends a head too large, or is one too many."""

    def __init__(self, limits: Limits, metrics: Metrics, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._limits, self._metrics = limits, metrics
        self._asked = 0  # requests that began
        self._since = self.loop.time()
        self._incoming = False  # a request began and is not whole yet
        self._head = 0  # bytes of a head that is not whole yet
        self._in_head = True
        self._unread_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        crowded = len(self.connections) >= self._limits.connections
        super().connection_made(transport)
        if crowded:
            self._refuse(503, f"{self._limits.connections} connections are open already; try again")

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD and not self.transport.is_closing():
                self._refuse(431, f"the head of the request is larger than {LARGEST_HEAD} bytes")

    def on_message_begin(self) -> None:
        """See `httptools.HttpRequestParser`."""
        super().on_message_begin()
        self._asked += 1
        self._since, self._incoming, self._in_head = self.loop.time(), True, True

    def on_headers_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._in_head, self._head = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._incoming, self._in_head = False, True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in the shape of every other refusal."""
        self._refuse(400, msg)

    def expire(self, now: float) -> None:
        """Close the connection if its client has kept it waiting for too long.

        Args:
            now: The event loop's time.
        """
        if self._never_taken(now):
            self.transport.abort()
        elif self._incoming and now - self._since > self._limits.read_seconds:
            self._refuse(408, f"the request was not whole after {self._limits.read_seconds:g} seconds")
        elif not self._asked and now - self._since > self._limits.idle_seconds:
            self.transport.close()

    def _never_taken(self, now: float) -> bool:
        """Whether an answer lies there that the client does not read."""
        if not self.transport.get_write_buffer_size():
            self._unread_since = None
            return False
        if self._unread_since is None:
            self._unread_since = now
        return now - self._unread_since > self._limits.read_seconds

    def _refuse(self, status: int, why: str) -> None:
        """Answer outside of the application, and close."""
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self._metrics.answered("rest", "other", status, 0.0)
            content = as_json(RefusalError(status, why).as_json())
            lines = [
                *((name, value) for name, value in self.server_state.default_headers),
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(content)),
                (b"x-request-id", request_id().encode()),
                (b"connection", b"close"),
            ]
            head = b"".join(b"%b: %b\r\n" % line for line in lines)
            self.transport.write(STATUS_LINE[status] + head + b"\r\n" + content)
        self.transport.close()
