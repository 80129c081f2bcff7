"""The endpoint: KServe's application with our door in front, and gRPC beside it, in one event loop."""

import asyncio
import gc
import logging
import signal
import socket
import sys
import warnings
from typing import Any

import uvloop
from kserve.protocol.rest.server import RESTServer
from prometheus_client import REGISTRY

from serving.infer import Infer
from serving.metrics import Metrics
from serving.oip_grpc import BundleService, GrpcServer, grpc_server
from serving.predictor import Predictor
from serving.rest.door import Door
from serving.rest.metadata import ModelMetadata
from serving.rest.routes import routes
from serving.rest.server import GRACE, RestServer
from serving.scoring import Scoring
from serving.server import Settings
from tollgate.errors import ConfigError

log = logging.getLogger("tollgate.serving")


class Endpoint:
    """One predictor behind REST and gRPC."""

    def __init__(self, kserve: Any, predictor: Predictor, settings: Settings) -> None:
        """Put the parts together.

        Args:
            kserve: KServe's module `model_server`.
            predictor: The predictor, loaded.
            settings: How it is served.
        """
        bundle, limits = predictor.proven(), settings.limits
        inputs, outputs = predictor.get_input_types(), predictor.get_output_types()
        metrics = Metrics(REGISTRY, settings.name, bundle.digest, tuple(bundle.contract.columns))
        infer = Infer(Scoring(bundle, limits, metrics), settings.name)
        metadata = ModelMetadata(settings.name, infer.version, inputs, outputs)
        stock = kserve.ModelServer(enable_grpc=False, enable_latency_logging=False)
        stock.register_model(predictor)
        RESTServer(kserve.app, stock.dataplane, stock.model_repository_extension, 0).create_application()
        door = Door(kserve.app, routes(infer, metadata), limits, metrics)
        self._settings = settings
        self._service = BundleService(infer, inputs, outputs, lambda: not door.draining)
        self._rest = RestServer(door, limits, metrics, bundle.digest, settings.drain)

    def run(self, listening: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT.

        Args:
            listening: The socket of HTTP.

        Raises:
            ConfigError: The port of gRPC cannot be had.
        """
        # uvicorn takes signals while it serves, and hands them on when it is done: before and after, these are ours.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(self._rest, "should_exit", True))
        # KServe's routes use a response class that FastAPI finds deprecated.
        warnings.filterwarnings("ignore", message="ORJSONResponse is deprecated")
        gc.collect()
        gc.freeze()  # what is loaded stays: the collector need not look at it again
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve(listening))

    async def _serve(self, listening: socket.socket) -> None:
        beside = grpc_server(self._service, self._settings.limits)
        grpc_port = self._bound(beside)
        await beside.start()
        try:
            serving = asyncio.create_task(self._rest.serve(sockets=[listening]))
            while not (self._rest.started or serving.done()):
                await asyncio.sleep(0.001)
            if not serving.done():
                self._greet(listening.getsockname()[1], grpc_port)
            await self._rest.stopping.wait()
            await asyncio.gather(serving, beside.stop(GRACE))
        finally:
            await beside.stop(0)
        log.info("ended")

    def _bound(self, server: GrpcServer) -> int:
        settings = self._settings
        try:
            port: int = server.add_insecure_port(f"{_host(settings.host)}:{settings.grpc_port}")
        except RuntimeError:
            raise ConfigError(
                f"port {settings.grpc_port} on {settings.host} cannot be used for gRPC; --grpc-port 0 picks a free one"
            ) from None
        return port

    def _greet(self, port: int, grpc_port: int) -> None:
        settings = self._settings
        host = _host(settings.host)
        sys.stdout.write(
            f"serving {settings.name} (bundle {settings.expect[:12]}) on http://{host}:{port}\n"
            f"gRPC on {host}:{grpc_port}\n"
        )
        sys.stdout.flush()


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
