import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, few, figure
from tests.tollgate.gates.good_stability import SHIFT, STEADY, TRENDS
from tollgate.evaluation.figure import NOT_MEASURED, NotAssessed
from tollgate.evaluation.stability_section import Shift, Stability, Trends
from tollgate.gates.finding import Finding
from tollgate.gates.stability import StabilityGate

DEFAULT = StabilityGate()
NONE: Mapping[str, Any] = MappingProxyType({})


def findings(
    change: Mapping[str, Any] = NONE,
    trends: Mapping[str, Any] = NONE,
    gate: StabilityGate = DEFAULT,
    **of: Any,
) -> dict[str, Finding]:
    found = STEADY | {"trends": Trends(**TRENDS | dict(trends))} | dict(change)
    said = gate.findings(evidence(stability=Stability(**found), **of))
    assert {finding.gate for finding in said} == {"stability"}
    return {finding.subject: finding for finding in said}


def test_what_is_steady_passes() -> None:
    found = findings()
    assert list(found) == ["parting", "features", "score", "auc_over_time", "level_over_time"]
    assert {finding.status for finding in found.values()} == {"PASS"}


@pytest.mark.parametrize("subject", ["features", "score"])
@pytest.mark.parametrize(
    ("low", "high", "status"), [(-0.01, 0.1, "PASS"), (0.05, 0.11, "INCONCLUSIVE"), (0.11, 0.2, "FAIL")]
)
def test_the_index_beyond_chance_must_be_small(subject: str, low: float, high: float, status: str) -> None:
    moved = figure((low + high) / 2, low, high)
    score = Shift(**SHIFT | {"beyond": moved})
    found = findings({"weighted": moved} if subject == "features" else {"score": score})
    assert found[subject].status == status
    assert [name for name in found if found[name].status != "PASS"] == ([] if status == "PASS" else [subject])


def test_single_features_that_moved_are_named_and_do_not_decide() -> None:
    features = {
        "income": Shift(**SHIFT),
        "grade": Shift(**SHIFT | {"q_value": 0.01, "beyond": figure(0.03, 0.01, 0.05)}),
        "age": Shift(**SHIFT | {"q_value": 0.001, "beyond": figure(0.5, 0.4, 0.6)}),
    }
    found = findings({"features": features})["features"]
    assert found.status == "PASS"
    assert found.message.endswith(
        "moved by more than chance: age 0.500, grade 0.030; beyond the limit on their own, which does not decide: age"
    )
    assert findings()["features"].message.endswith("none of the 2 features moved by more than chance")


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [(-0.1, 0.0, "PASS"), (-0.11, 0.0, "INCONCLUSIVE"), (-0.3, -0.11, "FAIL"), (0.2, 0.3, "PASS")],
)
def test_the_auc_may_rise_and_must_not_fall(low: float, high: float, status: str) -> None:
    gate = StabilityGate(auc_decline=0.1)
    found = findings(trends={"roc_auc": figure((low + high) / 2, low, high)}, gate=gate)
    assert found["auc_over_time"].status == status


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.8, 1.25, "PASS"),
        (0.79, 1.0, "INCONCLUSIVE"),
        (1.0, 1.26, "INCONCLUSIVE"),
        (0.5, 0.79, "FAIL"),
        (1.3, 2, "FAIL"),
    ],
)
def test_the_level_may_neither_rise_nor_fall(low: float, high: float, status: str) -> None:
    change = figure(math.log(low * high) / 2, math.log(low), math.log(high))
    gate = StabilityGate(level_change=1.25)
    found = findings(trends={"log_observed_to_expected": change}, gate=gate)["level_over_time"]
    assert found.status == status
    assert "over 2 periods, 2025-01 to 2025-04" in found.message


def test_rows_drawn_at_random_although_there_is_time_are_inconclusive_and_may_be_waived() -> None:
    found = findings({"method": "random"})["parting"]
    assert (found.status, found.waivable) == ("INCONCLUSIVE", True)
    assert "drawn at random" in found.message
    assert findings({"method": "random", "timed": False})["parting"].status == "PASS"
    assert findings({"method": "order"})["parting"].status == "PASS"
    assert findings({"method": None})["parting"].status == "FAIL"


