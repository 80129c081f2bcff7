"""Slow senders: each holds a connection and sends one byte of a request a second."""

import asyncio
import contextlib
import threading

HOST, SECOND = "127.0.0.1", 1.0
HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(200)


class SlowSenders:
    """As many slow senders as asked for, in a thread, while the context lasts.

    Attributes:
        closed: How often a server closed one of their connections; it is opened anew then.
    """

    def __init__(self, port: int, path: str, count: int, grpc: bool = False) -> None:
        """Take where to send to; nothing is sent yet."""
        self.closed = 0
        head = f"POST {path} HTTP/1.1\r\nhost: slow\r\ncontent-type: application/json\r\n".encode()
        # the first half is slow in its headers, the other one in its body
        in_head = (b"", head + b"x-slow: " + b"a" * 400)
        in_body = (head + b"content-length: 400\r\n\r\n", b" " * 400)
        kinds = [(b"", HTTP2)] if grpc else [in_head, in_body]
        self._texts = [kinds[number % len(kinds)] for number in range(count)]
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "SlowSenders":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(self._loop)])
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*(self._send(*text) for text in self._texts))

    async def _send(self, at_once: bytes, slowly: bytes) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(HOST, self._port)
                writer.write(at_once)
                with contextlib.suppress(OSError):
                    await self._dribble(reader, writer, slowly)
                self.closed += 1
                writer.close()
            await asyncio.sleep(0.1)

    @staticmethod
    async def _dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, text: bytes) -> None:
        for place in range(len(text)):
            writer.write(text[place : place + 1])
            await asyncio.sleep(SECOND)
            if reader.at_eof():
                return
