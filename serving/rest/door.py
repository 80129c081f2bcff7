"""The door: the outermost layer of the server, which answers most requests, and lets little else through."""

import logging
from collections.abc import Callable, Mapping
from time import perf_counter

from serving.limits import Limits
from serving.metrics import Metrics
from serving.refusal import RefusalError
from serving.request_id import request_id
from serving.rest.asgi import App, Message, Receive, Send
from serving.rest.call import Answer, Call, Headers, as_json
from serving.rest.incoming import whole_body
from serving.rest.routes import Route

OTHER = "other"
log = logging.getLogger("tollgate.serving")


class Door:
    """An ASGI application in front of KServe's.

    Limits and metrics are applied to every request. Predict, explain and infer are answered here; the listed GET
    routes go through to KServe; all else is refused.

    Attributes:
        routes: The open routes by path.
        draining: Whether the server is about to end: it is not ready any more, and asks for no further requests.
    """

    def __init__(self, app: App, routes: Mapping[str, Route], limits: Limits, metrics: Metrics) -> None:
        self._app, self.routes, self._limits, self._metrics = app, routes, limits, metrics
        self._open = ", ".join(
            path
            for path, route in routes.items()
            if route.method == "POST" and "{version}" not in route.template
        )
        self.draining = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        started = perf_counter()
        headers: Headers = dict(scope["headers"])
        given = request_id(headers.get(b"x-request-id"))
        route, method = self.routes.get(scope["path"]), _method(scope)
        if route is not None and method == "GET" and self.draining and route.draining is not None:
            status = route.draining.status
            await self._send(send, route.draining, given)
        elif route is not None and route.answer is None and method == "GET":
            status = await self._through(route, scope, receive, send, given)
        else:
            answer = await self._answer(route, scope, headers, receive, given)
            status = answer.status
            await self._send(send, answer, given)
        template = OTHER if route is None else route.template
        self._metrics.answered("rest", template, status, perf_counter() - started)

    async def _through(self, route: Route, scope: Message, receive: Receive, send: Send, given: str) -> int:
        """Let KServe answer."""
        status = 500

        async def outwards(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *self._always(given)]
            await send(message)

        inwards = {**scope, "method": "GET", "path": route.stock, "raw_path": route.stock.encode()}
        await self._app(inwards, receive, outwards)
        return status

    async def _answer(
        self, route: Route | None, scope: Message, headers: Headers, receive: Receive, given: str
    ) -> Answer:
        try:
            if route is None:
                raise RefusalError(
                    404, f"there is nothing at {scope['path'][:100]!r}; rows are scored at {self._open}"
                )
            answer = route.answer
            if answer is None or _method(scope) != route.method:
                return _not_allowed(route, scope["method"])
            body = await whole_body(headers, receive, self._limits.body) if route.method == "POST" else b""
        except RefusalError as refusal:
            return self._refused(refusal)
        return self._called(answer, Call(body, headers, scope["query_string"], given))

    def at_once(
        self, answer: Callable[[Call], Answer], headers: Headers, body: bytes
    ) -> tuple[Answer, list[tuple[bytes, bytes]]]:
        """The answer of a route to a request that is whole, and the headers of the answer."""
        given = request_id(headers.get(b"x-request-id"))
        found = self._called(answer, Call(body, headers, b"", given))
        return found, self._headers(found, given)

    def _called(self, answer: Callable[[Call], Answer], call: Call) -> Answer:
        try:
            return answer(call)
        except RefusalError as refusal:
            return self._refused(refusal)
        except RecursionError:  # in reading it, or in showing what is wrong with it
            return self._refused(RefusalError(400, "the body is nested too deeply"))
        except Exception:
            log.exception("a request could not be answered", extra={"request_id": call.id})
            return self._refused(RefusalError(500, "the server failed; its log says why"))

    def _refused(self, refusal: RefusalError) -> Answer:
        self._metrics.refused(refusal.details)
        headers = ((b"connection", b"close"),) if refusal.status == 413 else ()
        return Answer(_json(refusal), status=refusal.status, headers=headers)

    async def _send(self, send: Send, answer: Answer, given: str) -> None:
        headers = self._headers(answer, given)
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.content})

    def _headers(self, answer: Answer, given: str) -> list[tuple[bytes, bytes]]:
        return [
            (b"content-type", answer.kind),
            (b"content-length", b"%d" % len(answer.content)),
            *answer.headers,
            *self._always(answer.id or given),
        ]

    def _always(self, given: str) -> tuple[tuple[bytes, bytes], ...]:
        """What every answer carries, besides the bundle's digest."""
        id_header = (b"x-request-id", given.encode())
        return (id_header, (b"connection", b"close")) if self.draining else (id_header,)


def _method(scope: Message) -> str:
    """The method, HEAD as GET: the body of an answer to HEAD is dropped on the way out."""
    method: str = scope["method"]
    return "GET" if method == "HEAD" else method


def _not_allowed(route: Route, method: str) -> Answer:
    allowed = "POST" if route.method == "POST" else "GET, HEAD"
    refusal = RefusalError(405, f"{method} is not allowed here; send {allowed.partition(',')[0]}")
    return Answer(_json(refusal), status=405, headers=((b"allow", allowed.encode()),))


def _json(refusal: RefusalError) -> bytes:
    return as_json(refusal.as_json())
