"""The endpoint beside its peers: rates, latency, start-up and memory, on loopback.

usage: python -m benchmarks.serving [--quick] [--only NAME ...] [--rounds N] [--seconds N] [--page FILE] [--plot FILE]

Needs wrk, and ghz for gRPC. Makes an environment for each peer in a cache folder at the first run. Writes the raw
results as JSON beside them, and renders page and plot from these; --render does only that.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.serving.environment import Environment, cache
from benchmarks.serving.load import tools
from benchmarks.serving.machine import machine
from benchmarks.serving.measure import Bench, Plan
from benchmarks.serving.page import page
from benchmarks.serving.peers import OURS, PEERS
from benchmarks.serving.problem import make_problem


def main() -> int:
    """Measure, and write the page."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--quick", action="store_true", help="one short round, to see that all works")
    options.add_argument("--only", nargs="+", choices=list(PEERS), metavar="NAME", default=list(PEERS))
    options.add_argument("--rounds", type=int)
    options.add_argument("--seconds", type=float)
    options.add_argument("--raw", type=Path, default=cache() / "results.json")
    options.add_argument("--hold", type=Path, default=cache() / "hold.json", help="what hold.py has found")
    options.add_argument("--page", type=Path, help="the page to write; stdout where it is left out")
    options.add_argument("--plot", type=Path, help="the plot to write")
    options.add_argument(
        "--render", action="store_true", help="only write page and plot from the raw results"
    )
    asked = options.parse_args()
    if not asked.render:
        short, long = (1, 1.0, 1), (3, 4.0, 3)
        rounds, seconds, starts = short if asked.quick else long
        plan = Plan(asked.rounds or rounds, asked.seconds or seconds, starts)
        asked.raw.parent.mkdir(parents=True, exist_ok=True)
        asked.raw.write_text(json.dumps(measured(asked.only, plan), indent=1))
    found = json.loads(asked.raw.read_text())
    if asked.hold.exists():
        found["hold"] = json.loads(asked.hold.read_text())
    if asked.page:
        asked.page.write_text(page(found))
    else:
        sys.stdout.write(page(found))
    return _plotted(asked.raw, asked.plot) if asked.plot else 0


def measured(names: list[str], plan: Plan) -> dict[str, Any]:
    """Everything that was measured."""
    tools()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(make_problem(Path(folder)), plan)
        bench.found["machine"] = machine()
        try:
            for name in names:
                bench.start(name)
            bench.rounds()
        finally:
            bench.stop()
        if OURS in names:
            bench.reasons()
    return bench.found


def _plotted(raw: Path, target: Path) -> int:
    environment = Environment("plot")
    if said := environment.install():
        sys.stderr.write(f"no plot: {said}\n")
        return 1
    script = str(Path(__file__).parent / "plot.py")
    command = [str(environment.folder / "python"), script, str(raw), str(target)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
