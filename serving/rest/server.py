"""uvicorn's server, with a sweep over slow connections and an end that is polite to clients."""

import asyncio
import signal
from functools import partial
from types import FrameType

import uvicorn

from serving.limits import Limits
from serving.metrics import Metrics
from serving.rest.connection import Connection
from serving.rest.door import Door
from serving.rest.inline import Inline

BUNDLE_HEADER = "x-tollgate-bundle"
GRACE = 10
TICKS = 10  # uvicorn ticks ten times a second


class RestServer(uvicorn.Server):
    """Serves a door until it is told to stop.

    SIGTERM first makes the server not ready, and lets balancers find that out while it still answers; after
    `drain` seconds it takes no more connections, finishes what is under way, and ends. SIGINT skips the wait.

    Attributes:
        stopping: Set when no more connections are taken.
    """

    def __init__(self, door: Door, limits: Limits, metrics: Metrics, digest: str, drain: float) -> None:
        config = uvicorn.Config(
            door,
            http=partial(Connection, Inline(door, limits, metrics), limits, metrics),  # type: ignore[arg-type]
            ws="none",  # else an upgrade is refused with 500
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            headers=[(BUNDLE_HEADER, digest)],
            timeout_keep_alive=int(limits.idle_seconds),
            timeout_graceful_shutdown=GRACE,
        )
        super().__init__(config)
        self._door, self._drain = door, drain
        self._stop_at: float | None = None
        self.stopping = asyncio.Event()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        self._door.draining = True
        wait = self._drain if sig == signal.SIGTERM and self._stop_at is None else 0.0
        self._stop_at = asyncio.get_running_loop().time() + wait if wait else 0.0

    async def on_tick(self, counter: int) -> bool:
        """See `uvicorn.Server`: ten times a second."""
        now = asyncio.get_running_loop().time()
        if counter % TICKS == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.expire(now)
        if self._stop_at is not None and now >= self._stop_at:
            self.should_exit = True
        stops = await super().on_tick(counter)
        if stops:
            self.stopping.set()
        return stops
