"""A rolling restart under load: two servers behind a balancer, each in turn ended by SIGTERM and started again."""

import asyncio
import collections
import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.serving.balancer import Balancer
from benchmarks.serving.http1 import read_message, request
from benchmarks.serving.process import Server

HOST, CLIENTS, RATE, PATIENCE = "127.0.0.1", 16, 800, 60.0
Start = Callable[[int], Server]


@dataclass
class Rolled:
    """What came of it.

    Attributes:
        statuses: Answers by status; 0 where there was none.
        exits: The exit statuses of the servers that were ended.
        drains: Seconds from SIGTERM to the end of each.
        failures: What the balancer could not do, counted.
        seconds: How long it took.
    """

    statuses: collections.Counter[int] = field(default_factory=collections.Counter)
    exits: list[int] = field(default_factory=list)
    drains: list[float] = field(default_factory=list)
    failures: collections.Counter[str] = field(default_factory=collections.Counter)
    seconds: float = 0.0


async def rolled(start: Start, ports: list[int], path: str, bodies: list[bytes], requests: int) -> Rolled:
    """Send so many requests at a constant rate while the servers are restarted over and over."""
    found, left = Rolled(), iter(range(requests))
    servers = [await asyncio.to_thread(start, port) for port in ports]
    balancer = Balancer(ports)
    polls = [asyncio.create_task(backend.poll()) for backend in balancer.backends]
    listening = await asyncio.start_server(balancer.serve, HOST, 0)
    port = listening.sockets[0].getsockname()[1]
    await _ready(balancer)
    begun = time.perf_counter()
    clients = [asyncio.create_task(_client(port, path, bodies, left, begun, found)) for _ in range(CLIENTS)]
    load = asyncio.gather(*clients)
    try:
        while not load.done():
            for place, where in enumerate(ports):
                await _restart(servers, place, where, start, found)
                await _ready(balancer)
                await asyncio.sleep(0.5)
        await load
        found.seconds = time.perf_counter() - begun
    finally:
        for task in (*polls, *clients):
            task.cancel()
        listening.close()
        for server in servers:
            await asyncio.to_thread(server.stop)
    found.failures = collections.Counter(balancer.failures)
    return found


async def _restart(servers: list[Server], place: int, port: int, start: Start, found: Rolled) -> None:
    process, begun = servers[place].process, time.perf_counter()
    process.send_signal(signal.SIGTERM)
    found.exits.append(await asyncio.to_thread(process.wait, PATIENCE))
    found.drains.append(time.perf_counter() - begun)
    servers[place] = await asyncio.to_thread(start, port)


async def _ready(balancer: Balancer) -> None:
    async with asyncio.timeout(PATIENCE):
        while not all(backend.ready for backend in balancer.backends):
            await asyncio.sleep(0.02)


async def _client(
    port: int,
    path: str,
    bodies: list[bytes],
    left: "collections.abc.Iterator[int]",
    begun: float,
    found: Rolled,
) -> None:
    """Sends its share of the requests, each at its time."""
    reader, writer = await asyncio.open_connection(HOST, port)
    for number in left:
        early = begun + number / RATE - time.perf_counter()
        if early > 0:
            await asyncio.sleep(early)
        try:
            writer.write(request("POST", path, bodies[number % len(bodies)]))
            found.statuses[(await read_message(reader)).status] += 1
        except (OSError, asyncio.IncompleteReadError):
            found.statuses[0] += 1
            writer.close()
            reader, writer = await asyncio.open_connection(HOST, port)
    with contextlib.suppress(OSError):
        writer.close()
