"""Someone else is promoted while a run is under way."""

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.pipelines.command import PATIENCE, TOLLGATE, environment
from tests.pipelines.places import Place, promote

pytestmark = pytest.mark.long

POLICY = b"version: 1\n"


def give(pipe: Path, run: "subprocess.Popen[str]") -> None:
    """Give the policy to whoever waits for it at the other end of a pipe."""
    end = time.monotonic() + PATIENCE
    while not _written(pipe):
        assert run.poll() is None, "the run ended before anybody asked for the policy"
        assert time.monotonic() < end, "nobody asked for the policy"
        time.sleep(0.05)


def hand_over(pipe: Path, run: "subprocess.Popen[str]", step: str) -> None:
    """Give the policy to the step that waits for it, and wait for the step's end."""
    give(pipe, run)
    assert run.stdout is not None
    assert any(line.startswith(f"✓ {step}") for line in run.stdout), f"{step} did not come to its end"


def _written(pipe: Path) -> bool:
    try:
        descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # nobody reads yet
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(POLICY)
    return True


def test_a_promotion_after_the_verdict_is_a_conflict_and_exits_4(served: Place) -> None:
    pipe = (
        served.folder / "policy.yaml"
    )  # the command, ingest, judge and deploy read it, so that each waits for us
    os.mkfifo(pipe)
    with subprocess.Popen(
        [TOLLGATE, "run"], cwd=served.folder, env=environment(), stdout=subprocess.PIPE, text=True
    ) as run:
        try:
            give(pipe, run)
            time.sleep(0.5)  # until the command has closed its end: it compiles before ingest opens the next
            hand_over(pipe, run, "ingest")
            hand_over(pipe, run, "judge")
            theirs = promote(served)
            hand_over(pipe, run, "deploy")
            out, _ = run.communicate(timeout=PATIENCE)
        finally:
            run.kill()  # whatever went wrong, nobody waits for the other end of a pipe
    assert run.returncode == 4
    assert "╭─ conflict ─" in out
    assert "someone else was promoted since the verdict" in out
    assert re.search(r"next     \S*tollgate run", out)
    assert served.target.current() == theirs
    assert [entry.generation for entry in served.target.history()] == [2, 1]
