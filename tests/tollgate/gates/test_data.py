from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import data, evidence, few, figure
from tollgate.evaluation.data_facts import FeatureFacts, Rows
from tollgate.evaluation.evidence import Evidence, Holdout
from tollgate.evaluation.figure import NotAssessed
from tollgate.gates.data import DataGate
from tollgate.gates.finding import Finding

HOLDOUT = Holdout(splits="d" * 64, rows=1000, events=300)


def with_data(**change: Any) -> Evidence:
    return evidence(data=data(HOLDOUT, **change))


def said(found: Evidence, gate: DataGate | None = None) -> dict[str, Finding]:
    findings = (gate or DataGate()).findings(found)
    assert {finding.gate for finding in findings} == {"data"}
    assert not any(finding.waivable for finding in findings if finding.status != "FAIL")
    return {finding.subject: finding for finding in findings}


def test_rows_enough_with_nothing_odd_pass() -> None:
    found = said(with_data())
    assert set(found) == {"fit", "holdout", "immature", "repeated"}
    assert {finding.status for finding in found.values()} == {"PASS"}


@pytest.mark.parametrize(
    ("rows", "events", "status"),
    [
        (500, 100, "PASS"),
        (499, 100, "INCONCLUSIVE"),
        (500, 99, "INCONCLUSIVE"),
        (500, 401, "INCONCLUSIVE"),
        (0, 0, "INCONCLUSIVE"),
    ],
)
def test_a_holdout_of_too_few_proves_nothing(rows: int, events: int, status: str) -> None:
    finding = said(evidence(holdout=few(events, rows - events)))["holdout"]
    assert finding.status == status
    assert finding.message.endswith("hold out more rows (`split.holdout`)") == (status != "PASS")


@pytest.mark.parametrize(("rows", "events", "status"), [(500, 50, "PASS"), (500, 49, "INCONCLUSIVE")])
def test_so_does_a_fit_part(rows: int, events: int, status: str) -> None:
    fitted = Rows(rows=rows, events=events)
    parts = {"fit": fitted, "holdout": Rows(rows=1000, events=300)}
    assert said(with_data(fitted=fitted, parts=parts))["fit"].status == status


@pytest.mark.parametrize(("key", "limit"), [("missing", 0.9), ("rise", 0.1), ("unknown", 0.05)])
def test_each_share_of_a_feature_is_held_against_its_limit_by_its_interval(key: str, limit: float) -> None:
    for low, high, status in (
        (limit - 0.02, limit, "PASS"),
        (limit - 0.02, limit + 0.01, "INCONCLUSIVE"),
        (limit + 0.005, limit + 0.02, "FAIL"),
    ):
        one = FeatureFacts.model_validate({key: figure(limit, low, high)})
        found = said(with_data(features={"income": one}))["income"]
        assert found.status == status, (low, high)


def test_every_feature_beyond_a_limit_is_named_and_otherwise_the_worst() -> None:
    good, better = figure(0.01, 0.0, 0.02), figure(0.0, 0.0, 0.01)
    bad = FeatureFacts(unknown=figure(0.2, 0.18, 0.22))
    some = {"a": FeatureFacts(unknown=better), "b": FeatureFacts(unknown=good)}
    found = said(with_data(features=some))
    assert "a" not in found
    assert "b, the feature with most, is 0.01 [0, 0.02]; at most 0.05 is allowed" in found["b"].message
    found = said(with_data(features={**some, "c": bad, "d": bad}))
    assert (found["c"].status, found["d"].status) == ("FAIL", "FAIL")
    assert "b" not in found


@pytest.mark.parametrize(("subject", "limit"), [("immature", 0.5), ("repeated", 0.02)])
def test_shares_of_rows_have_limits(subject: str, limit: float) -> None:
    worse = figure(limit + 0.1, limit + 0.05, limit + 0.15)
    assert said(with_data(**{subject: worse}))[subject].status == "FAIL"
    assert said(with_data(**{subject: figure(limit, limit, limit)}))[subject].status == "PASS"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"splits": "a" * 64}, "another split"),
        ({"fitted": Rows(rows=4999, events=1500)}, "other rows of the fit part"),
        ({"parts": {}}, "other rows of the fit part"),
        (
            {"parts": {"fit": Rows(rows=5000, events=1500), "holdout": Rows(rows=1000, events=301)}},
            "other rows of the holdout part",
        ),
    ],
)
def test_counts_that_contradict_each_other_fail(change: dict[str, Any], words: str) -> None:
    (finding,) = DataGate().findings(with_data(**change))
    assert finding.status == "FAIL"
    assert words in finding.message


def test_rows_that_nobody_counted_fail() -> None:
    (finding,) = DataGate().findings(evidence(data=NotAssessed(not_assessed="no reason")))
    assert (finding.status, finding.message) == ("FAIL", "no reason")


@pytest.mark.parametrize(
    "value",
    [
        {"rows": 199},
        {"fit_events": 19},
        {"missing": 1},
        {"missing_rise": 0.31},
        {"unknown": 0.21},
        {"immature": 0.81},
        {"repeated": 0.11},
    ],
)
def test_no_limit_can_be_loosened_past_its_bound(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="than or equal to"):
        DataGate.read(value)
