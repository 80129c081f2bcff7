import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tollgate.gates.finding import Finding, Harm, Status, lacking

finite = st.floats(-1e6, 1e6)


@settings(max_examples=100, deadline=None, database=None)
@given(finite, finite, finite)
def test_every_harm_is_wholly_good_wholly_bad_or_unclear(one: float, other: float, limit: float) -> None:
    low, high = sorted((one, other))
    good = all(harm <= limit for harm in (low, high))
    bad = all(harm > limit for harm in (low, high))
    expected: Status = "PASS" if good else "FAIL" if bad else "INCONCLUSIVE"
    assert Harm(low=low, high=high, limit=limit).status == expected


@settings(max_examples=50, deadline=None, database=None)
@given(finite, finite, finite, st.floats(0, 1e3))
def test_a_looser_limit_never_makes_a_finding_worse(
    one: float, other: float, limit: float, more: float
) -> None:
    order = ["FAIL", "INCONCLUSIVE", "PASS"]
    low, high = sorted((one, other))
    strict, loose = (Harm(low=low, high=high, limit=at).status for at in (limit, limit + more))
    assert order.index(loose) >= order.index(strict)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("place", ["low", "high", "limit"])
def test_harm_that_is_not_finite_cannot_be_stated(bad: float, place: str) -> None:
    with pytest.raises(ValidationError, match="finite number"):
        Harm(**{"low": 0.0, "high": 1.0, "limit": 2.0, place: bad})


def test_lacking_evidence_is_a_fail_in_its_own_words() -> None:
    finding = lacking("metric", "roc_auc", "it was not measured")
    assert finding == Finding(gate="metric", subject="roc_auc", status="FAIL", message="it was not measured")


def test_a_finding_reads_back_as_it_was_written() -> None:
    finding = Finding(
        gate="metric",
        subject="roc_auc",
        status="PASS",
        message="fine",
        harm=Harm(low=-1.0, high=0.25, limit=0.5),
        figures={"value": 0.7},
    )
    assert Finding.read(json.loads(json.dumps(finding.as_json()))) == finding


@pytest.mark.parametrize("status", ["pass", "WARN", "", None])
def test_there_is_no_fourth_status(status: str) -> None:
    with pytest.raises(ValidationError):
        Finding.read({"gate": "metric", "subject": "roc_auc", "status": status, "message": ""})
