import math
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import NO_CHAMPION, evidence, few
from tests.tollgate.gates.good_fairness import rates
from tollgate.evaluation.cost_section import Errors, Paired
from tollgate.evaluation.evidence import Champion
from tollgate.evaluation.figure import NOT_MEASURED, NotAssessed
from tollgate.gates.cost import CostGate, relative
from tollgate.gates.finding import Finding

GATE = CostGate(false_negative=5, false_positive=1, margin=0.1)
ALONE = rates(0.03, 0.15, 0.1, error=0.001)
SAME = rates(0.03, 0.15, 0.03, 0.15, error=0.001)


def measured(own: Any = SAME, equal: Any = SAME, rows: int = 3000, events: int = 300, **of: Any) -> Errors:
    paired = Paired(rows=rows, events=events, approved=(0.8, 0.7), own=own, equal=equal)
    return Errors(**{"alone": ALONE, "paired": paired, **of})


def findings(gate: CostGate = GATE, errors: Errors | None = None, **of: Any) -> dict[str, Finding]:
    said = gate.findings(evidence(errors=errors or measured(), **of))
    assert {finding.gate for finding in said} == {"cost"}
    return {finding.subject: finding for finding in said}


def test_the_cost_is_that_of_a_cost_matrix_by_hand() -> None:
    """Elkan 2001, "The foundations of cost-sensitive learning": 5 x 0.03 + 0.15 = 0.30 a row, and 0.25 of the other.

    Of the ratio 1.2 the variance is (25 + 1) v / 0.25^2 + 1.44 (25 + 1) v / 0.25^2, with v of each rate alone.
    """
    errors = rates(0.03, 0.15, 0.02, 0.15, error=0.001)
    found = relative(errors, [5, 1, 0, 0], [0, 0, 5, 1])
    assert found is not None
    assert found.value == pytest.approx(0.2)
    error = math.sqrt(26e-6 / 0.0625 * (1 + 1.44))
    assert found.high == pytest.approx(0.2 + 1.959964 * error)


def test_a_challenger_that_costs_as_much_passes_in_both_ways() -> None:
    found = findings()
    assert list(found) == ["own_threshold", "equal_approval"]
    assert {finding.status for finding in found.values()} == {"PASS"}
    assert "each at its own threshold, approving 80.0 % and 70.0 %" in found["own_threshold"].message
    assert "both approving 70.0 %" in found["equal_approval"].message


@pytest.mark.parametrize("subject", ["own", "equal"])
@pytest.mark.parametrize(
    ("missed", "status"), [(0.02, "PASS"), (0.0345, "INCONCLUSIVE"), (0.036, "INCONCLUSIVE"), (0.045, "FAIL")]
)
def test_it_may_cost_less_and_not_much_more(subject: str, missed: float, status: str) -> None:
    errors = rates(missed, 0.15, 0.03, 0.15, error=0.001)
    found = findings(errors=measured(own=errors) if subject == "own" else measured(equal=errors))
    key = "own_threshold" if subject == "own" else "equal_approval"
    assert found[key].status == status
    assert [name for name in found if found[name].status != "PASS"] == ([] if status == "PASS" else [key])


def test_the_costs_are_those_of_the_decision_where_the_gate_has_none() -> None:
    cost = {"decision": {"cost": {"false_negative": 5, "false_positive": 1}}}
    plain = CostGate(margin=0.1)
    assert findings(plain, training=cost)["own_threshold"].figures == findings()["own_threshold"].figures
    for training in ({}, {"decision": {"approve_rate": 0.7}}):
        (found,) = findings(plain, training=training).values()
        assert (found.subject, found.status) == ("costs", "FAIL")
        assert "`train.decision.cost`" in found.message


@pytest.mark.parametrize(
    ("alone", "status", "cheaper"),
    [
        ((0.03, 0.15, 0.1), "PASS", "approving"),
        ((0.06, 0.2, 0.1), "INCONCLUSIVE", "approving"),
        ((0.08, 0.2, 0.1), "FAIL", "approving"),
        ((0.01, 0.1, 0.5), "PASS", "declining"),
        ((0.1, 0.2, 0.5), "FAIL", "declining"),
    ],
)
def test_without_a_champion_it_must_cost_less_than_deciding_the_same_for_everybody(
    alone: tuple[float, float, float], status: str, cheaper: str
) -> None:
    errors = measured(alone=rates(*alone, error=0.001), paired=None)
    (found,) = findings(errors=errors, champion=NO_CHAMPION).values()
    assert (found.subject, found.status) == ("everybody", status)
    assert f"{cheaper} everybody 0.5000" in found.message


