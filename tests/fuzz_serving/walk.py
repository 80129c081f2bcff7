"""Every route of KServe's application, hidden ones and those of included routers too."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Walked = list[tuple[str, list[str]]]


def walked() -> Walked:
    """The routes of the application as our server makes it: each path with its methods.

    A process of its own looks, for KServe is imported there as our server imports it.
    """
    command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz_serving.walk"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, capture_output=True, check=True)
    found: Walked = json.loads(ran.stdout)
    return found


def main() -> None:
    """Print the routes as JSON."""
    from serving.kserve_server import kserve_server

    kserve = kserve_server()
    from kserve.protocol.rest.server import RESTServer

    stock = kserve.ModelServer(enable_grpc=False, enable_latency_logging=False)
    RESTServer(kserve.app, stock.dataplane, stock.model_repository_extension, 0).create_application()
    sys.stdout.write(json.dumps(list(_walk(kserve.app.routes))))


def _walk(routes: Any, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    for route in routes:
        inner = getattr(
            route, "original_router", route
        )  # FastAPI keeps an included router in a route of its own
        if hasattr(inner, "routes"):
            included = getattr(getattr(route, "include_context", None), "prefix", "")
            yield from _walk(inner.routes, prefix + getattr(route, "path", "") + included)
        else:
            yield prefix + route.path, sorted(getattr(route, "methods", None) or ["GET"])


if __name__ == "__main__":
    main()
