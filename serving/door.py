"""The door: the outermost layer of the server, which answers predict and infer, and lets little else through."""

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
        """Answer one request; WebSockets are not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path in self._through and method in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        try:
            answer = self._answers.get(path)
            if answer is None:
                raise self._unknown(path)
            if method != "POST":
                raise RefusalError(405, f"{method} is not allowed here; send POST")
            status, body = 200, answer(read_body(await _body(scope, receive)))
        except RefusalError as refusal:
            status, body = refusal.status, refusal.as_json()
            if status >= 500:
                log.error("%s", refusal)
        await self._send(send, status, body)

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

    async def _send(self, send: Send, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(content)).encode()),
            (b"x-tollgate-bundle", self._predictor.digest.encode()),
        ]
        if status == 413:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


async def _body(scope: Message, receive: Receive) -> bytes:
    """The whole body, as long as it is not too large; what is announced too large is not read."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        raise _too_large()
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusalError(400, "the connection was closed before the body was whole")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large() -> RefusalError:
    return RefusalError(413, f"the body is larger than {LARGEST_BODY} bytes; send fewer rows at once")
