from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, few, figure
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.robustness_facts import RobustnessFacts, Shift
from tollgate.gates.finding import Finding
from tollgate.gates.robustness import RobustnessGate

STILL = figure(0.001, 0.0005, 0.0015)


def shift(**change: Any) -> Shift:
    return Shift(**{"mean": STILL, "tail": STILL, "flips": STILL, **change})


def said(facts: RobustnessFacts, **change: Any) -> list[Finding]:
    findings = RobustnessGate().findings(evidence(robustness=facts, **change))
    assert {finding.gate for finding in findings} == {"robustness"}
    return findings


def facts(**change: Any) -> RobustnessFacts:
    values: dict[str, Any] = {"rows": 1000, "noise": 0.1, "numbers": {"income": shift()}, "together": shift()}
    return RobustnessFacts(**values | {"categories": {"grade": shift()}} | change)


def test_a_model_that_stays_where_it_is_passes_six_questions() -> None:
    found = said(facts())
    assert [finding.status for finding in found] == ["PASS"] * 6
    assert found[0].message.startswith("the mean change in probability by noise of 10 % of the spread of ")


@pytest.mark.parametrize(
    ("place", "key", "limit"),
    [
        ("numbers", "mean", 0.05),
        ("numbers", "tail", 0.4),
        ("numbers", "flips", 0.2),
        ("categories", "mean", 0.25),
        ("categories", "tail", 0.7),
        ("categories", "flips", 0.6),
    ],
)
def test_each_interval_is_held_against_its_limit_for_the_feature_that_moves_most(
    place: str, key: str, limit: float
) -> None:
    for low, high, status in (
        (limit / 2, limit, "PASS"),
        (limit / 2, limit * 1.1, "INCONCLUSIVE"),
        (limit * 1.1, limit * 1.2, "FAIL"),
    ):
        moved = {"calm": shift(), "wild": shift(**{key: figure(limit, low, high)})}
        found = [finding for finding in said(facts(**{place: moved})) if finding.subject == "wild"]
        assert [finding.status for finding in found] == [status]


def test_no_feature_hides_another_that_is_beyond_its_limit() -> None:
    """The interval of the second reaches lower, and yet lies wholly beyond."""
    moved = {
        "unsure": shift(mean=figure(0.055, 0.045, 0.065)),
        "wrong": shift(mean=figure(0.056, 0.052, 0.060)),
        "calm": shift(),
    }
    found = {finding.subject: finding for finding in said(facts(numbers=moved)) if finding.status != "PASS"}
    assert {name: finding.status for name, finding in found.items()} == {
        "unsure": "INCONCLUSIVE",
        "wrong": "FAIL",
    }
    assert "of unsure is 0.055" in found["unsure"].message
    assert "of wrong is 0.056" in found["wrong"].message


def test_a_figure_that_is_lacking_hides_behind_no_other() -> None:
    moved = {"none": shift(mean=figure(None, reason="it broke")), "wild": shift()}
    found = [finding for finding in said(facts(numbers=moved)) if finding.status != "PASS"]
    assert [(finding.subject, finding.status) for finding in found] == [("none", "FAIL")]


def test_all_numbers_together_count_as_one_more() -> None:
    found = said(facts(together=shift(flips=figure(0.5, 0.4, 0.6))))
    assert [finding.subject for finding in found if finding.status == "FAIL"] == ["all numbers"]


def test_few_rows_prove_nothing() -> None:
    found = said(facts(together=shift(flips=figure(0.5, 0.4, 0.6))), holdout=few(99, 900))
    assert {finding.status for finding in found} == {"INCONCLUSIVE"}


def test_features_that_cannot_move_are_told() -> None:
    (finding,) = said(RobustnessFacts(rows=1000, noise=0.1, unmoved=("a", "b")))
    assert (finding.status, finding.message.endswith("profile: a, b")) == ("PASS", True)


def test_what_was_not_measured_fails() -> None:
    (finding,) = RobustnessGate().findings(evidence(robustness=NotAssessed(not_assessed="broke")))
    assert (finding.status, finding.message) == ("FAIL", "broke")


@pytest.mark.parametrize(
    "value",
    [
        {"noise_mean": 0.11},
        {"noise_tail": 0.61},
        {"noise_flips": 0.31},
        {"swap_mean": 0.71},
        {"swap_tail": 0.98},
        {"swap_flips": 0.81},
    ],
)
def test_no_limit_can_be_loosened_past_its_bound(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="less than or equal to"):
        RobustnessGate.read(value)
