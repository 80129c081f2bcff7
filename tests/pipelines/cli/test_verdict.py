"""The end of a run in words."""

from pathlib import Path

import pytest

from pipelines.cli.verdict import against_champion, drift_line, show, stopped
from pipelines.run import Finished
from tests.tollgate.gates.evidence import AT, BUNDLE, CHAMPION, NO_CHAMPION, evidence, figure, lineage_of
from tollgate.canonical import canonical_json
from tollgate.contract.drift import Change, Drift
from tollgate.evaluation.evidence import Champion
from tollgate.gates.section import GatesSection
from tollgate.outcome import Ending, Outcome
from tollgate.policy import Policy
from tollgate.verdict import judge

SAME = CHAMPION.model_copy(update={"bundle": BUNDLE})


@pytest.mark.parametrize(
    ("champion", "difference", "said"),
    [
        (NO_CHAMPION, None, "no champion yet: this is the first model here"),
        (Champion(state="unreadable", reason="torn"), None, "the champion could not be compared with: torn"),
        (
            SAME,
            (0.0, 0.0, 0.0),
            "champion: generation 3, bundle bbbbbbbbbbbb; the challenger is the very same bundle",
        ),
        (
            CHAMPION,
            (0.0123, -0.004, 0.03),
            "champion: generation 3, bundle cccccccccccc; roc_auc changes by +0.0123 [-0.0040, +0.0300]",
        ),
    ],
)
def test_what_changed_against_the_champion(
    champion: Champion, difference: tuple[float, float, float] | None, said: str
) -> None:
    differences = {"roc_auc": figure(*difference)} if difference else {}
    assert against_champion(evidence(champion=champion, differences=differences)) == said


def test_a_difference_that_could_not_be_measured_is_told_with_its_reason() -> None:
    found = evidence(differences={"roc_auc": figure(None, reason="the champion scored no row")})
    assert against_champion(found).endswith("no difference can be told: the champion scored no row")


def test_a_champion_that_can_score_no_row_is_told_with_its_reason() -> None:
    lost = CHAMPION.model_copy(update={"reason": "it needs the column age, which the contract no longer has"})
    assert against_champion(evidence(champion=lost, differences={})).endswith(
        "; there is no row to compare on: it needs the column age, which the contract no longer has"
    )


def test_a_contract_that_differs_from_the_champions_is_told_in_one_line() -> None:
    changes = (
        Change(kind="removed", column="a", was="feature, number", now=""),
        Change(kind="removed", column="b", was="feature, number", now=""),
        Change(kind="type", column="c", was="integer", now="number"),
    )
    drift = Drift(version=1, state="compared", changes=changes)
    assert drift_line(evidence(drift=drift)) == [
        "the contract differs from the champion's: 2 columns removed, 1 type changed"
    ]


@pytest.mark.parametrize("drift", [None, Drift(version=1, state="none"), Drift(version=1, state="compared")])
def test_a_contract_that_does_not_differ_is_not_told(drift: Drift | None) -> None:
    assert drift_line(evidence(drift=drift)) == []


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("deployed", "stopped, but the model was published already, as generation 2"),
        ("held", "stopped, but the run had ended: held; nothing was published"),
        ("conflict", "stopped, but the run had ended: conflict; nothing was published"),
        ("failed", "stopped; nothing was published"),
    ],
)
def test_a_run_that_was_stopped_says_how_far_it_came(ending: Ending, said: str) -> None:
    assert stopped(Outcome(run="one", outcome=ending, generation=2, at="")) == said


@pytest.mark.parametrize(
    ("ending", "following"),
    [
        ("deployed", " serve --workflow 'my own.yaml'"),
        ("conflict", " run --workflow 'my own.yaml'"),
        ("held", "mend the cause above, or read the log"),
        ("failed", "mend the cause above, or read the log"),
    ],
)
def test_the_end_says_what_to_type_next(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ending: Ending,
    following: str,
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    outcome = Outcome(run="one", outcome=ending, reasons=("column [/x]: [red]1 value",), generation=2, at="")
    show(Finished(outcome, None, None, tmp_path), Path("my own.yaml"))
    out = capsys.readouterr().out
    assert f"╭─ {ending} ─" in out
    (following_line,) = [line.rstrip(" │") for line in out.splitlines() if line.startswith("│ next ")]
    assert following_line.endswith(following)
    assert "column [/x]: [red]1 value" in out
    assert "│ report" not in out
    assert "published as" not in out


def test_a_waiver_is_told_beside_its_finding_and_one_that_is_not_used_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    waiver = {
        "gate": "metric",
        "reason": "the pilot is small",
        "person": "R. [red]Owner",
        "expires": "2026-03-01",
    }
    settings = {
        "metric": [{"name": "roc_auc", "at_least": 0.65}],
        "waivers": [waiver, {**waiver, "gate": "champion"}],
    }
    found = evidence(metrics={"roc_auc": figure(0.66, 0.6, 0.7)})
    policy = Policy.read({"waivable": ["metric", "champion"]})
    content = canonical_json(found.as_json())
    verdict = judge(content, lineage_of(found), GatesSection.read(settings), policy, AT)
    outcome = Outcome(run="one", outcome="deployed", generation=1, changed=True, at="")
    show(Finished(outcome, verdict, found, tmp_path), Path("workflow.yaml"))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    (at,) = [at for at, line in enumerate(lines) if line.startswith("INCONCLUSIVE metric roc_auc")]
    assert lines[at + 1] == "waived by R. [red]Owner until 2026-03-01: the pilot is small"
    assert "│ the waiver for champion is not used: no finding needs it │" in lines
