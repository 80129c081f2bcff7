"""Ctrl-C, SIGTERM and a closed terminal: nothing half-published, no process left, and a true last word."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.stopping import Stop, stoppable
from tests.pipelines.command import PATIENCE, TOLLGATE, environment
from tests.pipelines.places import Place

pytestmark = pytest.mark.long

# After which step which signal is sent, and whether to the whole process group, as a terminal does for Ctrl-C.
STOPS = {
    "Ctrl-C": ("ingest", signal.SIGINT, True),
    "SIGINT": ("train", signal.SIGINT, False),
    "SIGTERM": ("validate", signal.SIGTERM, False),
}


@dataclass(frozen=True)
class Stopped:
    """A run that was told to stop."""

    place: Place
    status: int
    out: str
    err: str


Results = Mapping[str, Future[Stopped]]


@pytest.fixture(scope="module")
def interruptible() -> Iterator[None]:
    """A shell that started the tests in the background would have us, and all below us, ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def results(book: Place, tmp_path_factory: pytest.TempPathFactory, interruptible: None) -> Iterator[Results]:
    folder = tmp_path_factory.mktemp("stops")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {name: pool.submit(run_until, book.copy(folder / name), *stop) for name, stop in STOPS.items()}


def run_until(place: Place, step: str, number: signal.Signals, group: bool) -> Stopped:
    with subprocess.Popen(
        [TOLLGATE, "run"],
        cwd=place.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        assert run.stdout is not None
        assert any(line.startswith(f"✓ {step}") for line in run.stdout), f"{step} did not come to its end"
        (os.killpg if group else os.kill)(run.pid, number)
        out, err = run.communicate(timeout=PATIENCE)
    return Stopped(place, run.returncode, out, err)


def processes_about(folder: Path) -> list[str]:
    """The commands of all processes that name a folder: those of the runner and the steps do."""
    if Path("/proc/self/cmdline").exists():
        commands = [_read(path) for path in Path("/proc").glob("[0-9]*/cmdline")]
    else:
        listed = subprocess.run(["ps", "-axww", "-o", "command="], capture_output=True, text=True, check=True)
        commands = listed.stdout.splitlines()
    return [command for command in commands if str(folder) in command]


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return ""


@pytest.mark.parametrize("name", STOPS)
def test_a_stopped_run_says_so_and_exits_with_128_and_the_signal(results: Results, name: str) -> None:
    _, number, _ = STOPS[name]
    stopped = results[name].result()
    assert stopped.status == 128 + number
    assert stopped.err == "tollgate: stopped; nothing was published\n"
    assert stopped.out == ""


@pytest.mark.parametrize("name", STOPS)
def test_a_stopped_run_leaves_no_process_and_nothing_half_done(results: Results, name: str) -> None:
    place = results[name].result().place
    assert processes_about(place.folder) == []
    assert place.target.current() is None
    assert list(place.storage.root.glob(".staging/*")) == []
    assert [path for path in place.storage.root.rglob(".*") if path.name != ".staging"] == []


@pytest.mark.parametrize("name", STOPS)
def test_the_outcome_of_a_stopped_run_says_what_stopped_it(results: Results, name: str) -> None:
    place = results[name].result().place
    outcome = json.loads((place.latest_run / "outcome.json").read_text())
    assert outcome["outcome"] == "failed"
    assert outcome["reasons"] == [f"run: stopped by {STOPS[name][1].name}"]


def test_the_search_for_processes_finds_one(tmp_path: Path) -> None:
    code = "print('up', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        assert len(processes_about(tmp_path)) == 1
        process.kill()


def test_only_the_first_signal_counts() -> None:
    stop, ended = Stop(), list[str]()
    stop.by(lambda: ended.append("ended"))
    stop.handle(signal.SIGTERM, None)
    stop.handle(signal.SIGINT, None)
    assert ended == ["ended"]
    assert (stop.signal, stop.status) == (signal.SIGTERM, 143)


def test_a_signal_that_comes_while_a_run_is_being_started_ends_it_at_once() -> None:
    stop, ended = Stop(), list[str]()
    stop.defer()
    stop.handle(signal.SIGINT, None)
    assert ended == []
    stop.by(lambda: ended.append("ended"))
    assert ended == ["ended"]


def test_before_anything_was_begun_a_signal_just_leaves() -> None:
    with pytest.raises(SystemExit) as left, stoppable():
        signal.raise_signal(signal.SIGTERM)
    assert left.value.code == 143


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable() as stop:
            signal.raise_signal(signal.SIGHUP)
        assert stop.signal is None
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
