"""The calls of the service: each reads one message, answers it, and is counted, whatever its end."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import grpc
from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb

from serving.limits import Limits
from serving.oip_grpc.call import ID_KEY, Call
from serving.oip_grpc.request import asked, parsed
from serving.oip_grpc.response import inferred, metadata
from serving.oip_grpc.service import InferenceService
from serving.oip_grpc.status import code_of, details_of
from serving.refusal import RefusalError
from tollgate import __version__
from tollgate.contract.problems import LONGEST_VALUE

BUNDLE_KEY = "x-tollgate-bundle"
OTHER = "other"  # stands for every method that there is not
CALLS = 256  # under way at once: each may hold a message that is not whole yet
QUIET, MOST_QUIET = 0.01, 25
log = logging.getLogger("tollgate.serving")


Act = Callable[[bytes, Call], bytes]


class Calls(grpc.GenericRpcHandler):  # type: ignore[misc]
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
        self._taken = self._under_way = 0
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
        return self._handler(method, self.methods[method])

    def service(self, _: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """How a method is answered that there is not."""
        return self._handler(OTHER, None)

    def _handler(self, method: str, act: Act | None) -> grpc.RpcMethodHandler:
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

    async def _answer(self, method: str, act: Act | None, context: Any) -> bytes:
        started, call = time.perf_counter(), Call(context, self._limits)
        self._taken += 1
        self._under_way += 1
        try:
            found = await self._found(act, call)
            if self._held is not None:
                await self._held.wait()
            context.set_trailing_metadata(((ID_KEY, call.id), self._bundle))
            if isinstance(found, bytes):
                call.code = "OK"
                return found
            status = code_of(found)
            call.code = status.name
            context.set_code(status)
            context.set_details(details_of(found))
            return b""
        finally:
            self._under_way -= 1
            self._service.observe(method, call.code, time.perf_counter() - started)

    async def _found(self, act: Act | None, call: Call) -> bytes | RefusalError:
        try:
            if self._under_way > CALLS:
                raise RefusalError(429, f"{CALLS} calls are under way already; try again")
            if act is None:
                raise RefusalError(501, f"there is no such method; there are {', '.join(self.methods)}")
            return act(await call.message(), call)
        except RefusalError as refusal:
            self._service.refused(refusal.details)
            return refusal
        except Exception:
            log.exception("a request could not be answered", extra={"request_id": call.id})
            return RefusalError(500, "the server failed; its log says why")

    def _live(self, message: bytes, _: Call) -> bytes:
        parsed(message, pb.ServerLiveRequest)
        return _bytes(pb.ServerLiveResponse(live=True))

    def _server_ready(self, message: bytes, _: Call) -> bytes:
        parsed(message, pb.ServerReadyRequest)
        return _bytes(pb.ServerReadyResponse(ready=self._service.ready()))

    def _model_ready(self, message: bytes, _: Call) -> bytes:
        request = parsed(message, pb.ModelReadyRequest)
        self._known(request.name, request.version)
        return _bytes(pb.ModelReadyResponse(ready=self._service.ready()))

    def _server_metadata(self, message: bytes, _: Call) -> bytes:
        parsed(message, pb.ServerMetadataRequest)
        return _bytes(pb.ServerMetadataResponse(name="tollgate", version=__version__))

    def _model_metadata(self, message: bytes, _: Call) -> bytes:
        request = parsed(message, pb.ModelMetadataRequest)
        self._known(request.name, request.version)
        return self._metadata

    def _infer(self, message: bytes, call: Call) -> bytes:
        request = parsed(message, pb.ModelInferRequest)
        given = call.identified(request.id)
        self._known(request.model_name, request.model_version)
        columns, names, raw = asked(request, self._service.max_rows, self._service.ignored)
        outputs, parameters = self._service.infer(columns, names)
        return inferred(self._service, given, outputs, parameters, raw)

    def _fixed(self, _: bytes, __: Call) -> bytes:
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
