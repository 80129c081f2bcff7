from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, few, figure, leakage
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.leakage_facts import Alone, Pure, Shared
from tollgate.gates.finding import Finding
from tollgate.gates.leakage import LeakageGate

QUIET = Alone(auc=figure(0.6, 0.57, 0.63))
FEW = few(99, 900)


def said(found: Evidence) -> dict[str, Finding]:
    findings = LeakageGate().findings(found)
    assert {finding.gate for finding in findings} == {"leakage"}
    return {finding.subject: finding for finding in findings}


def one(subject: str, **change: Any) -> Finding:
    return said(evidence(leakage=leakage(**change)))[subject]


def alone(found: Alone) -> Finding:
    return one("bad", alone={"good": QUIET, "bad": found})


def test_features_that_raise_no_alarm_pass() -> None:
    found = said(evidence())
    assert set(found) == {"known", "income", "roc_auc"}
    assert {finding.status for finding in found.values()} == {"PASS"}


@pytest.mark.parametrize(
    ("low", "high", "status", "waivable"),
    [
        (0.85, 0.9, "PASS", True),
        (0.85, 0.91, "INCONCLUSIVE", True),
        (0.95, 0.97, "INCONCLUSIVE", True),
        (0.9899, 1.0, "INCONCLUSIVE", True),
        (0.99, 1.0, "FAIL", False),
        (1.0, 1.0, "FAIL", False),
    ],
)
def test_a_feature_that_says_nearly_all_is_an_alarm_and_one_that_says_all_fails(
    low: float, high: float, status: str, waivable: bool
) -> None:
    finding = alone(Alone(auc=figure((low + high) / 2, low, high)))
    assert (finding.status, finding.waivable) == (status, waivable)


def test_a_value_with_one_outcome_alone_is_an_alarm_when_its_odds_are_far_from_the_others() -> None:
    finding = alone(Alone(auc=QUIET.auc, pure=Pure(rows=300, events=True, odds=20.1)))
    assert finding.status == "INCONCLUSIVE"
    assert "one value or band of bad, 300 rows, has events alone" in finding.message
    quiet = Alone(auc=QUIET.auc, pure=Pure(rows=300, events=False, odds=20.0))
    assert set(said(evidence(leakage=leakage(alone={"bad": quiet})))) == {"known", "bad", "income", "roc_auc"}
    assert one("bad", alone={"bad": quiet}).status == "PASS"


@pytest.mark.parametrize(("high", "status"), [(0.6, "PASS"), (0.61, "INCONCLUSIVE")])
def test_missing_values_that_tell_the_outcome_are_an_alarm(high: float, status: str) -> None:
    assert alone(Alone(auc=QUIET.auc, missing=figure(0.58, 0.57, high))).status in (status, "PASS")
    findings = LeakageGate().findings(
        evidence(leakage=leakage(alone={"bad": Alone(auc=QUIET.auc, missing=figure(0.59, 0.58, high))}))
    )
    (missing,) = [finding for finding in findings if "is missing" in finding.message]
    assert (missing.subject, missing.status) == ("bad", status)


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [(0.05, 0.1, "PASS"), (0.05, 0.11, "INCONCLUSIVE"), (0.2, 0.3, "INCONCLUSIVE")],
)
def test_a_model_that_lives_by_one_feature_is_an_alarm(low: float, high: float, status: str) -> None:
    loss = {"small": figure(0.01, 0.0, 0.02), "large": figure(0.1, low, high)}
    assert one("large", loss=loss).status == status


def test_a_model_that_could_not_be_fitted_without_a_feature_leaves_it_open() -> None:
    finding = one("bad", failed={"bad": "the rest is constant"})
    assert finding.status == "INCONCLUSIVE"
    assert "the rest is constant" in finding.message


@pytest.mark.parametrize(("broken", "status"), [(True, "FAIL"), (False, "PASS")])
def test_models_without_a_feature_are_missed_unless_no_feature_cost_enough(broken: bool, status: str) -> None:
    finding = one("dropped features", loss=NotAssessed(not_assessed="none", broken=broken))
    assert finding.status == status


@pytest.mark.parametrize(("share", "status"), [(0.0, "PASS"), (0.001, "INCONCLUSIVE")])
def test_an_id_that_stands_in_two_parts_is_an_alarm(share: float, status: str) -> None:
    shared = (Shared(of="id", column="loan", share=figure(share, 0.0, 0.01)),)
    assert one("loan", shared=shared).status == status


def test_a_group_that_stands_in_two_parts_is_an_alarm_that_says_what_can_be_done() -> None:
    shared = (Shared(of="group", column="household", share=figure(0.3, 0.3, 0.3)),)
    finding = one("household", shared=shared)
    assert finding.status == "INCONCLUSIVE"
    assert finding.message == (
        "the share of the holdout whose group (household) stands in another part too is 0.3; at most 0 is allowed; "
        "`split: {method: random}` keeps each group in one part; where they are meant to be in several, set "
        "`leakage.shared`, or a waiver with `gate: leakage` and `subject: household`"
    )
    allowed = LeakageGate(shared=0.4).findings(evidence(leakage=leakage(shared=shared)))
    assert all("waiver" not in finding.message for finding in allowed)


@pytest.mark.parametrize(
    ("auc", "status"),
    [
        ((0.94, 0.93, 0.95), "PASS"),
        ((0.94, 0.93, 0.951), "INCONCLUSIVE"),
        ((0.98, 0.97, 0.99), "INCONCLUSIVE"),
    ],
)
def test_a_model_that_is_too_good_is_an_alarm(auc: tuple[float, float, float], status: str) -> None:
    assert said(evidence(metrics={"roc_auc": figure(*auc)}))["roc_auc"].status == status
    assert said(evidence(metrics={}))["roc_auc"].status == "FAIL"


def test_few_rows_settle_no_alarm_but_what_is_known_after_still_fails() -> None:
    exact = {"bad": Alone(auc=figure(1.0, 1.0, 1.0))}
    found = said(evidence(holdout=FEW, leakage=leakage(alone=exact, known={"x": "after"})))
    assert found["bad"].status == "INCONCLUSIVE"
    assert "99 events" in found["bad"].message
    assert found["x"].status == "FAIL"


def test_what_was_not_measured_fails() -> None:
    (finding,) = LeakageGate().findings(evidence(leakage=NotAssessed(not_assessed="broke", broken=True)))
    assert (finding.status, finding.message) == ("FAIL", "broke")


@pytest.mark.parametrize(
    "value",
    [
        {"alone": 0.971},
        {"exact": 0.996},
        {"pure": 101},
        {"missing": 0.76},
        {"loss": 0.31},
        {"shared": 0.51},
        {"too_good": 0.991},
    ],
)
def test_no_limit_can_be_loosened_past_its_bound(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="less than or equal to"):
        LeakageGate.read(value)
