"""The container's entry point: python -m serving --name NAME."""

import argparse
import os
import re
import sys
from pathlib import Path

from serving.limits import Limits
from serving.manifest import EXPECTED_BUNDLE, GRPC_PORT, MAX_ROWS, PORT
from serving.server import Settings, serve, usual_grpc_port
from tollgate.errors import TollgateError

MODEL_FOLDER = "/mnt/models"
LONGEST_DRAIN = 3600.0


def main() -> int:
    """Serve the bundle that KServe has placed, if it is the one that the manifest names."""
    parser = argparse.ArgumentParser(prog="python -m serving", description=main.__doc__)
    parser.add_argument("--name", required=True, type=_name, help="the model's name in the URLs")
    parser.add_argument("--bundle", default=MODEL_FOLDER, type=Path, help="the bundle's folder")
    parser.add_argument("--host", default="0.0.0.0", help="the address to listen on")  # noqa: S104 - a pod's
    parser.add_argument("--port", default=PORT, type=int, help="the port of HTTP; 0 picks a free one")
    parser.add_argument(
        "--grpc-port",
        type=int,
        help=f"the port of gRPC; 0 picks a free one; {GRPC_PORT}, or a free one where --port is 0",
    )
    parser.add_argument(
        "--drain",
        default=0.0,
        type=_seconds,
        help="seconds between SIGTERM and the end, in which it is not ready",
    )
    arguments = parser.parse_args()
    expect = os.environ.get(EXPECTED_BUNDLE, "")
    if not expect:
        parser.error(f"the environment variable {EXPECTED_BUNDLE} must name the bundle's digest")
    most = os.environ.get(MAX_ROWS, str(Limits.max_rows))
    if not re.fullmatch("0*[1-9][0-9]{0,8}", most):
        parser.error(f"the environment variable {MAX_ROWS} must be a number of rows")
    try:
        serve(
            Settings(
                arguments.name,
                arguments.bundle,
                expect,
                arguments.host,
                arguments.port,
                usual_grpc_port(arguments.port) if arguments.grpc_port is None else arguments.grpc_port,
                arguments.drain,
                Limits(max_rows=int(most)),
            )
        )
    except TollgateError as error:
        sys.stderr.write(f"tollgate: {error}\n")
        return error.exit_status
    return 0


def _name(text: str) -> str:
    """A name that stands in a path as it is."""
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.~-]{0,127}", text):
        raise argparse.ArgumentTypeError(
            f"{text[:64]!r} cannot stand in a URL: 1 to 128 letters, digits, '_', '-', '.' or '~', "
            "no '-', '.' or '~' first"
        )
    return text


def _seconds(text: str) -> float:
    """A number of seconds that can be waited for."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_DRAIN:
        raise argparse.ArgumentTypeError(f"{text[:64]!r} must be 0 to {LONGEST_DRAIN:g} seconds")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
