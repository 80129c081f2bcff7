import math
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, few, figure
from tests.tollgate.gates.good_calibration import BY_BINS, GOOD
from tollgate.evaluation.calibration_section import ByBins, Calibration, CalibrationError
from tollgate.evaluation.figure import NOT_MEASURED, NotAssessed
from tollgate.gates.calibration import CalibrationGate
from tollgate.gates.finding import Finding

SUBJECTS = ["observed_to_expected", "slope", "bins", "expected_error"]
DEFAULT = CalibrationGate()


def findings(
    change: dict[str, Any] | None = None, gate: CalibrationGate | None = None, **of: Any
) -> dict[str, Finding]:
    found = evidence(calibration=Calibration(**GOOD | (change or {})), **of)
    said = (gate or CalibrationGate()).findings(found)
    assert [finding.subject for finding in said] == SUBJECTS
    assert {finding.gate for finding in said} == {"calibration"}
    return {finding.subject: finding for finding in said}


def test_four_good_figures_pass() -> None:
    assert {finding.status for finding in findings().values()} == {"PASS"}


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (1 / 1.25, 1.25, "PASS"),
        (0.79, 1.1, "INCONCLUSIVE"),
        (1.1, 1.26, "INCONCLUSIVE"),
        (0.7, 1.4, "INCONCLUSIVE"),
        (0.6, 0.79, "FAIL"),
        (1.26, 1.5, "FAIL"),
    ],
)
def test_too_many_events_and_too_few_are_both_harm(low: float, high: float, status: str) -> None:
    gate = CalibrationGate(observed_to_expected=1.25)
    found = findings({"observed_to_expected": figure(math.sqrt(low * high), low, high)}, gate)
    assert found["observed_to_expected"].status == status
    harm = found["observed_to_expected"].harm
    assert harm is not None
    assert (harm.limit, harm.floor) == (math.log(1.25), -math.log(1.25))


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.8, 1.25, "PASS"),
        (0.79, 1.0, "INCONCLUSIVE"),
        (0.5, 0.79, "FAIL"),
        (1.26, 1.4, "FAIL"),
        (-0.1, 0.9, "INCONCLUSIVE"),
        (-2.0, -0.1, "FAIL"),
    ],
)
def test_probabilities_may_be_neither_too_extreme_nor_too_tame(low: float, high: float, status: str) -> None:
    gate = CalibrationGate(slope=1.25)
    assert findings({"slope": figure((low + high) / 2, low, high)}, gate)["slope"].status == status


@pytest.mark.parametrize(
    ("low", "high", "status"), [(0.0, 0.3, "PASS"), (0.1, 0.31, "INCONCLUSIVE"), (0.31, 0.5, "FAIL")]
)
def test_bins_are_judged_by_how_far_they_are_off_and_not_by_a_p_value(
    low: float, high: float, status: str
) -> None:
    by_bins = ByBins(**BY_BINS | {"log_odds_error": figure(low, low, high), "p_value": 1e-9})
    found = findings({"by_bins": by_bins}, CalibrationGate(log_odds_error=0.3))["bins"]
    assert found.status == status
    assert "p 0.000 (Hosmer and Lemeshow)" in found.message


@pytest.mark.parametrize(
    ("low", "high", "status"), [(0.0, 0.05, "PASS"), (0.0, 0.051, "INCONCLUSIVE"), (0.051, 0.1, "FAIL")]
)
def test_the_expected_error_is_judged_by_its_bounds_alone(low: float, high: float, status: str) -> None:
    error = CalibrationError(error=figure(0.05, low, high), by_chance=0.04, seldom=0.05, simulations=1000)
    found = findings({"expected_error": error}, CalibrationGate(expected_error=0.05))["expected_error"]
    assert found.status == status
    assert "By chance alone it would be 0.0400, and above 0.0500 in 1 of 40 cases" in found.message


@pytest.mark.parametrize(
    ("rows", "events", "limit"),
    [(10_000, 290, 0.7 * 0.029), (10_000, 9_900, 0.7 * 0.01), (1000, 114, 0.7 * 0.114), (1000, 115, 0.08)],
)
def test_a_rare_outcome_allows_an_error_of_a_share_of_its_rate(rows: int, events: int, limit: float) -> None:
    """Probabilities of 2.9 % that are three times as high are off by 0.06 on average, which is much for them."""
    error = CalibrationError(
        error=figure(0.064, 0.06, 0.068), by_chance=0.003, seldom=0.004, simulations=1000
    )
    found = findings({"expected_error": error}, holdout=few(events, rows - events))["expected_error"]
    assert found.harm is not None
    assert found.harm.limit == pytest.approx(limit)
    assert found.status == ("FAIL" if limit < 0.06 else "PASS")
    assert (" of the rate of the rarer outcome" in found.message) == (limit < 0.08)


def test_few_events_prove_nothing_either_way() -> None:
    for change in ({}, {"slope": figure(0.1, 0.05, 0.15)}, {"slope": figure(None, reason="no line")}):
        found = findings(change, holdout=few(99, 900))
        assert {finding.status for finding in found.values()} == {"INCONCLUSIVE"}
        assert "99 events" in found["slope"].message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("observed_to_expected", figure(None, reason="no event")),
        ("observed_to_expected", figure(1.0, reason="no error")),
        ("observed_to_expected", figure(0.0, 0.0, 0.0)),
        ("slope", figure(None, reason="no line")),
        ("by_bins", ByBins(**BY_BINS | {"log_odds_error": figure(None, reason="no bins")})),
    ],
)
def test_a_figure_that_is_lacking_fails_and_says_why(key: str, value: Any) -> None:
    subject = "bins" if key == "by_bins" else key
    found = findings({key: value})
    assert found[subject].status == "FAIL"
    assert "has no interval" in found[subject].message or "have no interval" in found[subject].message
    assert [name for name in SUBJECTS if found[name].status != "PASS"] == [subject]


@pytest.mark.parametrize("lacking", [{}, {"calibration": NotAssessed(not_assessed="it broke", broken=True)}])
def test_calibration_that_was_not_measured_fails(lacking: dict[str, Any]) -> None:
    (found,) = CalibrationGate().findings(evidence(**{"calibration": NOT_MEASURED, **lacking}))
    assert found.status == "FAIL"
    assert found.message == ("it broke" if lacking else "it was not measured")


@pytest.mark.parametrize(
    "value",
    [
        {"observed_to_expected": 2.01},
        {"observed_to_expected": 1},
        {"slope": 2.51},
        {"slope": 1},
        {"log_odds_error": 1.01},
        {"expected_error": 0.201},
        {"expected_error_share": 1.01},
    ],
)
def test_no_limit_can_be_set_beyond_its_bound(value: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        CalibrationGate.read(value)
