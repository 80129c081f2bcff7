"""Many mutated requests, sent to a real server: python -m tests.fuzz_serving --bodies 100000 --seed 1 --protocol rest.

Every answer has to come within five seconds, to be none of 5xx (over gRPC: none of the server's faults), to be a
refusal in its one shape where it is one, and to carry its id and the bundle's digest. The server has to live, and to
score as before. Each finding is kept in tests/serving/found, which the tests send from then on. Exit status 1 where
there was one.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import uvloop

from tests.fuzz_serving.cases import Cases
from tests.fuzz_serving.found import Told, keep
from tests.fuzz_serving.messages import Messages
from tests.fuzz_serving.over_grpc import OverGrpc
from tests.fuzz_serving.over_rest import OverRest
from tests.fuzz_serving.seeds import seeds
from tests.fuzz_serving.walk import walked
from tests.serving.live import V1, Live, serving
from tests.small import COLUMNS, SmallBundle, small_bundle
from tollgate.contract import Column, Contract

PIECE = 20_000
MOST_KEPT = 20


def main() -> int:
    """Send the cases, and print a summary."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz_serving")
    options.add_argument("--bodies", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=int, default=0, help="the number of the first case")
    options.add_argument("--protocol", default="rest", choices=["rest", "grpc"])
    options.add_argument("--model", default="logistic", help="what kind of model is served")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bundle = fuzzed_bundle(Path(folder) / "bundle", given.model)
        with serving(bundle.folder, bundle.digest) as live:
            bodies = range(given.first, given.first + given.bodies)
            return 1 if sent_all(live, bundle, given.seed, bodies, given.protocol) else 0


def fuzzed_bundle(folder: Path, model: str) -> SmallBundle:
    """A small bundle whose contract scores what is out of bounds too, with warnings."""
    columns = COLUMNS | {
        "income": COLUMNS["income"] | {"out_of_bounds": "warn"},
        "months": COLUMNS["months"] | {"out_of_bounds": "clip"},
    }
    contract = Contract.of({name: Column.read(settings) for name, settings in columns.items()})
    return small_bundle(folder, contract=contract, model=model)


def sent_all(live: Live, bundle: SmallBundle, seed: int, bodies: range, protocol: str = "rest") -> int:
    """Send cases, and say how it went; how many findings there were."""
    findings: Counter[str] = Counter()

    def told(number: int, sent: bytes, problem: str, ending: str = ".http", /) -> None:
        findings[problem[:60]] += 1
        if findings.total() <= MOST_KEPT:
            say(f"finding: seed {seed}, case {number}: {problem}: {keep(sent, ending)}")

    sender = _sender(live, bundle, protocol, told)
    before = scores(live, bundle)
    started = time.monotonic()
    for start in range(bodies.start, bodies.stop, PIECE):
        end = min(start + PIECE, bodies.stop)
        uvloop.run(sender.run(seed, start, end))
        if live.process.poll() is not None:
            findings[f"the server ended with {live.process.returncode} in the cases {start} to {end}"] += 1
            break
        if scores(live, bundle) != before:
            findings[f"the server scores otherwise than before after the cases {start} to {end}"] += 1
    seconds = time.monotonic() - started
    counted = ", ".join(f"{count} {what}" for what, count in sorted(sender.counts.items()))
    for problem, times in findings.items():
        say(f"{times} times: {problem}")
    say(
        f"{len(bodies)} bodies, {protocol}, seed {seed}, {seconds:.0f} s: {counted}, {findings.total()} findings"
    )
    return findings.total()


def _sender(live: Live, bundle: SmallBundle, protocol: str, told: Told) -> OverRest | OverGrpc:
    if protocol == "grpc":
        return OverGrpc(live.grpc_port, live.digest, Messages(bundle), told)
    return OverRest(live.port, live.digest, Cases(seeds(bundle), walked(), open_paths(live)), told)


def scores(live: Live, bundle: SmallBundle) -> bytes:
    """What the server answers to rows in order."""
    answer = live.post(V1, {"instances": bundle.rows})
    return answer.content


def open_paths(live: Live) -> list[str]:
    """The paths that the server says are open."""
    version = live.digest[:12]
    return [path.replace("{version}", version) for path in live.get("/openapi.json").json["paths"]]


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
