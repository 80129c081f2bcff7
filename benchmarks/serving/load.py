"""Load: wrk for REST, ghz for gRPC. Both send different requests in turn over connections that stay open."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving.environment import cache

SCRIPT = Path(__file__).parent / "load.lua"
HOST = "127.0.0.1"
GHZ = "github.com/bojand/ghz/cmd/ghz@latest"
METHOD = "inference.GRPCInferenceService.ModelInfer"


@dataclass(frozen=True)
class Load:
    """What came of a few seconds of load.

    Attributes:
        rate: Answers of 200 a second.
        p50: The median latency, in ms.
        p99: The 99th percentile of latency, in ms.
        others: Answers with another status.
        broken: Connections that broke, and requests that were not answered in time.
    """

    rate: float
    p50: float
    p99: float
    others: int
    broken: int


def tools() -> None:
    """Make sure that both are there.

    Raises:
        SystemExit: One is not; with how it is had.
    """
    _tool("wrk", "apt install wrk")
    _ghz()


def wrk(port: int, path: str, bodies: Path, connections: int, seconds: float) -> Load:
    """Put REST under load."""
    command = [_tool("wrk", "apt install wrk"), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
    where = [f"http://{HOST}:{port}{path}", str(bodies)]
    told = _ran([*command, "--timeout", "10s", "-s", str(SCRIPT), where[0], "--", where[1]])
    line = next(line for line in told.splitlines() if line.startswith("RESULT"))
    answered, microseconds, p50, p99, others, broken = map(int, line.split()[1:])
    return Load((answered - others) / microseconds * 1e6, p50 / 1e3, p99 / 1e3, others, broken)


def ghz(port: int, protoset: Path, messages: Path, connections: int, seconds: float) -> Load:
    """Put gRPC under load."""
    what = ["--insecure", "--protoset", str(protoset), "--call", METHOD, "-D", str(messages)]
    many = [
        "-c",
        str(connections),
        "--connections",
        str(connections),
        "-z",
        f"{seconds}s",
        "--duration-stop",
        "wait",
    ]
    found = json.loads(_ran([_ghz(), *what, *many, "-O", "json", f"{HOST}:{port}"]))
    statuses = found["statusCodeDistribution"]
    good, total = statuses.get("OK", 0), sum(statuses.values())
    at = {item["percentage"]: item["latency"] / 1e6 for item in found["latencyDistribution"] or []}
    return Load(good / (found["total"] / 1e9), at.get(50, 0.0), at.get(99, 0.0), total - good, 0)


def _ran(command: list[str]) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {ran.stderr[-300:] or ran.stdout[-300:]}")
    return ran.stdout


def _ghz() -> str:
    kept = cache() / "bin" / "ghz"
    if kept.exists():
        return str(kept)
    return _tool("ghz", f"go install {GHZ}")


def _tool(name: str, how: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is needed to make load: {how}")
    return found
