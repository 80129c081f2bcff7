"""Whether the endpoint holds under abuse and restarts.

usage: python -m benchmarks.serving.hold [--only slow|flood|rolling ...] [--seconds N] [--requests N]

- slow: 200 senders of one byte a second beside a healthy client
- flood: 100 MB bodies in a loop; the server's memory, and how soon its health is told
- rolling: 20,000 requests through a balancer while two servers are restarted in turn

Prints Markdown, keeps it for the page, and exits 1 where a limit is broken.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.serving import forms
from benchmarks.serving.environment import cache
from benchmarks.serving.grpc_requests import METHOD, GrpcRequests, ours_speaks_it
from benchmarks.serving.load import ghz, wrk
from benchmarks.serving.peers import OURS, PEERS, Ports, serve_bundle
from benchmarks.serving.problem import Problem, make_problem
from benchmarks.serving.process import Server, answers, free_port, resident
from benchmarks.serving.requests import Requests
from benchmarks.serving.rolling import rolled
from benchmarks.serving.slow import SlowSenders

RAW = cache() / "hold.json"
DRAIN = 1  # seconds that balancers have to see that a server is about to end
SENDERS, HEALTHY = 200, 8
MOST_GROWTH, MOST_HEALTH = 50.0, 100.0
PATH, READY = PEERS[OURS].path, PEERS[OURS].ready
Line = tuple[str, str, bool]


@dataclass(frozen=True)
class Asked:
    """How long and how much."""

    seconds: float
    requests: int


def main() -> int:
    """Run the proofs, and print what was found."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--only", nargs="+", choices=list(PROOFS), default=list(PROOFS))
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--requests", type=int, default=20_000)
    options.add_argument("--raw", type=Path, default=RAW, help="where the page finds what was found")
    asked = options.parse_args()
    lines: list[Line] = []
    sys.stdout.write("| what | found | |\n| --- | --- | --- |\n")
    with tempfile.TemporaryDirectory() as folder:
        problem = make_problem(Path(folder))
        for name in asked.only:
            for what, found, holds in PROOFS[name](problem, Asked(asked.seconds, asked.requests)):
                sys.stdout.write(f"| {what} | {found} | {'holds' if holds else 'BROKEN'} |\n")
                sys.stdout.flush()
                lines.append((what, found, holds))
    asked.raw.parent.mkdir(parents=True, exist_ok=True)
    asked.raw.write_text(json.dumps(lines))
    return 0 if all(holds for _, _, holds in lines) else 1


def started(problem: Problem, port: int, grpc: int = 0) -> Server:
    """Our server."""
    extra = ("--grpc-port", str(grpc), "--drain", str(DRAIN))
    command = serve_bundle(problem, problem.digest, port, *extra)
    log = problem.folder / f"hold-{port}.log"
    return Server(command, port, READY, {"TOLLGATE_BUNDLE": problem.digest}, log)


def ports() -> Ports:
    """Free ports; none for gRPC while our server does not speak it."""
    return Ports(free_port(), free_port() if ours_speaks_it() else 0, 0)


def slow(problem: Problem, asked: Asked) -> Iterator[Line]:
    """A healthy client alone and beside slow senders, turn and turn about."""
    place = ports()
    server = started(problem, place.rest, place.grpc)
    requests = Requests(problem)
    file, messages = requests.file(forms.V1, 1, "hold"), GrpcRequests(problem, requests)
    try:
        for kind in ["rest", "grpc"] if place.grpc else ["rest"]:
            alone, beside = [], []
            where = place.grpc if kind == "grpc" else place.rest

            def load(kind: str = kind, where: int = where) -> tuple[float, float]:
                if kind == "rest":
                    found = wrk(where, PATH, file, HEALTHY, asked.seconds / 4)
                else:
                    found = ghz(
                        where, messages.protoset(), messages.file("own", 1), HEALTHY, asked.seconds / 4
                    )
                return found.rate, found.p99

            load()
            for _ in range(2):
                alone.append(load())
                with SlowSenders(where, PATH, SENDERS, kind == "grpc") as senders:
                    time.sleep(2)
                    beside.append(load())
            (rate, p99), (slow_rate, slow_p99) = np.mean(alone, axis=0), np.mean(beside, axis=0)
            rates = f"{rate:,.0f} requests/s alone, {slow_rate:,.0f} beside {SENDERS} slow senders"
            yield f"{kind}: rate of a healthy client", rates, bool(slow_rate >= 0.8 * rate)
            times = f"{p99:.2f} ms alone, {slow_p99:.2f} ms beside them ({senders.closed} closed)"
            yield f"{kind}: its p99", times, bool(slow_p99 <= 2 * p99 + 1)
    finally:
        server.stop()


