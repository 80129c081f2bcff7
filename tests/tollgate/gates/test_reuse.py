"""A holdout that was used before gives wider intervals, and in the end proves nothing."""

from typing import Any

import pytest

from tests.tollgate.gates.evidence import EQUAL, FRESH, NO_CHAMPION, evidence, few, figure
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NOT_MEASURED
from tollgate.gates.champion import ChampionGate
from tollgate.gates.finding import Finding
from tollgate.gates.metric import MetricGate
from tollgate.gates.reuse import HoldoutGate, widened

METRIC = MetricGate(name="roc_auc", at_least=0.65)
CHAMPION = ChampionGate(margin=0.01)
BOTH = pytest.mark.parametrize("gate", [METRIC, CHAMPION], ids=["metric", "champion"])


def one(gate: HoldoutGate, evidence: Evidence) -> Finding:
    (finding,) = gate.findings(evidence)
    return finding


def used(challengers: int, **change: Any) -> Evidence:
    return evidence(reuse=FRESH.model_copy(update={"challengers": challengers}), **change)


def test_the_interval_of_the_second_model_is_that_of_half_of_alpha() -> None:
    """The quantiles of the normal distribution are 1.9600 at 0.975 and 2.2414 at 0.9875 (Bonferroni for two)."""
    found = widened(figure(0.7, 0.68, 0.73), 2)
    assert found.level == pytest.approx(0.975)
    assert found.low == pytest.approx(0.7 - 0.02 * 2.2414 / 1.9600, abs=1e-5)
    assert found.high == pytest.approx(0.7 + 0.03 * 2.2414 / 1.9600, abs=1e-5)
    assert found.said == " at 97.50 %, as 2 models were judged on these rows"


def test_of_a_fresh_holdout_the_interval_stays_what_it_is() -> None:
    found = widened(figure(0.7, 0.68, 0.73), 1)
    assert (found.low, found.high, found.level, found.said) == (0.68, 0.73, 0.95, "")


def test_an_end_on_the_wrong_side_of_the_figure_never_moves_in() -> None:
    found = widened(figure(0.3, 0.31, 0.35), 5)
    assert found.low == 0.31
    assert found.high > 0.35


def test_what_would_pass_on_fresh_rows_is_held_on_rows_that_were_used_often() -> None:
    metrics = {"roc_auc": figure(0.67, 0.655, 0.685)}
    assert one(METRIC, used(1, metrics=metrics)).status == "PASS"
    finding = one(METRIC, used(10, metrics=metrics))
    assert finding.status == "INCONCLUSIVE"
    assert finding.harm is not None
    assert finding.harm.level == pytest.approx(0.995)
    assert finding.waivable
    assert "[0.6485, 0.6915] at 99.50 %, as 10 models were judged on these rows; needed" in finding.message
    assert finding.figures["challengers"] == 10


def test_the_comparison_with_the_champion_is_widened_too() -> None:
    differences = {"roc_auc": figure(0.0, -0.009, 0.009)}
    assert one(CHAMPION, used(1, differences=differences)).status == "PASS"
    finding = one(CHAMPION, used(3, differences=differences))
    assert finding.status == "INCONCLUSIVE"
    assert "[-0.0110, +0.0110] at 98.33 %, as 3 models were judged on these rows" in finding.message


@BOTH
@pytest.mark.parametrize(("challengers", "status"), [(20, "PASS"), (21, "INCONCLUSIVE")])
def test_above_the_most_uses_no_figure_is_good_enough_and_no_waiver_helps(
    gate: HoldoutGate, challengers: int, status: str
) -> None:
    sure = {
        "metrics": {"roc_auc": figure(0.9, 0.899, 0.901)},
        "differences": {"roc_auc": figure(0.1, 0.09, 0.11)},
    }
    finding = one(gate, used(challengers, **sure))
    assert (finding.status, finding.waivable) == (status, status == "PASS")
    assert ("more than 20: no interval holds any more, new rows do" in finding.message) == (status != "PASS")


@BOTH
def test_a_sure_loss_stays_a_fail_however_often_the_rows_were_used(gate: HoldoutGate) -> None:
    bad = {
        "metrics": {"roc_auc": figure(0.5, 0.49, 0.51)},
        "differences": {"roc_auc": figure(-0.3, -0.31, -0.29)},
    }
    assert one(gate, used(40, **bad)).status == "FAIL"


def test_more_uses_can_be_allowed_or_fewer() -> None:
    strict = MetricGate(name="roc_auc", at_least=0.65, max_reuse=1)
    assert one(strict, used(2, metrics={"roc_auc": figure(0.9, 0.89, 0.91)})).status == "INCONCLUSIVE"
    loose = ChampionGate(max_reuse=50)
    assert one(loose, used(50, differences={"roc_auc": figure(0.0, -0.001, 0.001)})).status == "PASS"


@BOTH
@pytest.mark.parametrize(
    ("reuse", "words"),
    [
        (NOT_MEASURED, "how often this holdout was used is not known: it was not measured"),
        (
            FRESH.model_copy(update={"unreadable": "judged/x.json: was changed"}),
            "not known: judged/x.json: was changed",
        ),
    ],
)
def test_uses_that_cannot_be_counted_are_a_fail_and_never_one(
    gate: HoldoutGate, reuse: Any, words: str
) -> None:
    finding = one(gate, evidence(reuse=reuse, differences={"roc_auc": figure(*EQUAL)}))
    assert finding.status == "FAIL"
    assert words in finding.message


def test_too_few_rows_that_were_used_too_often_are_not_waivable() -> None:
    found = few(8, 300)
    lacking = {"roc_auc": figure(None, reason="not defined")}
    finding = one(METRIC, used(21, metrics=lacking, holdout=found, differences={}))
    assert (finding.status, finding.waivable) == ("INCONCLUSIVE", False)
    assert "8 events" in finding.message
    assert finding.message.endswith("no interval holds any more, new rows do")
    assert one(METRIC, used(20, metrics=lacking, holdout=found, differences={})).waivable


def test_without_a_champion_nothing_is_compared_and_nothing_widened() -> None:
    finding = one(CHAMPION, used(40, champion=NO_CHAMPION, differences={}))
    assert (finding.status, finding.harm) == ("PASS", None)
