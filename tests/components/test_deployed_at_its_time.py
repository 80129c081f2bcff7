"""deploy judges again at its own time: what has expired or grown old since the verdict is not acted on."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.policy_file import POLICY_FILE
from tests.components.judgement import GATES, Judgement, champion, judged
from tests.small import SmallBundle
from tests.tollgate.gates.evidence import figure, timings
from tollgate.storage.folder import FolderStorage

UNCLEAR = {"roc_auc": figure(0.66, 0.6, 0.7)}
NOW = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


def day(days: int) -> str:
    return (NOW.date() + dt.timedelta(days=days)).isoformat()


def later(days: float) -> str:
    return (NOW + dt.timedelta(days=days)).isoformat(timespec="seconds")


def waiver(expires: str) -> dict[str, Any]:
    return {
        "gate": "metric",
        "subject": "roc_auc",
        "reason": "the pilot is small",
        "person": "R. Owner",
        "expires": expires,
    }


def waived(storage: FolderStorage, bundle: SmallBundle, expires: str, max_age: int = 24) -> Judgement:
    gates = {**GATES, "waivers": [waiver(expires)], "max_age": max_age}
    return judged(storage, bundle, gates=gates, metrics=UNCLEAR)


@pytest.fixture(autouse=True)
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text("waivable: [metric]\n")
    monkeypatch.setenv(POLICY_FILE, str(path))
    return path


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """It is noon for all who look at the clock, until some days have passed."""

    def passed(days: float) -> None:
        for module in ("components.judged", "components.holding", "tests.components.judgement"):
            monkeypatch.setattr(f"{module}.now", lambda: later(days))

    passed(0)
    return passed


def test_a_waived_model_is_published_with_its_waiver_in_the_record(
    storage: FolderStorage, bundle: SmallBundle
) -> None:
    judgement = waived(storage, bundle, day(10))
    assert judgement.publish().outcome == "deployed"
    (folder,) = (storage.root / "releases").iterdir()
    assert b'"person":"R. Owner"' in (folder / "verdict.json").read_bytes()
    assert b"R. Owner" in storage.read("runs/one/report.html")


def test_a_waiver_that_expired_since_the_verdict_lets_nothing_through(
    storage: FolderStorage, bundle: SmallBundle, clock: Callable[[float], None]
) -> None:
    judgement = waived(storage, bundle, day(1), max_age=168)
    clock(2)
    outcome = judgement.publish()
    assert outcome.outcome == "held"
    assert any(f"expired on {day(1)}: it lets nothing through" in reason for reason in outcome.reasons)
    assert judgement.target.current() is None


def test_the_same_waiver_still_holds_on_its_last_day(
    storage: FolderStorage, bundle: SmallBundle, clock: Callable[[float], None]
) -> None:
    judgement = waived(storage, bundle, day(1), max_age=168)
    clock(1)
    assert judgement.publish().outcome == "deployed"


def test_a_policy_that_no_longer_lets_anybody_waive_makes_the_verdict_void(
    storage: FolderStorage, bundle: SmallBundle, policy: Path
) -> None:
    judgement = waived(storage, bundle, day(10))
    policy.write_text("waivable: []\n")
    assert judgement.publish().reasons == ("the policy has changed since the verdict",)


def test_evidence_that_grew_old_since_the_verdict_is_not_acted_on(
    storage: FolderStorage, bundle: SmallBundle, clock: Callable[[float], None]
) -> None:
    judgement = judged(storage, bundle)
    clock(2)
    (reason,) = judgement.publish().reasons
    assert reason.startswith("since the verdict: evidence: the evidence was measured on ")
    assert "older than the 24 hours" in reason


def test_evidence_that_was_old_when_it_was_judged_is_held_by_judge(
    storage: FolderStorage, bundle: SmallBundle
) -> None:
    judgement = judged(storage, bundle, timings=timings(at=later(-2)))
    assert judgement.publish().outcome == "held"


def test_a_limit_loosened_since_the_champion_was_judged_holds_the_next_model(
    storage: FolderStorage, bundle: SmallBundle, other_bundle: SmallBundle
) -> None:
    assert judged(storage, bundle).publish().outcome == "deployed"
    live = judged(storage, bundle).target.current()
    assert live is not None
    loose = {**GATES, "champion": {"margin": 0.05}}
    outcome = judged(storage, other_bundle, "two", gates=loose, champion=champion(live)).publish("two")
    assert outcome.outcome == "held"
    assert outcome.reasons[0].startswith("loosened: champion.margin is 0.05, looser than the 0.01")
    same = judged(storage, other_bundle, "three", champion=champion(live)).publish("three")
    assert same.outcome == "deployed"


@pytest.mark.parametrize(("minutes", "ending"), [(4, "deployed"), (6, "held")])
def test_the_clock_of_another_machine_may_be_a_little_behind(
    storage: FolderStorage, bundle: SmallBundle, clock: Callable[[float], None], minutes: int, ending: str
) -> None:
    judgement = judged(storage, bundle)
    clock(-minutes / (24 * 60))
    assert judgement.publish().outcome == ending
