from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.gates.finding import Finding
from tollgate.gates.reasons import ReasonsGate

GOOD: dict[str, Any] = {"explains": True, "declined": 3000, "looked": 2000, "additivity": 1e-15}


def said(gate: ReasonsGate | None = None, **change: Any) -> dict[str, Finding]:
    findings = (gate or ReasonsGate()).findings(evidence(reasons=ReasonsFacts(**GOOD | change)))
    assert {finding.gate for finding in findings} == {"reasons"}
    return {finding.subject: finding for finding in findings}


def test_reasons_for_all_that_add_up_and_are_true_pass() -> None:
    found = said()
    assert set(found) == {"declined rows", "contributions", "words"}
    assert {finding.status for finding in found.values()} == {"PASS"}


def test_one_declined_row_without_a_reason_fails() -> None:
    finding = said(without=1)["declined rows"]
    assert finding.status == "FAIL"
    assert finding.message.startswith("1 of 2,000 declined rows looked at, of 3,000, have no reason")
    assert said(ReasonsGate(without=0.001), without=1)["declined rows"].status == "PASS"


@pytest.mark.parametrize(("apart", "status"), [(1e-9, "PASS"), (1.1e-9, "FAIL")])
def test_contributions_add_up_to_the_margin(apart: float, status: str) -> None:
    assert said(additivity=apart)["contributions"].status == status


def test_words_that_are_not_true_fail_by_feature() -> None:
    found = said(contrary={"income": 3, "age": 1})
    assert (found["income"].status, found["age"].status) == ("FAIL", "FAIL")
    assert "3 reasons say of income what its value contradicts" in found["income"].message


def test_a_contract_without_texts_is_told() -> None:
    assert (
        "the contract has not all texts for a, b, so that the name"
        in said(lacking=("a", "b"))["words"].message
    )
    assert "a, b, c, d, e and more" in said(lacking=tuple("abcdefg"))["words"].message


def test_a_model_that_explains_nothing_or_declines_nobody_passes_and_says_so() -> None:
    (finding,) = ReasonsGate().findings(evidence(reasons=ReasonsFacts(explains=False)))
    assert finding.status == "PASS"
    assert "explains nothing" in finding.message
    (finding,) = said(looked=0, declined=0).values()
    assert finding.message == "the model declines no row of the holdout"


def test_what_was_not_measured_fails() -> None:
    (finding,) = ReasonsGate().findings(evidence(reasons=NotAssessed(not_assessed="broke")))
    assert (finding.status, finding.message) == ("FAIL", "broke")


@pytest.mark.parametrize("value", [{"without": 0.011}, {"apart": 1.1e-6}])
def test_no_limit_can_be_loosened_past_its_bound(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="less than or equal to"):
        ReasonsGate.read(value)
