from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.monotonic_facts import Direction, MonotonicFacts
from tollgate.gates.finding import Finding
from tollgate.gates.monotonic import MonotonicGate

KEPT: dict[str, Any] = {
    "declared": "increasing",
    "method": "bounds",
    "rows": 5000,
    "points": 50,
    "bound": 0.0,
}


def one(agrees: bool | None = True, **change: Any) -> Finding:
    facts = MonotonicFacts(directions={"debt": Direction(**KEPT | change)}, agrees=agrees)
    (finding,) = MonotonicGate().findings(evidence(monotonic=facts))
    assert finding.gate == "monotonic"
    return finding


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "PASS"),
        ({"bound": 1e-9, "worst": 1e-9}, "PASS"),
        ({"bound": 0.2}, "INCONCLUSIVE"),
        ({"bound": 0.2, "worst": 1.1e-9, "low": 1.0, "high": 2.0}, "FAIL"),
        ({"bound": 0.0, "worst": 0.1, "low": 1.0, "high": 2.0}, "FAIL"),
        ({"method": "form", "bound": 0.0}, "PASS"),
        ({"method": "sweep", "bound": None}, "PASS"),
        ({"method": "sweep", "bound": None, "worst": 2e-9, "low": 1.0, "high": 2.0}, "FAIL"),
    ],
)
def test_a_direction_is_kept_up_to_rounding(change: dict[str, Any], status: str) -> None:
    assert one(**change).status == status


def test_a_violation_says_where_and_by_how_much() -> None:
    finding = one(bound=0.5, worst=0.25, low=100.0, high=1250.5)
    assert finding.message == "the margin must rise with debt, and falls by 0.25 from 100 to 1250.5"
    falling = one(declared="decreasing", bound=0.5, worst=0.25, low=100.0, high=1250.5)
    assert falling.message == "the margin must fall with debt, and rises by 0.25 from 100 to 1250.5"


@pytest.mark.parametrize("model", ["logistic", "scorecard", "own", None])
def test_of_a_model_that_heeds_no_direction_a_violation_says_which_ones_do(model: str | None) -> None:
    facts = MonotonicFacts(
        directions={
            "debt": Direction(**KEPT | {"worst": 0.1, "low": 1.0, "high": 2.0}),
            "age": Direction(**KEPT),
        },
        agrees=True,
    )
    training = {} if model is None else {"model": model}
    broken, kept = MonotonicGate().findings(evidence(monotonic=facts, training=training))
    hint = "the model logistic does not heed `monotone`, scorecard and gradient_boosting do"
    assert broken.message.endswith(hint) == (model == "logistic")
    assert "heed" not in kept.message


def test_a_pass_says_whether_it_holds_for_every_row_or_for_those_tried() -> None:
    assert "for every row there can be" in one().message
    assert "others were not tried" in one(method="sweep", bound=None).message
    assert "by its trees it may by up to 0.2" in one(bound=0.2).message


def test_words_about_another_model_fail() -> None:
    finding = one(agrees=False)
    assert (finding.status, finding.message) == (
        "FAIL",
        "what explain.json says of the model is not its graph",
    )


def test_a_contract_without_a_direction_passes_and_says_so() -> None:
    (finding,) = MonotonicGate().findings(evidence(monotonic=MonotonicFacts(directions={})))
    assert (finding.status, finding.message) == ("PASS", "the contract declares no direction")


def test_what_was_not_measured_fails() -> None:
    (finding,) = MonotonicGate().findings(evidence(monotonic=NotAssessed(not_assessed="broke")))
    assert (finding.status, finding.message) == ("FAIL", "broke")


def test_the_limit_cannot_be_loosened_past_its_bound() -> None:
    with pytest.raises(ValidationError, match="less than or equal to"):
        MonotonicGate.read({"at_most": 2e-6})
