"""The command line is killed, so that it can clear up nothing: its run ends all the same."""

import subprocess
import time

import pytest

from tests.pipelines.command import PATIENCE, TOLLGATE, environment
from tests.pipelines.places import Place
from tests.pipelines.test_stopping import processes_about

pytestmark = pytest.mark.long


def test_a_run_ends_when_the_command_that_started_it_is_killed(fresh: Place) -> None:
    with subprocess.Popen(
        [TOLLGATE, "run"],
        cwd=fresh.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as run:
        assert run.stdout is not None
        assert any(line.startswith("✓ ingest") for line in run.stdout)
        run.kill()
    end = time.monotonic() + PATIENCE
    while processes_about(fresh.folder):
        assert time.monotonic() < end, "the run goes on without its command"
        time.sleep(0.05)
    assert fresh.target.current() is None
    assert list(fresh.latest_run.glob(".scratch-*")) == []
