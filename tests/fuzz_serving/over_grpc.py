"""Messages over gRPC: many calls at once on kept connections."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import grpc
import msgspec

from tests.fuzz_serving.answers import Refusal
from tests.fuzz_serving.found import Told
from tests.fuzz_serving.messages import Message, Messages
from tests.serving.oip_grpc.live import SERVICE, pb

PATIENCE = 5.0
AT_ONCE = 64
ANSWERS = {"ModelInfer": pb.ModelInferResponse, "ModelMetadata": pb.ModelMetadataResponse}
REFUSED = {"INVALID_ARGUMENT", "NOT_FOUND", "RESOURCE_EXHAUSTED", "UNIMPLEMENTED"}
_refusal = msgspec.json.Decoder(Refusal).decode


class OverGrpc:
    """Sends messages to a server, and looks at what comes back."""

    def __init__(self, port: int, digest: str, messages: Messages, told: Told) -> None:
        """Prepare.

        Args:
            port: The server's port of gRPC.
            digest: The digest of its bundle.
            messages: The cases.
            told: Called for each finding.
        """
        self._port, self._digest, self._messages, self._told = port, digest, messages, told
        self.counts: Counter[str] = Counter()

    async def run(self, seed: int, first: int, end: int) -> None:
        """Send the cases from one number to another."""
        numbers = iter(range(first, end))
        options = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_send_message_length", -1)]
        async with grpc.aio.insecure_channel(f"127.0.0.1:{self._port}", options=options) as channel:

            async def some() -> None:
                for number in numbers:
                    await self._send(channel, number, self._messages.case(seed, number))

            await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def alone(self, message: Message) -> str | None:
        """Send one message on a connection of its own; what is wrong with the answer, if anything."""
        async with grpc.aio.insecure_channel(f"127.0.0.1:{self._port}") as channel:
            return await self._asked(channel, message)

    async def _send(self, channel: Any, number: int, message: Message) -> None:
        problem = await self._asked(channel, message)
        if problem:
            self._told(number, message.sent, problem, f".{message.method}.grpc")

    async def _asked(self, channel: Any, message: Message) -> str | None:
        metadata = (("x-request-id", message.id),) if message.id else ()
        call = channel.unary_unary(SERVICE + message.method)(
            message.sent, timeout=PATIENCE, metadata=metadata
        )
        code = (await call.code()).name
        self.counts[code] += 1
        trailing = {key: str(value) for key, value in await call.trailing_metadata() or ()}
        if code == "OK":
            return self._headless(trailing) or _unread(message.method, await call)
        return self._refused(message.method, code, await call.details() or "", trailing)

    def _refused(self, method: str, code: str, details: str, trailing: Mapping[str, str]) -> str | None:
        if code not in REFUSED:
            return f"status {code}: {details[:100]}"
        if code == "UNIMPLEMENTED" and not trailing:  # a method that gRPC itself does not find
            return None
        try:
            _refusal(details)
        except msgspec.MsgspecError as error:
            return f"status {code}, details of another shape ({error}): {details[:100]}"
        return self._headless(trailing)

    def _headless(self, trailing: Mapping[str, str]) -> str | None:
        if not trailing.get("x-request-id"):
            return "no request id"
        return None if trailing.get("x-tollgate-bundle") == self._digest else "no digest of the bundle"


def _unread(method: str, content: bytes) -> str | None:
    kind = ANSWERS.get(method)
    if kind is not None:
        kind.FromString(content)
    return None
