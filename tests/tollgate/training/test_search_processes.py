"""The processes of a search, measured from inside by a model of a package of its own; and that none stays behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.tollgate.training.package import install
from tollgate.training.again import REFITS, SEEDS

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
MARK = "TOLLGATE_TEST_SEARCH"

IN_PROC = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are looked up in /proc"
)

SPY = """
import json, os, time
from pathlib import Path

from sklearn.ensemble import HistGradientBoostingClassifier  # brings OpenMP
from threadpoolctl import threadpool_info

from tests.tollgate.training.raw import Raw


class Spy(Raw):
    def fit(self, part):
        start = time.monotonic()
        super().fit(part)
        threads = {pool["user_api"]: pool["num_threads"] for pool in threadpool_info()}
        time.sleep(0.2)
        seen = {"process": os.getpid(), "threads": threads, "start": start, "end": time.monotonic()}
        place = Path(os.environ["SPY"]) / f"{os.getpid()}-{time.monotonic_ns()}.json"
        place.write_text(json.dumps(seen))
"""
SEARCH = """
import os, sys
from pathlib import Path
from tests.tollgate.training.frames import frame

def children():
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = stat.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z" and b"popen_loky" in command:
            found.append(stat.parent.name)
    return found

if __name__ == "__main__":
    problem = frame(["number", "number"], seed=1)
    facts = problem.train(model="spy", search={"trials": int(sys.argv[1])}).facts
    print(len(facts["search"]["trials"]), len(children()))
"""


def started(tmp_path: Path, trials: int) -> subprocess.Popen[str]:
    """A process, the leader of its group, that searches with the model above on two cores."""
    packages = install(tmp_path / "packages", "spies", SPY, spy="spies:Spy")
    (tmp_path / "seen").mkdir()
    script = tmp_path / "search.py"
    script.write_text(SEARCH)
    environment = {
        **os.environ,
        "PYTHONPATH": f"{packages}{os.pathsep}{ROOT}",
        "LOKY_MAX_CPU_COUNT": "2",
        "SPY": str(tmp_path / "seen"),
        MARK: str(tmp_path),
    }
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        environment.pop(name, None)
    return subprocess.Popen(
        [sys.executable, script, str(trials)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def searched(tmp_path: Path) -> tuple[list[dict[str, Any]], str]:
    """What the model saw of six trials, and what the process said that ran the search."""
    process = started(tmp_path, 6)
    said, failed = process.communicate()
    assert process.returncode == 0, failed
    return seen_by(tmp_path), said.strip()


def seen_by(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in (tmp_path / "seen").iterdir()]


def left_behind(tmp_path: Path) -> list[str]:
    """The processes that carry the mark of this test in their environment."""
    mark = f"{MARK}={tmp_path}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environment.read_bytes():
                found.append(environment.parent.name)
        except OSError:
            continue
    return found


@IN_PROC
def test_no_more_processes_than_cores_each_with_one_thread_and_none_left_behind(tmp_path: Path) -> None:
    seen, said = searched(tmp_path)
    trials = [one for one in seen if one["threads"].get("openmp") == 1 and one["threads"]["blas"] == 1]
    assert said == "6 0", "six trials, and no worker once the search is over"
    assert len(seen) == 7 + SEEDS + REFITS, "six trials, the fit to all rows, and the same model again"
    assert len(trials) >= 6
    workers = 2 if len(os.sched_getaffinity(0)) > 1 else 0
    assert len({one["process"] for one in seen}) == 1 + workers, "the process of the step, and its workers"
    assert max(at_once(seen)) <= 2
    assert left_behind(tmp_path) == []


@IN_PROC
def test_ending_the_group_of_a_step_in_the_midst_of_a_search_leaves_no_worker(tmp_path: Path) -> None:
    process = started(tmp_path, 500)
    while not any((tmp_path / "seen").iterdir()):
        assert process.poll() is None
        time.sleep(0.1)
    assert left_behind(tmp_path)
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate()
    for _ in range(100):
        if not left_behind(tmp_path):
            return
        time.sleep(0.1)
    assert left_behind(tmp_path) == []


def at_once(seen: list[dict[str, Any]]) -> list[int]:
    """How many fits ran when each of them started."""
    return [sum(one["start"] <= other["start"] < one["end"] for one in seen) for other in seen]
