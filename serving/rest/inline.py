"""Answering a request in the call that brought its last byte: no task, no messages, one write.

See docs/decisions/answered-inline.md for what that saves. All that is out of the way goes through the door, by ASGI.
"""

from collections.abc import Callable, Sequence
from time import perf_counter

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from serving.limits import Limits
from serving.metrics import Metrics
from serving.rest.call import Answer, Call, Headers
from serving.rest.door import Door

# What changes how a body is read: left to the door.
_UNUSUAL = frozenset({b"content-encoding", b"transfer-encoding", b"expect", b"upgrade"})
Lines = Sequence[tuple[bytes, bytes]]


class Inline:
    """The routes that are answered at once, of one server."""

    def __init__(self, door: Door, limits: Limits, metrics: Metrics) -> None:
        self._door, self._most, self._metrics = door, limits.body, metrics
        self._routes = {
            path.encode(): (route.template, route.answer)
            for path, route in door.routes.items()
            if route.method == "POST" and route.answer is not None
        }
        self._default: Lines = ()
        self._default_head = b""

    def begun(self, method: bytes, url: bytes, lines: Lines) -> "Request | None":
        """A request whose head is there, where it can be answered at once; else None.

        Args:
            method: Its method.
            url: Its address as it was sent.
            lines: Its headers, names in lower case.
        """
        route = self._routes.get(url)
        if route is None or method != b"POST":
            return None
        headers = dict(lines)
        if len(headers) != len(lines) or b"host" not in headers:
            return None  # the door has a closer look
        length = headers.get(b"content-length", b"")
        if not length.isdigit() or int(length) > self._most or not _UNUSUAL.isdisjoint(headers):
            return None
        return Request(*route, headers)

    def answered(self, request: "Request", keep: bool, default: Lines) -> tuple[bytes, bool]:
        """The whole answer to a request, and whether the connection stays open.

        Args:
            request: The request, whole.
            keep: Whether its client wants the connection to stay open.
            default: The headers that uvicorn gives every answer.
        """
        answer, lines = self._door.at_once(request.answer, request.headers, b"".join(request.parts))
        keep = keep and (b"connection", b"close") not in lines
        if default is not self._default:  # uvicorn makes them anew each second, for the date
            self._default, self._default_head = default, _head(default)
        end = b"\r\n" if keep or (b"connection", b"close") in lines else b"connection: close\r\n\r\n"
        whole = b"".join((STATUS_LINE[answer.status], self._default_head, _head(lines), end, answer.content))
        self._metrics.answered("rest", request.template, answer.status, perf_counter() - request.started)
        return whole, keep


class Request:
    """A request that is answered at once when its body is whole.

    Attributes:
        template: Its route's path as metrics name it.
        answer: What answers it.
        headers: Its headers.
        parts: What came of its body.
        started: When its head was there.
    """

    __slots__ = ("answer", "headers", "parts", "started", "template")

    def __init__(self, template: str, answer: Callable[[Call], Answer], headers: Headers) -> None:
        self.template, self.answer, self.headers = template, answer, headers
        self.parts: list[bytes] = []
        self.started = perf_counter()


def _head(lines: Lines) -> bytes:
    return b"".join([b"%b: %b\r\n" % line for line in lines])