@pytest.mark.parametrize(
    ("alone", "cheaper"), [((0.1, 0.0, 0.1), "approving"), ((0.0, 0.5, 0.5), "declining")]
)
@pytest.mark.parametrize("rounding", [0.0, 1e-17, -1e-17, -1e-16])
def test_to_decide_the_same_for_everybody_costs_no_less_whatever_the_rounding(
    alone: tuple[float, float, float], cheaper: str, rounding: float
) -> None:
    """The errors of what is the same row by row cancel out, but for the last digit."""
    missed, refused, events = alone
    levels = rates(missed + rounding, refused + rounding, events, error=1e-19)
    (found,) = findings(errors=measured(alone=levels, paired=None), champion=NO_CHAMPION).values()
    assert (found.subject, found.status) == ("everybody", "FAIL")
    assert f"{cheaper} everybody" in found.message


def test_everybodys_cost_is_drawn_with_the_rows_too() -> None:
    """Of cost / (5 events) the derivative by events is -cost / (5 events^2)."""
    (found,) = findings(errors=measured(paired=None), champion=NO_CHAMPION).values()
    error = math.sqrt((10**2 + 2**2 + (0.3 / (5 * 0.1**2)) ** 2) * 1e-6)
    assert found.harm is not None
    assert found.harm.high == pytest.approx(0.3 / 0.5 - 1 + 1.959964 * error)


def test_a_champion_that_cannot_be_compared_with_fails() -> None:
    unread = Champion(state="unreadable", reason="torn")
    (found,) = findings(errors=measured(paired=None), champion=unread).values()
    assert (found.status, found.message) == ("FAIL", "the champion cannot be compared with: torn")


def test_a_champion_whose_decisions_cost_nothing_cannot_be_compared_with() -> None:
    found = findings(errors=measured(own=rates(0.1, 0.1, 0.0, 0.0)))
    assert found["own_threshold"].status == "FAIL"


def test_few_rows_prove_nothing_either_way() -> None:
    bad = rates(0.3, 0.5, 0.03, 0.15, error=0.001)
    for rows, events in ((3000, 99), (399, 300)):
        found = findings(errors=measured(bad, bad, rows, events))
        assert {finding.status for finding in found.values()} == {"INCONCLUSIVE"}
        said = f"{events} events and {rows - events} others, and 100 of each are needed: hold out more rows"
        assert all(said in finding.message for finding in found.values())
    found = findings(errors=measured(bad, bad), holdout=few(99, 900))
    assert {finding.status for finding in found.values()} == {"INCONCLUSIVE"}


@pytest.mark.parametrize("lacking", [NOT_MEASURED, NotAssessed(not_assessed="it broke", broken=True)])
def test_errors_that_were_not_measured_fail(lacking: NotAssessed) -> None:
    (found,) = GATE.findings(evidence(errors=lacking))
    assert (found.status, found.message) == ("FAIL", lacking.not_assessed)


@pytest.mark.parametrize(
    "value",
    [
        {"margin": 0.21},
        {"margin": -0.01},
        {"false_negative": 0, "false_positive": 1},
        {"false_negative": 5},
        {"false_positive": 1},
    ],
)
def test_a_gate_that_could_not_do_its_work_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CostGate.read(value)


def test_rows_that_all_belong_together_prove_nothing() -> None:
    none: dict[str, Any] = {"covariances": {}}
    alone, same = ALONE.model_copy(update=none), SAME.model_copy(update=none)
    paired = findings(errors=measured(own=same, equal=same))
    single = findings(errors=measured(alone=alone, paired=None), champion=NO_CHAMPION)
    for found in (*paired.values(), *single.values()):
        assert found.status == "INCONCLUSIVE"
        assert found.message == "the cost has no interval: all rows belong together"
