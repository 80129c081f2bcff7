"""The server: KServe's ModelServer with our predictor, and our door in front."""

import asyncio
import gc
import logging
import signal
import socket
import sys
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serving.limits import Limits
from tollgate.errors import ConfigError

BACKLOG = 2048
log = logging.getLogger("tollgate.serving")


@dataclass(frozen=True)
class Settings:
    """How a server serves.

    Attributes:
        name: The model's name in the URLs.
        bundle: The bundle's folder.
        expect: The digest that the bundle must have.
        host: The address to listen on.
        port: The port; 0 picks a free one.
        drain: Seconds between SIGTERM and the end of taking requests, in which the server says that it is not ready.
        limits: What is taken at most.
    """

    name: str
    bundle: Path
    expect: str
    host: str
    port: int
    drain: float = 0.0
    limits: Limits = field(default_factory=Limits)


def serve(settings: Settings) -> None:
    """Serve a bundle until SIGTERM or SIGINT.

    Raises:
        ConfigError: The port cannot be had.
        BundleError: The bundle is not the expected one, or its golden requests do not reproduce.
    """
    with _bound(settings.host, settings.port) as listening:
        from serving.kserve_server import kserve_server

        kserve = kserve_server()
        from serving.predictor import Predictor

        predictor = Predictor(settings.name, settings.bundle, settings.expect)
        predictor.load()
        from serving.logs import configure_logs

        configure_logs()
        _run(_server(kserve, predictor, settings), listening, settings)


def _bound(host: str, port: int) -> socket.socket:
    """A socket of our own, so that a port in use is found before anything is loaded."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(
            f"port {port} on {host} cannot be used ({reason}); --port 0 picks a free one"
        ) from None
    return listening


def _server(kserve: Any, predictor: Any, settings: Settings) -> Any:
    from kserve.protocol.rest.server import RESTServer
    from prometheus_client import REGISTRY

    from serving.infer import Infer
    from serving.metrics import Metrics
    from serving.rest.door import Door
    from serving.rest.metadata import ModelMetadata
    from serving.rest.routes import routes
    from serving.rest.server import RestServer
    from serving.scoring import Scoring

    bundle, limits = predictor.bundle, settings.limits
    metrics = Metrics(REGISTRY, settings.name, bundle.digest, tuple(bundle.contract.columns))
    infer = Infer(Scoring(bundle, limits, metrics), settings.name)
    metadata = ModelMetadata(
        settings.name, infer.version, predictor.get_input_types(), predictor.get_output_types()
    )
    stock = kserve.ModelServer(enable_grpc=False, enable_latency_logging=False)
    stock.register_model(predictor)
    RESTServer(kserve.app, stock.dataplane, stock.model_repository_extension, 0).create_application()
    door = Door(kserve.app, routes(infer, metadata), limits, metrics)
    return RestServer(door, limits, metrics, bundle.digest, settings.drain)


def _run(server: Any, listening: socket.socket, settings: Settings) -> None:
    import uvloop

    # uvicorn takes signals while it serves, and hands them on when it is done: before and after, these are ours.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    # KServe's routes use a response class that FastAPI finds deprecated.
    warnings.filterwarnings("ignore", message="ORJSONResponse is deprecated")
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector need not look at it again
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_stopped(server, listening, settings))


async def _until_stopped(server: Any, listening: socket.socket, settings: Settings) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not (server.started or serving.done()):
        await asyncio.sleep(0.001)
    address, port = listening.getsockname()[:2]
    address = f"[{address}]" if ":" in address else address
    if not serving.done():
        sys.stdout.write(
            f"serving {settings.name} (bundle {settings.expect[:12]}) on http://{address}:{port}\n"
        )
        sys.stdout.flush()
    await serving
    log.info("ended")