@pytest.mark.parametrize("method", ["order", "time", "another"])
@pytest.mark.parametrize(
    ("overlap", "status"), [(0.0, "PASS"), (0.05, "PASS"), (0.06, "INCONCLUSIVE"), (None, "FAIL")]
)
def test_whatever_the_method_a_holdout_of_the_days_of_the_training_is_inconclusive(
    method: str, overlap: float | None, status: str
) -> None:
    found = findings({"method": method, "overlap": overlap})["parting"]
    assert (found.status, found.waivable) == (status, True)
    assert ("`split: {method: time}` would" in found.message) == (status == "INCONCLUSIVE")


@pytest.mark.parametrize("method", ["random", "order"])
def test_without_a_time_column_days_that_may_be_the_decisions_are_inconclusive_and_may_be_waived(
    method: str,
) -> None:
    untimed = {"timed": False, "overlap": None, "method": method}
    found = findings({**untimed, "dates": ("issued", "since")})["parting"]
    assert (found.status, found.waivable) == ("INCONCLUSIVE", True)
    assert "there are days in issued, since, which may be those of the decisions" in found.message
    assert "`role: time`" in found.message
    many = findings({**untimed, "dates": tuple("abcdefg")})["parting"].message
    assert "there are days in a, b, c, d, e and 2 more, which" in many
    none = findings(untimed)["parting"]
    assert (none.status, "`role: time`" in none.message) == ("PASS", False)


def test_beside_a_time_column_other_days_do_not_matter() -> None:
    assert findings({"dates": ("known_on",)})["parting"].status == "PASS"


def test_without_time_trends_are_not_asked_for_and_with_it_none_to_be_seen_proves_nothing() -> None:
    none = NotAssessed(not_assessed="no column says when")
    untimed = findings({"trends": none, "timed": False})["over_time"]
    assert (untimed.status, untimed.message) == ("PASS", "not assessed: no column says when")
    timed = findings({"trends": none})["over_time"]
    said = "no trend can be seen: no column says when; hold out more rows (`split.holdout`)"
    assert (timed.status, timed.message) == ("INCONCLUSIVE", said)


def test_few_events_prove_nothing_either_way() -> None:
    bad = {"weighted": figure(0.9, 0.8, 1.0)}
    for change in (NONE, bad):
        found = findings(change, holdout=few(900, 99))
        assert {finding.status for name, finding in found.items() if name != "parting"} == {"INCONCLUSIVE"}


@pytest.mark.parametrize(
    ("change", "trends", "subject"),
    [
        ({"weighted": figure(None, reason="none")}, NONE, "features"),
        ({"score": Shift(**SHIFT | {"beyond": figure(0.1, reason="none")})}, NONE, "score"),
        (NONE, {"roc_auc": figure(None, reason="none")}, "auc_over_time"),
        (NONE, {"log_observed_to_expected": figure(None, reason="none")}, "level_over_time"),
    ],
)
def test_a_figure_that_is_lacking_fails(change: Any, trends: Any, subject: str) -> None:
    found = findings(change, trends)
    assert [name for name in found if found[name].status == "FAIL"] == [subject]


@pytest.mark.parametrize("lacking", [NOT_MEASURED, NotAssessed(not_assessed="it broke", broken=True)])
def test_stability_that_was_not_measured_fails(lacking: NotAssessed) -> None:
    (found,) = DEFAULT.findings(evidence(stability=lacking))
    assert (found.status, found.message) == ("FAIL", lacking.not_assessed)


@pytest.mark.parametrize("value", [{"psi": 0.26}, {"psi": 0}, {"auc_decline": 0.251}, {"level_change": 3.01}])
def test_no_limit_can_be_set_beyond_its_bound(value: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        StabilityGate.read(value)
