"""One call: its message, its id, and how it ends."""

import asyncio
from typing import Any

from serving.limits import Limits
from serving.refusal import RefusalError
from serving.request_id import request_id

ID_KEY = "x-request-id"
TORN_DOWN = 0.05  # seconds in which gRPC cancels a call whose message is too large


class Call:
    """A call under way.

    Attributes:
        code: The name of its status, as far as it is known: that of a call whose caller leaves until it is answered.
    """

    def __init__(self, context: Any, limits: Limits) -> None:
        self._context, self._limits = context, limits
        self._id = ""
        self.code = "CANCELLED"

    def identified(self, asked_for: str) -> str:
        """The id, where the message asks for one or for none."""
        self._id = request_id(asked_for) if asked_for else self.id
        return self._id

    @property
    def id(self) -> str:
        """The id as far as it is known: the caller's, or one of ours."""
        if not self._id:
            sent = next((value for key, value in self._context.invocation_metadata() if key == ID_KEY), None)
            self._id = request_id(sent)
        return self._id

    async def message(self) -> bytes:
        """The message, once it is whole.

        Raises:
            RefusalError: 408: it takes too long; 400: there is none.
        """
        try:
            async with asyncio.timeout(self._limits.read_seconds):
                message = await self._context.read()
        except TimeoutError:
            seconds = f"{self._limits.read_seconds:g} seconds"
            raise RefusalError(408, f"the message was not there within {seconds}") from None
        if isinstance(message, bytes):
            return message
        # There is none, or it was too large: gRPC tells its sender so, and us only by cancelling what we do.
        self.code = "RESOURCE_EXHAUSTED"
        await asyncio.sleep(TORN_DOWN)
        raise RefusalError(400, "there is no message: send one")
