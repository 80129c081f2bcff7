"""The gRPC server: what it takes, and at most how much of it."""

import asyncio
import logging

import grpc
from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb

from serving.limits import Limits
from serving.oip_grpc.calls import CALLS, Calls
from serving.oip_grpc.service import InferenceService

SERVICE = str(pb.DESCRIPTOR.services_by_name["GRPCInferenceService"].full_name)
STREAMS = CALLS // 4  # a client's further calls wait at the client
LONGEST_LIFE = 1800
LAST_SECONDS = 30
TOLD = 0.02


class GrpcServer:
    """A server that ends without a call lost."""

    def __init__(self, server: grpc.aio.Server, calls: Calls) -> None:
        self._server, self._calls = server, calls
        self.add_insecure_port = server.add_insecure_port
        self.start = server.start

    async def stop(self, grace: float) -> None:
        """Take no more calls, answer those under way, and end.

        gRPC drops the calls that it has not handed to us yet once it is told to stop. So the answers wait until it
        has handed over all, and until callers have been told to go elsewhere with the next.

        Args:
            grace: How many seconds calls may still take; 0 drops them.
        """
        if grace:
            await self._calls.hold()
        stopping = asyncio.create_task(self._server.stop(grace))
        await asyncio.sleep(TOLD if grace else 0)
        self._calls.release()
        await stopping


def grpc_server(service: InferenceService, limits: Limits | None = None) -> GrpcServer:
    """A server of the Open Inference Protocol, to be given a port, started and stopped.

    Everything else that gRPC can be asked for is answered with UNIMPLEMENTED.

    Args:
        service: The model.
        limits: What is taken at most.
    """
    limits = limits or Limits()
    quiet_about_callers()
    calls = Calls(service, limits)
    server = grpc.aio.server(options=_options(limits))
    handlers = {method: calls.handler(method) for method in calls.methods}
    server.add_registered_method_handlers(SERVICE, handlers)
    server.add_generic_rpc_handlers((calls,))
    return GrpcServer(server, calls)


def quiet_about_callers() -> None:
    """Keep out of the log that a caller left before its answer could be sent."""
    logging.getLogger("grpc._cython.cygrpc").addFilter(_is_ours)


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a line of gRPC's log is about us."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or kind.__name__ != "ExecuteBatchError"


def _options(limits: Limits) -> list[tuple[str, int]]:
    milliseconds = {
        "grpc.server_handshake_timeout_ms": limits.read_seconds,
        "grpc.http2.settings_timeout": limits.read_seconds,
        "grpc.max_connection_idle_ms": limits.idle_seconds,
        "grpc.max_connection_age_ms": LONGEST_LIFE,
        "grpc.max_connection_age_grace_ms": LAST_SECONDS,
        "grpc.keepalive_time_ms": limits.idle_seconds,  # a peer that is gone without a word
        "grpc.keepalive_timeout_ms": limits.read_seconds,
    }
    return [
        *((name, int(1000 * seconds)) for name, seconds in milliseconds.items()),
        ("grpc.max_receive_message_length", limits.body),  # unpacked, too
        ("grpc.max_allowed_incoming_connections", limits.connections),
        ("grpc.max_concurrent_streams", STREAMS),
        # Else gRPC counts a stream until it is torn down, and refuses calls of a client that keeps to the limit.
        ("grpc.http.overload_protection", 0),
        ("grpc.so_reuseport", 0),  # else a port in use would be shared
    ]
