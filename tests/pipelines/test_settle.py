"""How a run ended is told by the target's history, whatever the steps said or could not say."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.settle import settle
from tests.pipelines.places import NAME, Place, promote
from tests.pipelines.replay import Case, Recorded, play
from tollgate.canonical import sha256
from tollgate.outcome import Outcome, outcome_key
from tollgate.verdict import Verdict

pytestmark = pytest.mark.long

DIES_AFTER_PUBLISHING = """\
import os, components.deployed
components.deployed.Outcome = lambda **_: os.kill(os.getpid(), 9)
"""


@pytest.fixture
def run(served: Place) -> str:
    """The run that published what is served."""
    return served.latest_run.name


def written(served: Place, run: str) -> bytes:
    return served.storage.read(outcome_key(run))


def told(outcome: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(b'"outcome":"deployed"', f'"outcome":"{outcome}"'.encode())


def test_a_deploy_step_that_dies_after_publishing_has_deployed(recorded: Recorded, tmp_path: Path) -> None:
    played = play(recorded, tmp_path, Case({"deploy": DIES_AFTER_PUBLISHING}))
    live = played.target.current()
    assert live is not None
    verdict = sha256(played.storage.read(f"runs/{played.outcome.run}/verdict.json"))
    assert played.target.release(live.release).verdict == verdict
    assert played.outcome.outcome == "deployed"
    assert "no step said so" in played.outcome.reasons[0]
    expected = (live.release, live.bundle, live.generation, verdict, True)
    outcome = played.outcome
    assert (outcome.release, outcome.bundle, outcome.generation, outcome.verdict, outcome.changed) == expected


def test_an_outcome_that_holds_is_left_as_it_is(served: Place, run: str) -> None:
    before = written(served, run)
    assert settle(served.storage, served.target, run, None).content() == before
    assert written(served, run) == before


@pytest.mark.parametrize(
    "change", [told("failed"), told("held"), told("conflict"), lambda _: b"rubbish", lambda _: b"{}"]
)
def test_a_model_that_is_live_is_called_deployed_whatever_was_written(
    served: Place, run: str, change: Callable[[bytes], bytes]
) -> None:
    true = Outcome.model_validate_json(written(served, run))
    served.storage.write(outcome_key(run), change(written(served, run)))
    settled = settle(served.storage, served.target, run, {"step": "deploy", "message": "died"})
    assert settled.outcome == "deployed"
    assert (settled.release, settled.generation) == (true.release, true.generation)
    assert Outcome.model_validate_json(written(served, run)) == settled


def test_a_promotion_right_after_this_one_does_not_make_it_untrue(served: Place, run: str) -> None:
    promote(served)
    before = written(served, run)
    assert settle(served.storage, served.target, run, None).content() == before


def test_a_release_that_was_live_before_the_verdict_is_not_this_runs_deployment(
    served: Place, run: str
) -> None:
    promote(served)
    verdict = Verdict.model_validate_json(served.storage.read(f"runs/{run}/verdict.json"))
    later = verdict.model_copy(update={"judged": verdict.judged.model_copy(update={"generation": 2})})
    served.storage.write(f"runs/{run}/verdict.json", later.content())
    claimed = Outcome.model_validate_json(written(served, run))
    stale = claimed.model_copy(update={"verdict": sha256(later.content())})
    served.storage.write(outcome_key(run), stale.content())
    settled = settle(served.storage, served.target, run, None)
    assert settled.outcome == "failed"
    assert settled.reasons[0].startswith("the run says deployed, but release ")


@pytest.mark.parametrize(
    ("claim", "doubt"),
    [
        ({"run": "another"}, "that is the outcome of the run another"),
        ({"bundle": "0" * 64}, "the verdict is about another bundle"),
        ({"verdict": "0" * 64}, "the verdict is another one"),
    ],
)
def test_an_outcome_that_is_not_about_this_verdict_is_not_believed(
    served: Place, run: str, claim: dict[str, Any], doubt: str
) -> None:
    claimed = Outcome.model_validate_json(written(served, run)).model_copy(
        update={"outcome": "held", **claim}
    )
    shutil.rmtree(served.storage.root / "targets" / NAME)
    served.storage.write(outcome_key(run), claimed.content())
    settled = settle(served.storage, served.target, run, None)
    assert settled.outcome == "failed"
    assert settled.reasons == (f"the run says held, but {doubt}",)


def test_a_verdict_that_says_hold_is_no_deployment(served: Place, run: str) -> None:
    key = f"runs/{run}/verdict.json"
    held = served.storage.read(key).replace(b'"decision":"deploy"', b'"decision":"hold"')
    served.storage.write(key, held)
    claimed = Outcome.model_validate_json(written(served, run)).model_copy(update={"verdict": sha256(held)})
    served.storage.write(outcome_key(run), claimed.content())
    settled = settle(served.storage, served.target, run, None)
    assert settled.reasons == ("the run says deployed, but the verdict says hold",)


def test_a_run_whose_pointer_was_lost_is_not_called_deployed(served: Place, run: str) -> None:
    (served.storage.root / "targets" / NAME / "pointer.json").unlink()
    settled = settle(served.storage, served.target, run, None)
    assert settled.outcome == "failed"
    assert "is missing, but there is a history" in settled.reasons[0]


def test_an_edited_verdict_is_noticed(served: Place, run: str) -> None:
    key = f"runs/{run}/verdict.json"
    served.storage.write(key, served.storage.read(key).replace(b'"status":"PASS"', b'"status":"FAIL"', 1))
    settled = settle(served.storage, served.target, run, None)
    assert settled.outcome == "failed"
    assert settled.reasons == ("the run says deployed, but the verdict is another one",)


def test_a_failure_is_told_with_its_step(served: Place) -> None:
    failure = {"step": "train", "message": "no column is a number"}
    assert settle(served.storage, served.target, "new", failure).reasons == ("train: no column is a number",)
    assert settle(served.storage, served.target, "newer", None).reasons == ("no step wrote an outcome",)
