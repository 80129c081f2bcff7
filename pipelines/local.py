"""Running a compiled pipeline on this machine, in a process of its own that leaves nothing behind."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kfp import dsl

from components.policy_file import POLICY_FILE
from components.progress import heard

PATIENCE = 5.0
Listener = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Ran:
    """What the runner said; the outcome file decides, not this.

    Attributes:
        status: The runner's exit status.
        failure: What the step that failed told, where one did.
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
) -> Ran:
    """Run a compiled pipeline with Kubeflow's local runner.

    Args:
        spec: The compiled pipeline.
        arguments: The pipeline's parameters.
        run: The run's id, put where Kubeflow would put its job id.
        folder: The run's folder; pipeline.yaml and log.txt are written there.
        policy: The policy file, where there is one.
        listen: Hears what each step tells.

    Raises:
        KeyboardInterrupt: The user stopped the run; every process of it has ended.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pipeline.yaml"
    path.write_text(spec.replace(dsl.PIPELINE_JOB_ID_PLACEHOLDER, run))
    with _scratch(folder) as scratch, (folder / "log.txt").open("w") as log:
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
            failure = _follow(process, log.write, listen)
            return Ran(process.wait(), failure)


def _follow(
    process: "subprocess.Popen[str]", log: Callable[[str], Any], listen: Listener
) -> dict[str, Any] | None:
    failure = None
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    for line in process.stdout:
        log(line)
        told = heard(line)
        if told is not None:
            failure = told if told["state"] == "failed" else failure
            listen(told)
    return failure


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
        stdin=subprocess.DEVNULL,
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


def _end_group(process: "subprocess.Popen[str]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
    if process.stdout:
        process.stdout.close()
