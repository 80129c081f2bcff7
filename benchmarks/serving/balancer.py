"""A small balancer: new requests go to ready servers only, over connections that stay open; nothing is tried twice."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable

from benchmarks.serving.http1 import Message, read_message, request

HOST, READY, EVERY, SLOWEST = "127.0.0.1", "/v2/health/ready", 0.1, 1.0
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"
BROKEN = (OSError, asyncio.IncompleteReadError, ValueError)
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Backend:
    """One server behind the balancer.

    Attributes:
        ready: Whether it answered 200 when it was last asked.
        sent: How many requests it got.
    """

    def __init__(self, port: int) -> None:
        """Take its port; it is not ready until it says so."""
        self.ready, self.sent = False, 0
        self._port = port
        self._idle: list[Stream] = []

    async def poll(self) -> None:
        """Ask again and again whether it is ready."""
        while True:
            try:
                self.ready = await asyncio.wait_for(self._asked(), SLOWEST)
            except (*BROKEN, TimeoutError):
                self.ready = False
            await asyncio.sleep(EVERY)

    async def forward(self, message: Message) -> Message:
        """Send a request on, over a connection that is open already where there is one."""
        self.sent += 1
        while self._idle and (self._idle[-1][0].at_eof() or self._idle[-1][1].is_closing()):
            self._idle.pop()[1].close()  # the server has closed it, and we know
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection(HOST, self._port)
        try:
            writer.write(message.head + message.body)
            answer = await read_message(reader)
        except BROKEN:
            writer.close()
            raise
        if answer.closes:
            writer.close()
        else:
            self._idle.append((reader, writer))
        return answer

    async def _asked(self) -> bool:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        try:
            writer.write(request("GET", READY))
            return (await read_message(reader)).status == 200
        finally:
            writer.close()


class Balancer:
    """Takes turns among the ready backends.

    Attributes:
        failures: What went wrong, as text.
    """

    def __init__(self, ports: list[int]) -> None:
        """Take the ports of the servers."""
        self.backends = [Backend(port) for port in ports]
        self.failures: list[str] = []
        self._turn: Callable[[], int] = itertools.count().__next__

    async def serve(self, connected: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        """Answer the requests of one client."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                message = await read_message(connected)
                client.write(await self._answer(message))
        client.close()

    async def _answer(self, message: Message) -> bytes:
        ready = [backend for backend in self.backends if backend.ready]
        if not ready:
            self.failures.append("no server was ready")
            return BAD_GATEWAY
        try:
            answer = await ready[self._turn() % len(ready)].forward(message)
        except BROKEN as error:
            self.failures.append(type(error).__name__)
            return BAD_GATEWAY
        return answer.head + answer.body
