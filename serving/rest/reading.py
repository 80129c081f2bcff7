"""The reading half of an HTTP connection: uvicorn's, but that heads are checked, trailers dropped, upgrades ignored."""

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from serving.refusal import RefusalError
from serving.rest.head import (
    LARGEST_HEAD,
    MOST_FIELDS,
    refuse_large,
    refuse_unsound,
    too_large,
    too_many,
    without_upgrade,
)


class Reading(HttpToolsProtocol):
    """A connection that reads requests, and holds little of what is not a body."""

    def __init__(self, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._incoming = False  # a request began and is not whole yet
        self._since = self.loop.time()  # when it began, or the last one was whole
        self._in_fields = False  # what may come is no body: a head, trailers, or the line before a chunk
        self._fields = 0  # bytes of it, but for those of the read in which it began
        self._wrong: RefusalError | None = None  # why the parser was stopped
        self._ending: RefusalError | None = None  # said when all before it is answered; no more is read

    def refuse(self, wrong: RefusalError) -> None:
        """Refuse what comes in, and all that follows it."""
        raise NotImplementedError

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._unset_keepalive_if_required()
        if len(data) <= LARGEST_HEAD:
            self._read(data)
            return
        for start in range(0, len(data), LARGEST_HEAD):
            self._read(data[start : start + LARGEST_HEAD])

    def _read(self, data: bytes) -> None:
        """Parse so little that a head which begins and ends in it is not too large."""
        if self._ending is not None or self.transport.is_closing():
            return
        self._fields += len(data)
        while data:
            try:
                self.parser.feed_data(data)
                break
            except httptools.HttpParserUpgrade as stopped:
                data = self._without_offer(data[stopped.args[0] :])
            except httptools.HttpParserError:
                self.refuse(self._wrong or RefusalError(400, "Invalid HTTP request received."))
                return
        if self._in_fields and self._fields >= LARGEST_HEAD:
            self.refuse(too_large())

    def _without_offer(self, following: bytes) -> bytes:
        """What to parse when the parser has stopped at the end of a head that offers another protocol.

        The offer is not taken: the head is parsed again without it, and then what follows, as the body that it is.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version()
        if method == b"CONNECT":
            self.refuse(RefusalError(400, "CONNECT is not taken: this is no proxy"))
            return b""
        self.parser = httptools.HttpRequestParser(self)  # the other may take this request for the last
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        return without_upgrade(method, self.url, version, self.headers) + following

    def _stopped(self, wrong: RefusalError) -> httptools.HttpParserError:
        """What stops the parser."""
        self._wrong = wrong
        return httptools.HttpParserError()

    def on_message_begin(self) -> None:
        """See `httptools.HttpRequestParser`."""
        self.url, self.headers = b"", []
        self._since, self._incoming = self.loop.time(), True
        self._in_fields, self._fields = True, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """See `httptools.HttpRequestParser`."""
        headers = self.headers
        headers.append((name.lower(), value.rstrip()))  # of blanks and tabs: the parser lets no other through
        if len(headers) > MOST_FIELDS:
            raise self._stopped(too_many())

    def on_headers_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        try:
            if self._fields:  # the head came in more than one read
                refuse_large(self.url, self.headers)
            self._fields = 0
            if not self.parser.should_upgrade():  # else it comes again, without the offer
                refuse_unsound(self.parser.get_http_version(), self.headers)
                self.hand_over()
        except RefusalError as wrong:
            raise self._stopped(wrong) from None

    def hand_over(self) -> None:
        """Begin a request that the application answers."""
        url, headers = self.url, self.headers
        super().on_message_begin()  # makes the scope, which only the application needs
        self.url = url
        self.headers.extend(headers)
        self.expect_100_continue = any(
            name == b"expect" and value.lower() == b"100-continue" for name, value in headers
        )
        super().on_headers_complete()
        self.headers = []  # for trailers, which nobody looks at

    def on_chunk_header(self) -> None:
        """See `httptools.HttpRequestParser`: either a chunk follows or trailers do."""
        self._in_fields, self._fields = True, 0

    on_chunk_complete = on_chunk_header  # the line of the next one follows

    def on_body(self, body: bytes) -> None:
        """See `httptools.HttpRequestParser`."""
        self._in_fields = False
        super().on_body(body)

    def on_message_complete(self) -> None:
        """See `httptools.HttpRequestParser`."""
        if self.parser.should_upgrade():
            return
        self._incoming = self._in_fields = False
        super().on_message_complete()