def flood(problem: Problem, asked: Asked) -> Iterator[Line]:
    """Memory and health of a server in a flood."""
    place = ports()
    server = started(problem, place.rest, place.grpc)
    file = Requests(problem).file(forms.V1, 1, "hold")
    try:
        for kind, port, path in [("rest", place.rest, PATH), ("grpc", place.grpc, METHOD)][
            : 1 + bool(place.grpc)
        ]:
            wrk(place.rest, PATH, file, HEALTHY, 2)
            before = resident(server.process.pid)
            command = [sys.executable, "-m", "benchmarks.serving.flood", kind, str(port), path]
            flooding = subprocess.Popen([*command, str(asked.seconds)], stdout=subprocess.PIPE, text=True)
            times, most = _watched(server, flooding)
            told = json.loads(flooding.communicate()[0])
            megabytes = told.pop("bytes", 0) / 2**20
            said = ", ".join(f"{name} {count}" for name, count in sorted(told.items()))
            grown = f"{before:.0f} MB before, {most - before:+.0f} MB at the most ({megabytes:,.0f} MB sent; {said})"
            yield f"{kind}: memory in a flood of 100 MB bodies", grown, most - before < MOST_GROWTH
            p99 = float(np.percentile(times, 99)) if times else float("inf")
            health = f"p99 {p99:.1f} ms, worst {max(times, default=0):.1f} ms, {len(times)} times asked"
            yield f"{kind}: health meanwhile", health, p99 < MOST_HEALTH
    finally:
        server.stop()


def _watched(server: Server, flooding: "subprocess.Popen[str]") -> tuple[list[float], float]:
    """Milliseconds to each answer on health, and the most memory, until the flood is over."""
    times, most = [], 0.0
    while flooding.poll() is None:
        time.sleep(0.02)
        begun = time.perf_counter()
        good = answers(server.port, READY)
        times.append((time.perf_counter() - begun) * 1e3 if good else 2000.0)
        most = max(most, resident(server.process.pid))
    return times, most


def rolling(problem: Problem, asked: Asked) -> Iterator[Line]:
    """Requests through a balancer while its servers are restarted in turn."""
    requests = Requests(problem)
    bodies = [requests.body(forms.V1, 1, number) for number in range(200)]
    where = [free_port(), free_port()]
    found = asyncio.run(rolled(lambda port: started(problem, port), where, PATH, bodies, asked.requests))
    failed = sum(count for status, count in found.statuses.items() if status != 200)
    why = "; ".join(f"{text} ({count})" for text, count in found.failures.most_common(4))
    said = f"{failed} of {sum(found.statuses.values()):,} in {found.seconds:.0f} s{'; ' + why if why else ''}"
    yield "rolling restart: failed requests", said, failed == 0
    drain = f"{max(found.drains):.1f} s from SIGTERM to the end at the most"
    ends = f"{len(found.exits)} restarts, statuses {sorted(set(found.exits))}, {drain}"
    yield "rolling restart: exit statuses", ends, set(found.exits) == {0}


PROOFS = {"slow": slow, "flood": flood, "rolling": rolling}

if __name__ == "__main__":
    sys.exit(main())
