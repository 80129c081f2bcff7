"""The server: KServe's ModelServer with our predictor, and our door in front."""

import asyncio
import signal
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

from tollgate.errors import ConfigError

BUNDLE_HEADER = "x-tollgate-bundle"
GRACE = 10
BACKLOG = 2048


def serve(name: str, bundle: Path, expect: str, host: str, port: int) -> None:
    """Serve a bundle until SIGTERM or SIGINT.

    Args:
        name: The model's name in the URLs.
        bundle: The bundle's folder.
        expect: The digest that the bundle must have.
        host: The address to listen on.
        port: The port; 0 picks a free one.

    Raises:
        ConfigError: The port cannot be had.
        BundleError: The bundle is not the expected one, or its golden requests do not reproduce.
    """
    with _bound(host, port) as listening:
        kserve = _kserve()
        from serving.predictor import Predictor

        predictor = Predictor(name, bundle, expect)
        predictor.load()
        application = _application(kserve, predictor)
        _run(application, listening, f"serving {name} (bundle {expect[:12]})", expect)


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


def _kserve() -> Any:
    """KServe's server module, which reads the command line when it is imported: it must not see ours."""
    arguments, sys.argv = sys.argv, [sys.argv[0], "--configure_logging=false"]
    try:
        with warnings.catch_warnings():
            # What KServe's own imports find deprecated is not the user's concern.
            warnings.simplefilter("ignore")
            from kserve import model_server
    finally:
        sys.argv = arguments
    return model_server


def _application(kserve: Any, predictor: Any) -> Any:
    from kserve.protocol.rest.server import RESTServer

    from serving.door import Door

    server = kserve.ModelServer(enable_grpc=False, enable_latency_logging=False)
    server.register_model(predictor)
    RESTServer(kserve.app, server.dataplane, server.model_repository_extension, 0).create_application()
    return Door(kserve.app, predictor)


def _run(application: Any, listening: socket.socket, greeting: str, digest: str) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            address, port = listening.getsockname()[:2]
            address = f"[{address}]" if ":" in address else address
            sys.stdout.write(f"{greeting} on http://{address}:{port}\n")
            sys.stdout.flush()

    config = uvicorn.Config(
        application,
        ws="none",  # else an upgrade is refused with 500
        log_config=None,
        access_log=False,
        lifespan="off",
        headers=[(BUNDLE_HEADER, digest)],
        timeout_graceful_shutdown=GRACE,
    )
    server = Server(config)
    # uvicorn takes signals while it serves, and hands them on when it is done: before and after, these are ours.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(server, "should_exit", True))
    # KServe's routes use a response class that FastAPI finds deprecated.
    warnings.filterwarnings("ignore", message="ORJSONResponse is deprecated")
    asyncio.run(server.serve(sockets=[listening]))
