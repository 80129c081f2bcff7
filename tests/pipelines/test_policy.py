"""policy.yaml beside workflow.yaml is the floor under the gates, whoever starts the run."""

from pathlib import Path

import pytest

from tests.pipelines.replay import Case, Recorded, play

pytestmark = pytest.mark.long


def test_gates_weaker_than_the_policy_hold_the_model_with_every_reason(
    recorded: Recorded, tmp_path: Path
) -> None:
    played = play(recorded, tmp_path, Case({}, policy="margin: 0.01\nlimits: {roc_auc: 0.7}\n"))
    reasons = (
        "champion.margin is 0.05, at most 0.01 is allowed",
        "metric.roc_auc.at_least is 0.55, at least 0.7 is required",
    )
    assert played.outcome.outcome == "held"
    assert played.target.current() is None
    told = " ".join(played.outcome.reasons)
    report = played.storage.read(f"runs/{played.outcome.run}/report.html").decode()
    assert [reason for reason in reasons if reason not in told or reason not in report] == []


def test_a_policy_that_cannot_be_read_fails_the_run(recorded: Recorded, tmp_path: Path) -> None:
    played = play(recorded, tmp_path, Case({"ingest": ""}, policy="version: 1\nmargn: 0.02\n"))
    assert played.outcome.outcome == "failed"
    assert played.outcome.reasons == (
        f"ingest: {tmp_path / 'policy.yaml'}, line 2: margn: unknown key; did you mean 'margin'?",
    )
    assert played.target.current() is None
