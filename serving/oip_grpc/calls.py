"""The calls of the service: each reads one message, answers it, and is counted, whatever its end."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import grpc
from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb

from serving.limits import Limits
from serving.oip_grpc.request import asked, parsed
from serving.oip_grpc.response import inferred, metadata
from serving.oip_grpc.service import InferenceService
from serving.oip_grpc.status import code_of, details_of
from serving.refusal import RefusalError
from serving.request_id import request_id
from tollgate import __version__
from tollgate.contract.problems import LONGEST_VALUE

ID_KEY, BUNDLE_KEY = "x-request-id", "x-tollgate-bundle"
QUIET, MOST_QUIET = 0.01, 25
log = logging.getLogger("tollgate.serving")


class Given:
    """The id of a call: the caller's, or one of ours."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._id = ""

    def of(self, asked_for: str) -> str:
        """The id, where the message asks for one or for none."""
        self._id = request_id(asked_for) if asked_for else self.id
        return self._id

    @property
    def id(self) -> str:
        """The id as far as it is known."""
        if not self._id:
            sent = next((value for key, value in self._context.invocation_metadata() if key == ID_KEY), None)
            self._id = request_id(sent)
        return self._id


Act = Callable[[bytes, Given], bytes]


class Calls:
    """What the methods of the service do with their messages."""

    def __init__(self, service: InferenceService, limits: Limits) -> None:
        """Prepare to answer for one model.

        Args:
            service: The model.
            limits: How large a message may be, which gRPC sees to, and how long it may take to come in.
        """
        self._service = service
        self._limits = limits
        self._bundle = (BUNDLE_KEY, service.digest)
        self._metadata = metadata(service)
        self._taken = 0
        self._held: asyncio.Event | None = None
        self.methods: dict[str, Act] = {
            "ServerLive": self._live,
            "ServerReady": self._server_ready,
            "ModelReady": self._model_ready,
            "ServerMetadata": self._server_metadata,
            "ModelMetadata": self._model_metadata,
            "ModelInfer": self._infer,
            "RepositoryModelLoad": self._fixed,
            "RepositoryModelUnload": self._fixed,
        }

    def handler(self, method: str) -> grpc.RpcMethodHandler:
        """How a method is answered.

        It is told to gRPC as one that takes a stream, which is the same on the wire: so we read the message, within
        our time, and what cannot be decoded is the caller's fault.
        """
        act = self.methods[method]

        async def answer(_: Any, context: Any) -> bytes:
            return await self._answer(method, act, context)

        return grpc.stream_unary_rpc_method_handler(answer)

    async def hold(self) -> None:
        """Hold answers back until gRPC has handed over all calls that callers had sent; see `GrpcServer.stop`."""
        self._held = asyncio.Event()
        for _ in range(MOST_QUIET):
            before = self._taken
            await asyncio.sleep(QUIET)
            if self._taken == before:
                break

    def release(self) -> None:
        """Let the answers go, and hold no other."""
        if self._held is not None:
            self._held.set()

    async def _answer(self, method: str, act: Act, context: Any) -> bytes:
        started, code, given = time.perf_counter(), "CANCELLED", Given(context)
        self._taken += 1
        try:
            found = await self._found(act, context, given)
            if self._held is not None:
                await self._held.wait()
            context.set_trailing_metadata(((ID_KEY, given.id), self._bundle))
            if isinstance(found, bytes):
                code = "OK"
                return found
            status = code_of(found)
            code = status.name
            context.set_code(status)
            context.set_details(details_of(found))
            return b""
        finally:
            self._service.observe(method, code, time.perf_counter() - started)

    async def _found(self, act: Act, context: Any, given: Given) -> bytes | RefusalError:
        try:
            return act(await self._message(context), given)
        except RefusalError as refusal:
            self._service.refused(refusal.details)
            return refusal
        except Exception:
            log.exception("a request could not be answered", extra={"request_id": given.id})
            return RefusalError(500, "the server failed; its log says why")

    async def _message(self, context: Any) -> bytes:
        try:
            async with asyncio.timeout(self._limits.read_seconds):
                message = await context.read()
        except TimeoutError:
            seconds = f"{self._limits.read_seconds:g} seconds"
            raise RefusalError(408, f"the message was not there within {seconds}") from None
        if not isinstance(message, bytes):
            raise RefusalError(413, f"there is no message, or one of more than {self._limits.body} bytes")
        return message

    def _live(self, message: bytes, _: Given) -> bytes:
        parsed(message, pb.ServerLiveRequest)
        return _bytes(pb.ServerLiveResponse(live=True))

    def _server_ready(self, message: bytes, _: Given) -> bytes:
        parsed(message, pb.ServerReadyRequest)
        return _bytes(pb.ServerReadyResponse(ready=self._service.ready()))

    def _model_ready(self, message: bytes, _: Given) -> bytes:
        request = parsed(message, pb.ModelReadyRequest)
        self._known(request.name, request.version)
        return _bytes(pb.ModelReadyResponse(ready=self._service.ready()))

    def _server_metadata(self, message: bytes, _: Given) -> bytes:
        parsed(message, pb.ServerMetadataRequest)
        return _bytes(pb.ServerMetadataResponse(name="tollgate", version=__version__))

    def _model_metadata(self, message: bytes, _: Given) -> bytes:
        request = parsed(message, pb.ModelMetadataRequest)
        self._known(request.name, request.version)
        return self._metadata

    def _infer(self, message: bytes, given: Given) -> bytes:
        request = parsed(message, pb.ModelInferRequest)
        found = given.of(request.id)
        self._known(request.model_name, request.model_version)
        columns, names, raw = asked(request, self._service.max_rows)
        outputs, parameters = self._service.infer(columns, names)
        return inferred(self._service, found, outputs, parameters, raw)

    def _fixed(self, _: bytes, __: Given) -> bytes:
        raise RefusalError(501, "the model is fixed: it can be neither loaded nor unloaded")

    def _known(self, name: str, version: str) -> None:
        if name != self._service.name:
            raise RefusalError(
                404, f"there is no model {name[:LONGEST_VALUE]!r}; there is {self._service.name!r}"
            )
        if version not in ("", self._service.version):
            wrong = f"there is no version {version[:LONGEST_VALUE]!r} of it"
            raise RefusalError(404, f"{wrong}; there is {self._service.version!r}")


def _bytes(message: Any) -> bytes:
    content: bytes = message.SerializeToString()
    return content
