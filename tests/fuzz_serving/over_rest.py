"""Requests over REST: many at once on kept connections, odd ones each on its own."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence

import httptools

from tests.fuzz_serving.answers import Answer, taken, wrong
from tests.fuzz_serving.cases import Case, Cases
from tests.fuzz_serving.found import Told

PATIENCE = 5.0
AT_ONCE = 24
CONNECTIONS = 4
TOGETHER = AT_ONCE * CONNECTIONS * 4


class Connection(asyncio.Protocol):
    """A connection that keeps what comes."""

    def __init__(self) -> None:
        self.came = bytearray()
        self.ended = False
        self._more = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.came += data
        self._more.set()

    def connection_lost(self, _: Exception | None) -> None:
        self.ended = True
        self._more.set()

    async def answer(self, to_head: bool = False) -> Answer | None:
        """The next answer; None where the connection ends without one.

        Raises:
            TimeoutError: Nothing came in time.
            ValueError: What came is no answer.
        """
        async with asyncio.timeout(PATIENCE):
            while True:
                found = taken(self.came, to_head)
                if found is not None or self.ended:
                    return found
                self._more.clear()
                await self._more.wait()


class OverRest:
    """Sends cases to a server, and looks at what comes back."""

    def __init__(self, port: int, digest: str, cases: Cases, told: Told) -> None:
        """Prepare.

        Args:
            port: The server's port.
            digest: The digest of its bundle.
            cases: The cases.
            told: Called for each finding.
        """
        self._port, self._digest, self._cases, self._told = port, digest, cases, told
        self.counts: Counter[str] = Counter()

    async def run(self, seed: int, first: int, end: int) -> None:
        """Send the cases from one number to another."""
        for start in range(first, end, TOGETHER):
            numbers = range(start, min(end, start + TOGETHER))
            found = {number: self._cases.case(seed, number) for number in numbers}
            alone = [number for number, case in found.items() if case.alone]
            others = [number for number, case in found.items() if not case.alone]
            await asyncio.gather(
                *(self._many(found, others[place::CONNECTIONS]) for place in range(CONNECTIONS)),
                self._each(found, alone),
            )

    async def _many(self, cases: dict[int, Case], numbers: Sequence[int]) -> None:
        """Cases on one connection, some at once; on another one where the server ends it, as it may."""
        waiting = list(numbers)
        while waiting:
            transport, connection = await self._connected()
            try:
                while waiting and not connection.ended:
                    now = waiting[:AT_ONCE]
                    transport.write(b"".join(cases[number].sent for number in now))
                    done, last = await self._settled(connection, cases, now)
                    del waiting[:done]
                    if last:
                        break
            finally:
                transport.abort()

    async def _settled(
        self, connection: Connection, cases: dict[int, Case], numbers: Sequence[int]
    ) -> tuple[int, bool]:
        """How many of the cases sent were answered, and whether the connection is of no more use."""
        for done, number in enumerate(numbers):
            sent = cases[number].sent
            try:
                answer = await connection.answer()
            except (TimeoutError, ValueError) as error:
                self._told(number, sent, str(error) or f"no answer within {PATIENCE:g} seconds")
                return done + 1, True
            if answer is None:
                self._told(number, sent, "the connection was ended without an answer")
                return done + 1, True
            self._look(number, sent, answer)
            if answer.last:
                return done + 1, True
        return len(numbers), False

    async def _each(self, cases: dict[int, Case], numbers: Sequence[int]) -> None:
        for number in numbers:
            sent = cases[number].sent
            problem = await self.alone(number, sent)
            if problem:
                self._told(number, sent, problem)

    async def alone(self, number: int, sent: bytes) -> str | None:
        """Send bytes that may be anything on a connection of their own; what is wrong with the answers, if any."""
        expected, to_head = asked(sent)
        with contextlib.suppress(OSError):
            transport, connection = await self._connected()
            transport.write(sent)
            try:
                for place in range(expected):
                    answer = await connection.answer(to_head[place])
                    if answer is None:
                        return None if place else "the connection was ended without an answer"
                    self.counts[f"{answer.status // 100}xx"] += 1
                    problem = wrong(answer, self._digest, to_head[place])
                    if problem or answer.last:
                        return problem
            except (TimeoutError, ValueError) as error:
                return str(error) or f"no answer within {PATIENCE:g} seconds"
            finally:
                transport.abort()
        if not expected:
            self.counts["never whole"] += 1
        return None

    def _look(self, number: int, sent: bytes, answer: Answer) -> None:
        self.counts[f"{answer.status // 100}xx"] += 1
        problem = wrong(answer, self._digest)
        if problem:
            self._told(number, sent, problem)

    async def _connected(self) -> tuple[asyncio.Transport, Connection]:
        loop = asyncio.get_running_loop()
        transport, connection = await loop.create_connection(Connection, "127.0.0.1", self._port)
        return transport, connection


class _Asked:
    """What a parser of requests finds, as the server's does."""

    def __init__(self) -> None:
        self.heads: list[bool] = []
        self.whole = 0
        self.parser = httptools.HttpRequestParser(self)

    def on_headers_complete(self) -> None:
        self.heads.append(self.parser.get_method() == b"HEAD")

    def on_message_complete(self) -> None:
        self.whole += 1


def asked(sent: bytes) -> tuple[int, list[bool]]:
    """How many answers some bytes must have, and which of them have no body: those to HEAD.

    The server may say more, or end the connection early, but it must answer each request that is whole, and one
    that is none.
    """
    found = _Asked()
    try:
        found.parser.feed_data(sent)
        expected = found.whole
    except httptools.HttpParserUpgrade:
        expected = found.whole
    except httptools.HttpParserError:
        expected = found.whole + 1
    return expected, [*found.heads, *[False] * (expected + 1)]
