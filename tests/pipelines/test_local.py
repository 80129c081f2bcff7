"""Ending a run from outside: kindly first, and in any case."""

import signal
import threading
import time
from pathlib import Path

import pytest

from pipelines import local
from pipelines.cli.verdict import stopped
from pipelines.stopping import Stop
from tests.pipelines.replay import Case, Code, Played, Recorded, play

pytestmark = pytest.mark.long

# An ingest that has staged a snapshot and takes its time.
STAGED = """\
import components.frozen, time
components.frozen.ingest = lambda *given: (given[3] / "begun").touch() or time.sleep(600)
"""
# A judge that will not listen.
DEAF = """\
import signal, time
from pathlib import Path
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
Path(storage, "deaf").touch()
time.sleep(600)
"""


def stop_once(recorded: Recorded, folder: Path, code: Code, sign: str) -> Played:
    """Play a pipeline, and stop it as soon as there is a certain file."""
    stop, played = Stop(), list[Played]()
    run = threading.Thread(target=lambda: played.append(play(recorded, folder, Case(code), stop)))
    run.start()
    while run.is_alive() and not list(folder.glob(sign)):
        time.sleep(0.02)
    stop.handle(signal.SIGTERM, None)
    run.join()
    return played[0]


def test_a_step_that_is_stopped_clears_up_after_itself(recorded: Recorded, tmp_path: Path) -> None:
    played = stop_once(recorded, tmp_path, {"ingest": STAGED}, "storage/.staging/*/begun")
    assert played.outcome.reasons == ("run: stopped by SIGTERM",)
    assert stopped(played.outcome) == "stopped; nothing was published"
    assert "KeyboardInterrupt" in played.log
    assert list(played.storage.root.glob(".staging/*")) == []


def test_a_step_that_will_not_listen_is_ended_all_the_same_and_the_next_run_works(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "PATIENCE", 0.2)
    played = stop_once(recorded, tmp_path, {"judge": DEAF}, "storage/deaf")
    assert played.outcome.reasons == ("run: stopped by SIGTERM",)
    assert played.target.current() is None
    monkeypatch.undo()
    assert play(recorded, tmp_path, Case({})).outcome.outcome == "deployed"


def test_a_run_stopped_after_its_model_was_published_says_that(recorded: Recorded, tmp_path: Path) -> None:
    played = stop_once(recorded, tmp_path, {}, "storage/runs/*/outcome.json")
    live = played.target.current()
    assert live is not None
    assert (played.outcome.outcome, played.outcome.release) == ("deployed", live.release)
    expected = "stopped, but the model was published already, as generation 1"
    assert stopped(played.outcome) == expected
