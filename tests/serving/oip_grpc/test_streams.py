"""Many calls at once on one connection: whoever keeps to what the server allows is answered."""

import asyncio
from collections import Counter

import grpc
import pytest

from serving.oip_grpc.server import STREAMS
from tests.serving.live import Live
from tests.serving.oip_grpc.live import SERVICE, typed
from tests.small import SmallBundle

TIMES = 2000


async def called(port: int, at_once: int, message: bytes) -> Counter[str]:
    """The codes of many calls, of which some are under way at any time."""
    codes: Counter[str] = Counter()
    numbers = iter(range(TIMES))
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:

        async def some() -> None:
            for _ in numbers:
                codes[(await channel.unary_unary(f"{SERVICE}ModelInfer")(message).code()).name] += 1

        await asyncio.gather(*(some() for _ in range(at_once)))
    return codes


@pytest.mark.parametrize("at_once", [32, STREAMS, 4 * STREAMS])
def test_calls_beyond_what_a_connection_may_have_wait_and_are_answered(
    server: Live, bundle: SmallBundle, at_once: int
) -> None:
    message = typed(bundle.rows[:1]).SerializeToString()
    assert asyncio.run(called(server.grpc_port, at_once, message)) == {"OK": TIMES}
