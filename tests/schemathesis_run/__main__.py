"""Schemathesis over all documented routes of a real server: python -m tests.schemathesis_run --cases 10000 --seed 1.

It runs again with the next seed until so many cases were sent. No answer may be one of 5xx, and every one has to be as
documented: its status, content type, headers and schema; what the schemas allow has to be taken, and the rest refused.
Exit status 1 where that was not so.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.serving.live import serving
from tests.small import small_bundle

ROOT = Path(__file__).parents[2]
START = "from schemathesis.cli import schemathesis; schemathesis()"


def main() -> int:
    """Run until there were enough cases, and print a summary."""
    options = argparse.ArgumentParser(prog="python -m tests.schemathesis_run")
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--examples", type=int, default=50, help="at most so many drawn for each route")
    given = options.parse_args()
    cases, failures, seed, started = 0, 0, given.seed, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bundle = small_bundle(Path(folder) / "bundle")
        with serving(bundle.folder, bundle.digest) as live:
            while cases < given.cases:
                told, report = run(live.port, seed, Path(folder), "--max-examples", str(given.examples))
                if report["exit_code"]:
                    sys.stdout.write(told)
                found = report["test_cases"]
                cases, failures, seed = cases + found["generated"], failures + report["exit_code"], seed + 1
                say(f"seed {seed - 1}: {found['generated']} cases, {found['with_failures']} failures")
    say(f"{cases} cases in {time.monotonic() - started:.0f} s, {failures} of {seed - given.seed} runs failed")
    return 1 if failures else 0


def run(port: int, seed: int, folder: Path, *options: str) -> tuple[str, dict[str, Any]]:
    """Run schemathesis once in a process of its own.

    Returns:
        What it said, and its report.
    """
    report = folder / "report.json"
    ran = subprocess.run(
        [
            *(sys.executable, "-c", START, "run", f"http://127.0.0.1:{port}/openapi.json"),
            *("--seed", str(seed), "--no-shrink", "--continue-on-failure", "--request-timeout", "30"),
            *("--report", "json", "--report-json-path", str(report), *options),
        ],
        cwd=folder,  # it keeps a database where it runs
        env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.schemathesis_run.hooks", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not report.exists():
        raise RuntimeError(ran.stdout + ran.stderr)
    found: dict[str, Any] = json.loads(report.read_bytes())
    return ran.stdout + ran.stderr, found


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
