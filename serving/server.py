"""Serving a bundle: the port first, then KServe's server and our predictor, then the endpoint."""

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

from serving.limits import Limits
from serving.manifest import GRPC_PORT
from tollgate.errors import ConfigError

BACKLOG = 2048


@dataclass(frozen=True)
class Settings:
    """How a server serves.

    Attributes:
        name: The model's name in the URLs.
        bundle: The bundle's folder.
        expect: The digest that the bundle must have.
        host: The address to listen on.
        port: The port of HTTP; 0 picks a free one.
        grpc_port: The port of gRPC; 0 picks a free one.
        drain: Seconds between SIGTERM and the end of taking requests, in which the server says that it is not ready.
        limits: What is taken at most.
    """

    name: str
    bundle: Path
    expect: str
    host: str
    port: int
    grpc_port: int
    drain: float = 0.0
    limits: Limits = field(default_factory=Limits)


def serve(settings: Settings) -> None:
    """Serve a bundle until SIGTERM or SIGINT.

    Raises:
        ConfigError: The port cannot be had.
        BundleError: The bundle is not the expected one, or its golden requests do not reproduce.
    """
    _quiet_grpc()
    with _bound(settings.host, settings.port) as listening:
        _bound(settings.host, settings.grpc_port, "--grpc-port").close()  # gRPC binds its own, later
        from serving.kserve_server import kserve_server

        kserve = kserve_server()
        from serving.predictor import Predictor

        predictor = Predictor(settings.name, settings.bundle, settings.expect)
        predictor.load()
        from serving.endpoint import Endpoint
        from serving.logs import configure_logs

        configure_logs()
        Endpoint(kserve, predictor, settings).run(listening)


def usual_grpc_port(port: int) -> int:
    """The port of gRPC where none is asked for: a free one where that of HTTP is any free one."""
    return GRPC_PORT if port else 0


def _quiet_grpc() -> None:
    """Keep gRPC's library from writing to standard error, where our logs are; it looks once, as it is imported."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")


def _bound(host: str, port: int, option: str = "--port") -> socket.socket:
    """A socket of our own, so that a port in use is found before anything is loaded."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else TCP_NODELAY stays off
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(
            f"port {port} on {host} cannot be used ({reason}); {option} 0 picks a free one"
        ) from None
    return listening
