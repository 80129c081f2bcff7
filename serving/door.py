"""The door: the outermost layer of the server, which answers predict and infer, and lets little else through."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from serving.body import read_body
from serving.predictor import MOST_ROWS, Predictor
from serving.refusal import RefusalError
from serving.v1 import read_v1, write_v1
from serving.v2 import read_v2, wanted_outputs, write_v2

LARGEST_BODY = 1024 * 1024
DRAIN_BYTES, DRAIN_SECONDS = 4 * LARGEST_BODY, 1.0
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Answer = Callable[[dict[str, Any]], dict[str, Any]]

log = logging.getLogger("tollgate.serving")


class Door:
    """An ASGI application in front of KServe's.

    Predict and infer are answered here; the listed GET routes go through to KServe; all else is refused.
    """

    def __init__(self, app: App, predictor: Predictor) -> None:
        self._app = app
        self._predictor = predictor
        name = predictor.name
        self._answers: dict[str, Answer] = {
            f"/v1/models/{name}:predict": self._predict,
            f"/v2/models/{name}/infer": self._infer,
        }
        self._through = {
            "/",
            "/metrics",
            "/v1/models",
            f"/v1/models/{name}",
            "/v2",
            "/v2/health/live",
            "/v2/health/ready",
            "/v2/models",
            f"/v2/models/{name}",
            f"/v2/models/{name}/ready",
        }

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path in self._through and method in ("GET", "HEAD"):
            # KServe's routes know no HEAD; the body of an answer to it is dropped on the way out.
            await self._app({**scope, "method": "GET"}, receive, send)
            return
        try:
            status, content = 200, _json(await self._answer(scope, receive))
        except RefusalError as refusal:
            status, content = refusal.status, _json(refusal.as_json())
        except Exception:
            log.exception("a request could not be answered")
            failure = RefusalError(500, "the server failed; its log says why")
            status, content = failure.status, _json(failure.as_json())
        await self._send(send, path, status, content)

    async def _answer(self, scope: Message, receive: Receive) -> dict[str, Any]:
        answer = self._answers.get(scope["path"])
        if answer is None:
            raise self._unknown(scope["path"])
        if scope["method"] != "POST":
            raise RefusalError(405, f"{scope['method']} is not allowed here; send POST")
        body = await _body(scope, receive)
        try:
            return answer(read_body(body))
        except RecursionError:  # in reading it, or in showing what is wrong with it
            raise RefusalError(400, "the body is nested too deeply") from None

    def _predict(self, body: dict[str, Any]) -> dict[str, Any]:
        return write_v1(self._predictor.score(read_v1(body)))

    def _infer(self, body: dict[str, Any]) -> dict[str, Any]:
        outputs = wanted_outputs(body)
        scores = self._predictor.score(list(read_v2(body, MOST_ROWS)))
        return write_v2(scores, body, outputs, self._predictor.name, self._predictor.digest[:12])

    def _unknown(self, path: str) -> RefusalError:
        if path in self._through:
            return RefusalError(405, "only GET is allowed here")
        routes = ", ".join(self._answers)
        return RefusalError(404, f"there is nothing at {path[:100]!r}; rows are scored at {routes}")

    async def _send(self, send: Send, path: str, status: int, content: bytes) -> None:
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
        ]
        if status == 405:
            headers.append((b"allow", b"POST" if path in self._answers else b"GET, HEAD"))
        if status == 413:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


async def _body(scope: Message, receive: Receive) -> bytes:
    """The whole body, as long as it is not too large."""
    headers = dict(scope["headers"])
    if headers.get(b"content-encoding", b"").strip().lower() not in (b"", b"identity"):
        raise RefusalError(415, "a compressed body is not read; send it without Content-Encoding")
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        raise await _too_large(receive)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusalError(400, "the connection was closed before the body was whole")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            raise await _too_large(receive)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _too_large(receive: Receive) -> RefusalError:
    """The refusal of a body, once what is under way was taken and dropped: whoever still sends reads no answer."""
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while size < DRAIN_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body", False):
                    break
    return RefusalError(413, f"the body is larger than {LARGEST_BODY} bytes; send fewer rows at once")
