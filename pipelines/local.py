"""Running a compiled pipeline on this machine, in a process of its own that leaves nothing behind."""

import contextlib
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfp import dsl

from components.policy_file import POLICY_FILE
from components.progress import heard
from pipelines.stopping import Stop
from tollgate.storage.unwritten import unwritten

PATIENCE = 5.0
SCARCE = 64 * 1024  # with less room than this the runner cannot hand on from step to step
Listener = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Ran:
    """What the runner said; the outcome file decides, not this.

    Attributes:
        status: The runner's exit status.
        failure: What the step that failed told, where one did; or that one died, or that the run was stopped.
    """

    status: int
    failure: dict[str, Any] | None


def run_local(
    spec: str,
    arguments: Mapping[str, Any],
    run: str,
    folder: Path,
    policy: Path | None,
    listen: Listener,
    stop: Stop,
) -> Ran:
    """Run a compiled pipeline with Kubeflow's local runner.

    Args:
        spec: The compiled pipeline.
        arguments: The pipeline's parameters.
        run: The run's id, put where Kubeflow would put its job id.
        folder: The run's folder; pipeline.yaml and log.txt are written there.
        policy: The policy file, where there is one.
        listen: Hears what each step tells.
        stop: Ends the run early; every process of it has ended when this returns, however it does.
    """
    stop.defer()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pipeline.yaml"
    path.write_text(spec.replace(dsl.PIPELINE_JOB_ID_PLACEHOLDER, run))
    with _scratch(folder) as scratch, _log(folder / "log.txt") as log:
        (scratch / "arguments.json").write_text(json.dumps(arguments))
        command = [
            sys.executable,
            "-m",
            "pipelines.localrunner",
            path,
            scratch / "arguments.json",
            scratch / "root",
        ]
        with _started(command, _environment(scratch, policy)) as process:
            stop.by(lambda: _end_group(process))
            every = _follow(process, log, listen)
            status = process.wait()
            stop.defer()
        full = shutil.disk_usage(folder).free < SCARCE  # before the scratch makes room
    if stop.signal is not None:
        return Ran(status, {"step": "run", "message": f"stopped by {stop.signal.name}"})
    failure = _failure(every)
    if status and full and (failure is None or "kind" not in failure):
        return Ran(status, {"step": "run", "message": f"{folder}: {unwritten(OSError(errno.ENOSPC, ''))}"})
    return Ran(status, failure)


def _follow(
    process: "subprocess.Popen[str]", log: Callable[[str], None], listen: Listener
) -> list[dict[str, Any]]:
    """Pass on what the steps tell until the last of them has ended."""
    every = []
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    for line in process.stdout:
        log(line)
        told = heard(line)
        if told is not None:
            every.append(told)
            listen(told)
    return every


def _failure(every: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What the step told that failed; or which step began and was never heard of again."""
    failed = [told for told in every if told["state"] == "failed"]
    ended = {told["step"] for told in every if told["state"] != "started"}
    silent = [told["step"] for told in every if told["step"] not in ended]
    if failed or not silent:
        return failed[-1] if failed else None
    return {"step": silent[0], "message": "ended without a word; was it killed, for lack of memory?"}


@contextlib.contextmanager
def _log(path: Path) -> Iterator[Callable[[str], None]]:
    """Writes lines to a file while there is room: no run ends for want of its log, its outcome says what is wrong."""
    file = path.open("w")

    def write(line: str) -> None:
        with contextlib.suppress(OSError):
            file.write(line)

    try:
        yield write
    finally:
        with contextlib.suppress(OSError):
            file.close()


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for what the runner and the steps leave lying about."""
    scratch = Path(tempfile.mkdtemp(prefix=".scratch-", dir=folder))
    try:
        (scratch / "tmp").mkdir()
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _environment(scratch: Path, policy: Path | None) -> dict[str, str]:
    """The steps find our Python first, our packages before a user's folders, and their own place for scratch."""
    binaries = Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(scratch / "tmp"),
    }
    if policy is not None:
        environment[POLICY_FILE] = str(policy.resolve())
    return environment


@contextlib.contextmanager
def _started(command: list[Any], environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A process in a group of its own, so that it can be ended with all its children."""
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.PIPE,  # never written to: the runner sees it close when we are gone
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end_group(process)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


def _end_group(process: "subprocess.Popen[str]") -> None:
    """End a process and its descendants: first as Ctrl-C does, so that steps clear up, then less and less kindly."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        _signalled(process.pid, number)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            process.poll()  # takes the process itself out of its group once it has ended
            if not _signalled(process.pid, 0):
                return
            time.sleep(0.02)


def _signalled(group: int, number: int) -> bool:
    """Send a signal, or 0 for none, to a group; whether there is one."""
    try:
        os.killpg(group, number)
    except (
        ProcessLookupError,
        PermissionError,
    ):  # macOS forbids to signal what has ended but was not waited for
        return False
    return True
