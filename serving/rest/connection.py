"""One HTTP connection, with the limits that uvicorn does not have: time to send a request, size of its head, number."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from serving.limits import Limits
from serving.metrics import Metrics
from serving.refusal import RefusalError
from serving.request_id import request_id
from serving.rest.call import as_json
from serving.rest.inline import Inline, Request

LARGEST_HEAD = 64 * 1024


class Connection(HttpToolsProtocol):
    """A connection that is closed when its client is too slow, sends a head too large, or is one too many."""

    def __init__(self, inline: Inline, limits: Limits, metrics: Metrics, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._inline, self._limits, self._metrics = inline, limits, metrics
        self._request: Request | None = None  # one that is answered as soon as it is whole
        self._last = False  # whether it is the last one of the connection
        self._since = self.loop.time()
        self._incoming = False  # a request began and is not whole yet
        self._head = 0  # bytes of a head that is not whole yet
        self._in_head = False
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
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._since, self._incoming = self.loop.time(), True
        self._in_head, self._head = True, 0

    def on_headers_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._in_head = False
        if self._idle() and not self.flow.write_paused and self.parser.get_http_version() == "1.1":
            self._request = self._inline.begun(self.parser.get_method(), self.url, self.headers)
        if self._request is None:
            url, headers, expects = self.url, self.headers, self.expect_100_continue
            super().on_message_begin()  # makes the scope, which only the door needs
            self.url, self.expect_100_continue = url, expects
            self.headers.extend(headers)
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """See `httptools.HttpRequestParser`."""
        if self._request is None:
            super().on_body(body)
        else:
            self._request.parts.append(body)

    def on_message_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self._incoming = False
        if self._request is None:
            super().on_message_complete()
            return
        request, self._request = self._request, None
        if self.transport.is_closing():
            return
        self._since = self.loop.time()
        keep = self.parser.should_keep_alive() and not self._last
        answer, keep = self._inline.answered(request, keep, self.server_state.default_headers)
        self.transport.write(answer)
        if not keep:
            self.transport.close()

    def shutdown(self) -> None:
        """See `uvicorn`: end, once the request under way is answered."""
        if self._request is not None:
            self._last = True
        else:
            super().shutdown()

    def _idle(self) -> bool:
        """Whether no answer is owed."""
        return self._request is None and (self.cycle is None or self.cycle.response_complete)

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
        elif not self._incoming and self._idle() and now - self._since > self._limits.idle_seconds:
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
