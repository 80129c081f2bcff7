"""A step that dies or is skipped never ends in exit status 0, nor in a published model."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future

import pytest

from tests.pipelines.replay import Case, Played, Recorded, side_by_side
from tollgate.outcome import EXIT_STATUS

pytestmark = pytest.mark.long

# Where each step does its work; what is put in its place happens after the step said that it began.
WORK = {
    "ingest": "components.frozen.freeze",
    "validate": "components.frozen.read_snapshot",
    "train": "components.trained.train_on",
    "evaluate": "components.measured.gather_evidence",
    "judge": "components.judged.reach_verdict",
    "deploy": "components.deployed.publish",
    "hold": "components.held.write_held",
    "notify": "components.notified.settle_outcome",
}
LEAVES, KILLED, RAISES = "os._exit(0)", "os.kill(os.getpid(), 9)", "1 / 0"
DEADLY = [(step, LEAVES) for step in WORK if step != "notify"]
DEADLY += [(step, KILLED) for step in ("ingest", "judge", "deploy", "hold")]
DEADLY += [("ingest", RAISES)]
ALL_HELD = {"metric": [{"name": "roc_auc", "at_least": 0.99}], "champion": {"margin": 0.05}}
Results = Mapping[str, Future[Played]]


def instead(step: str, fault: str) -> Case:
    """A case in which a step does something else than its work."""
    module, function = WORK[step].rsplit(".", 1)
    code = f"import os, {module}\n{module}.{function} = lambda *_, **__: {fault}"
    return Case({step: code}, {"gates": ALL_HELD} if step == "hold" else {})


CASES = {f"{step} {fault}": instead(step, fault) for step, fault in DEADLY}
CASES["notify killed"] = instead("notify", KILLED)
CASES["deploy skipped"] = Case({"deploy": "return"})
CASES["hold skipped"] = Case({"hold": "return"}, {"gates": ALL_HELD})


@pytest.fixture(scope="module")
def results(recorded: Recorded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    with side_by_side(recorded, tmp_path_factory.mktemp("faults"), CASES) as results:
        yield results


@pytest.mark.parametrize(("step", "fault"), DEADLY)
def test_a_step_that_dies_fails_the_run_and_publishes_nothing(
    results: Results, step: str, fault: str
) -> None:
    played = results[f"{step} {fault}"].result()
    assert played.outcome.outcome == "failed"
    assert EXIT_STATUS[played.outcome.outcome] == 1
    assert played.target.current() is None
    assert step not in played.done
    (reason,) = played.outcome.reasons
    assert reason.startswith(f"{step}: ")
    assert ("broke" if fault == RAISES else "ended without a word") in reason


@pytest.mark.parametrize("step", ["deploy", "hold"])
def test_a_last_step_that_is_skipped_is_noticed_although_the_runner_reports_success(
    results: Results, step: str
) -> None:
    played = results[f"{step} skipped"].result()
    assert played.ran.status == 0
    assert played.outcome.outcome == "failed"
    assert played.outcome.reasons == ("a step ended without an outcome",)
    assert played.target.current() is None


def test_a_notification_that_fails_does_not_change_how_the_run_ended(results: Results) -> None:
    played = results["notify killed"].result()
    live = played.target.current()
    assert live is not None
    assert (played.outcome.outcome, played.outcome.release) == ("deployed", live.release)


def test_after_a_step_died_notify_still_runs(results: Results) -> None:
    assert results[f"ingest {KILLED}"].result().done == ("notify",)


def test_the_traceback_of_a_step_that_broke_is_in_the_log(results: Results) -> None:
    assert "ZeroDivisionError: division by zero" in results[f"ingest {RAISES}"].result().log


def test_no_run_leaves_scratch_or_staging_behind(results: Results) -> None:
    for result in results.values():
        root = result.result().storage.root
        assert list(root.glob("runs/*/.scratch-*")) == []
        assert list(root.glob(".staging/*")) == []
