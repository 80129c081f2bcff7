"""One HTTP connection, with the limits that uvicorn does not have: time to send a request, and number."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from serving.limits import Limits
from serving.metrics import Metrics
from serving.refusal import RefusalError
from serving.request_id import request_id
from serving.rest.call import as_json
from serving.rest.inline import Inline, Request
from serving.rest.reading import Reading


class Connection(Reading):
    """A connection that is closed when its client is too slow, sends what is no request, or is one too many.

    Requests are answered in the order in which they came; a refusal that ends the connection comes after the answers
    to all that came before it.
    """

    def __init__(self, inline: Inline, limits: Limits, metrics: Metrics, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._inline, self._limits, self._metrics = inline, limits, metrics
        self._request: Request | None = None  # one that is answered as soon as it is whole
        self._last = False  # whether it is the last one of the connection
        self._receiving: RequestResponseCycle | None = None  # one of the application's that is not whole yet
        self._answering: RequestResponseCycle | None = None  # the application's latest that is its turn
        self._unread_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See `asyncio.Protocol`."""
        crowded = len(self.connections) >= self._limits.connections
        super().connection_made(transport)
        if crowded:
            self.refuse(
                RefusalError(503, f"{self._limits.connections} connections are open already; try again")
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._abandon()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        if (
            not self._fields  # the head came in one read
            and self._idle()
            and not self.flow.write_paused
            and self.parser.get_http_version() == "1.1"
        ):
            self._request = self._inline.begun(self.parser.get_method(), self.url, self.headers)
            if self._request is not None:
                self._in_fields = False
                return
        super().on_headers_complete()

    def hand_over(self) -> None:
        """See `Reading`."""
        super().hand_over()
        self._receiving = self.cycle

    def on_body(self, body: bytes) -> None:
        """See `httptools.HttpRequestParser`."""
        if self._request is None:
            super().on_body(body)
        else:
            self._request.parts.append(body)

    def on_message_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        if self._request is None:
            self._receiving = None
            super().on_message_complete()
            return
        self._incoming = False
        request, self._request = self._request, None
        if self.transport.is_closing():
            return
        self._since = self.loop.time()
        keep = self.parser.should_keep_alive() and not self._last
        answer, keep = self._inline.answered(request, keep, self.server_state.default_headers)
        self.transport.write(answer)
        if not keep:
            self.transport.close()

    def on_response_complete(self) -> None:
        """See `uvicorn`: begin with the next."""
        if self._ending is None or self.pipeline or self.transport.is_closing():
            super().on_response_complete()
        else:
            self._end(self._ending)

    def shutdown(self) -> None:
        """See `uvicorn`: end, once the request under way is answered."""
        if self._request is not None:
            self._last = True
        elif self._idle():
            self.transport.close()
        else:
            super().shutdown()

    def expire(self, now: float) -> None:
        """Close the connection if its client has kept it waiting for too long.

        Args:
            now: The event loop's time.
        """
        if self._never_taken(now):
            self._abandon()
            self.transport.abort()
        elif self._incoming and now - self._since > self._limits.read_seconds:
            seconds = f"{self._limits.read_seconds:g} seconds"
            self.refuse(RefusalError(408, f"the request was not whole after {seconds}"))
        elif not self._incoming and self._idle() and now - self._since > self._limits.idle_seconds:
            self.transport.close()

    def refuse(self, wrong: RefusalError) -> None:
        """Answer outside of the application, once all that came before is answered, and close."""
        self._incoming, self._request = False, None
        broken, self._receiving = self._receiving, None
        if broken is not None and broken is self._answering:
            broken.disconnected = True
            self._end(None if broken.response_started else wrong)
            return
        if broken is not None:
            self.pipeline.popleft()  # it is behind others, and will never be whole
        if self._idle():
            self._end(wrong)
        else:
            self._ending = wrong

    def _end(self, wrong: RefusalError | None) -> None:
        if wrong is not None:
            self._metrics.answered("rest", "other", wrong.status, 0.0)
            content = as_json(wrong.as_json())
            lines = [
                *((name, value) for name, value in self.server_state.default_headers),
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(content)),
                (b"x-request-id", request_id().encode()),
                (b"connection", b"close"),
            ]
            head = b"".join(b"%b: %b\r\n" % line for line in lines)
            self.transport.write(STATUS_LINE[wrong.status] + head + b"\r\n" + content)
        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _idle(self) -> bool:
        """Whether no answer is owed."""
        answering = self._answering
        return self._request is None and (answering is None or answering.response_complete)

    def _never_taken(self, now: float) -> bool:
        """Whether an answer lies there that the client does not read."""
        if not self.transport.get_write_buffer_size():
            self._unread_since = None
            return False
        if self._unread_since is None:
            self._unread_since = now
        return now - self._unread_since > self._limits.read_seconds

    def _abandon(self) -> None:
        """Let the application know that nobody waits for its answer: uvicorn tells the last one in line alone."""
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()
