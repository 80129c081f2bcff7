import math
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, few
from tests.tollgate.gates.good_fairness import NAMES, SIZES, group, protected, rates
from tollgate.evaluation.fairness_section import Fairness, Protected
from tollgate.evaluation.few_clusters import NO_GROUPS
from tollgate.evaluation.figure import NOT_MEASURED, NotAssessed
from tollgate.gates.compared import log_ratio, shortfall
from tollgate.gates.fairness import FairnessGate
from tollgate.gates.finding import Finding

GATE = FairnessGate(policy="gate")


def findings(gate: FairnessGate = GATE, column: Protected | None = None, **of: Any) -> dict[str, Finding]:
    measured = Fairness(columns={"age": column or protected()}, told_on=1000)
    said = gate.findings(evidence(fairness=measured, **of))
    assert {finding.gate for finding in said} == {"fairness"}
    return {finding.subject: finding for finding in said}


def test_the_ratio_has_the_interval_of_katz_by_hand() -> None:
    """Rates 0.6 of 200 and 0.75 of 400: log 0.8, variance (1 - 0.6) / 120 + (1 - 0.75) / 300 = 0.0041667."""
    both = rates(0.6, 0.75)
    both = both.model_copy(
        update={"covariances": {"rows": ((0.6 * 0.4 / 200, 0.0), (0.0, 0.75 * 0.25 / 400))}}
    )
    found = log_ratio(both, 0, 1)
    assert found is not None
    assert found.value == pytest.approx(math.log(0.8))
    assert found.high == pytest.approx(math.log(0.8) + 1.959964 * math.sqrt(0.0041667), abs=1e-5)
    apart = shortfall(both, 0, 1)
    assert apart is not None
    assert apart.value == pytest.approx(0.15)
    assert apart.high == pytest.approx(0.15 + 1.959964 * math.sqrt(0.0012 + 0.00046875), abs=1e-6)


def test_each_group_but_the_reference_must_show_it() -> None:
    found = findings()
    assert list(found) == [
        f"age {name} {what}" for name in ("up to 30", "over 50") for what in ("ratio", "opportunity")
    ]
    assert {finding.status for finding in found.values()} == {"PASS"}
    assert found["age up to 30 ratio"].message.endswith(
        "times as often as the reference age 30 to 50; needed is at least 0.8, either way"
    )


@pytest.mark.parametrize(
    ("rate", "status"),
    [(0.66, "PASS"), (0.58, "INCONCLUSIVE"), (0.55, "INCONCLUSIVE"), (0.5, "FAIL"), (0.83, "PASS")],
)
def test_the_four_fifths_rule_is_held_against_the_whole_interval(rate: float, status: str) -> None:
    found = findings(column=protected(approval=rates(rate, 0.7, 0.7)))
    assert found["age up to 30 ratio"].status == status
    assert found["age over 50 ratio"].status == "PASS"


@pytest.mark.parametrize(
    ("rate", "status"),
    [
        (0.72, "PASS"),
        (0.67, "INCONCLUSIVE"),
        (0.6, "FAIL"),
        (0.8, "PASS"),
        (0.84, "INCONCLUSIVE"),
        (0.9, "FAIL"),
    ],
)
def test_those_without_the_event_must_be_approved_nearly_as_often(rate: float, status: str) -> None:
    found = findings(column=protected(opportunity=rates(rate, 0.75, 0.75)))
    assert found["age up to 30 opportunity"].status == status


@pytest.mark.parametrize(
    ("rate", "status"), [(0.7, "PASS"), (0.83, "PASS"), (0.88, "INCONCLUSIVE"), (0.95, "FAIL")]
)
def test_a_reference_that_is_approved_much_less_is_seen(rate: float, status: str) -> None:
    """Of 0.7 to 0.875 it is four fifths."""
    found = findings(column=protected(approval=rates(rate, 0.7, 0.7)))
    assert found["age up to 30 ratio"].status == status


def test_the_worst_off_group_does_not_pass_as_the_reference() -> None:
    column = protected(approval=rates(0.3, 0.7, 0.72), opportunity=rates(0.35, 0.75, 0.77))
    found = findings(FairnessGate(policy="gate", reference={"age": "up to 30"}, difference=0.1), column)
    assert len(found) == 6
    assert {finding.status for finding in found.values()} == {"FAIL"}


def test_groups_that_are_approved_alike_pass_whichever_is_the_reference() -> None:
    column = protected(approval=rates(0.7, 0.7, 0.7), opportunity=rates(0.75, 0.75, 0.75))
    for name in NAMES:
        found = findings(FairnessGate(policy="gate", reference={"age": name}, difference=0.1), column)
        assert len(found) == 6
        assert {finding.status for finding in found.values()} == {"PASS"}


def test_a_finding_says_which_of_both_is_worse_off() -> None:
    """0.5 / 0.75 has the error hypot(0.01 / 0.5, 0.01 / 0.75) = 0.02404: up to 0.66667 exp(0.04711) = 0.69882."""
    approval, opportunity = rates(0.75, 0.5, 0.4), rates(0.9, 0.75, 0.6)
    gate = GATE.model_copy(update={"difference": 0.1})
    found = findings(gate, protected(approval=approval, opportunity=opportunity))
    assert found["age up to 30 ratio"].message == (
        "the reference age 30 to 50 is approved 0.667 [0.636, 0.699] times as often as age up to 30; needed is at "
        "least 0.8, either way"
    )
    assert found["age over 50 ratio"].message.startswith("age over 50 is approved 0.800 [")
    assert found["age up to 30 difference"].message.startswith(
        "the approval rate of the reference age 30 to 50 minus that of age up to 30 is -0.250 ["
    )
    assert found["age up to 30 opportunity"].message == (
        "the approval rate of those without the event in the reference age 30 to 50 minus that of age up to 30 is "
        "-0.150 [-0.178, -0.122]; needed is at least -0.1, either way"
    )
    assert found["age over 50 opportunity"].message.startswith(
        "the approval rate of those without the event in age over 50 minus that of the reference age 30 to 50 is -0.15"
    )


@pytest.mark.parametrize(("rate", "status"), [(0.7, "PASS"), (0.65, "INCONCLUSIVE"), (0.6, "FAIL")])
def test_a_difference_is_judged_where_that_is_set(rate: float, status: str) -> None:
    gate = GATE.model_copy(update={"difference": 0.05})
    found = findings(gate, protected(approval=rates(rate, 0.7, 0.7)))
    assert found["age up to 30 difference"].status == status
    turned = findings(gate, protected(approval=rates(0.7, rate, 0.7)))
    assert turned["age up to 30 difference"].status == status


def test_the_reference_is_the_largest_group_or_the_one_that_is_named() -> None:
    named = findings(FairnessGate(policy="gate", reference={"age": "over 50"}))
    assert "times as often as the reference age over 50" in named["age 30 to 50 ratio"].message
    missing = (
        group("missing", 9000),
        *(group(name, rows) for name, rows in zip(NAMES[1:], SIZES[1:], strict=True)),
    )
    found = findings(column=protected(groups=missing))
    assert "times as often as the reference age 30 to 50" in found["age missing ratio"].message


@pytest.mark.parametrize("policy", ["report", "gate"])
@pytest.mark.parametrize("reference", [{"age": "25-40"}, {"sex": "f"}])
def test_a_reference_that_is_not_there_fails(policy: Any, reference: dict[str, str]) -> None:
    found = findings(FairnessGate(policy=policy, reference=reference))
    assert [finding.status for finding in found.values()] == ["FAIL"]
    (message,) = [finding.message for finding in found.values()]
    assert message.endswith("groups: up to 30, 30 to 50, over 50" if "age" in reference else "columns: age")


def test_a_report_tells_ratio_and_difference_with_intervals_and_never_holds() -> None:
    """0.71 / 0.7 has the error hypot(0.01 / 0.71, 0.01 / 0.7) = 0.02006: up to 1.01429 exp(0.03932) = 1.05496."""
    found = findings(FairnessGate(), protected(approval=rates(0.68, 0.7, 0.71)))
    assert [finding.status for finding in found.values()] == ["PASS"]
    assert found["age"].figures == {"reference": "30 to 50", "highest": "over 50", "below": []}
    assert found["age"].message == (
        "reported, not judged: approved are of age up to 30 68.0 % (0.97 [0.93, 1.01] of the reference, difference "
        "-0.020 [-0.048, +0.008]); 30 to 50 70.0 % (the reference); over 50 71.0 % (1.01 [0.98, 1.05] of the "
        "reference, difference +0.010 [-0.018, +0.038]). The features tell these groups with an AUC of up to 0.60"
    )


def test_a_report_names_first_who_is_below_four_fifths_and_says_that_it_is_not_judged() -> None:
    found = findings(FairnessGate(), protected(approval=rates(0.35, 0.7, 0.555)))["age"]
    assert found.status == "PASS"
    assert found.message.startswith(
        "below four fifths of the highest rate, that of age 30 to 50, not judged: age up to 30, age over 50 (not "
        "surely); reported: approved are of age up to 30 35.0 % (0.50 [0.47, 0.53] of the reference, difference "
        "-0.350 [-0.378, -0.322]); "
    )
    assert found.figures["below"] == ["up to 30", "over 50"]


@pytest.mark.parametrize("reference", ["up to 30", "over 50"])
def test_a_report_holds_every_group_against_the_highest_rate_whichever_the_reference_is(
    reference: str,
) -> None:
    """29 CFR 1607.4 D: four fifths of the rate of the group with the highest rate."""
    column = protected(approval=rates(0.35, 0.7, 0.555))
    found = findings(FairnessGate(reference={"age": reference}), column)["age"]
    assert found.status == "PASS"
    assert found.message.startswith(
        "below four fifths of the highest rate, that of age 30 to 50, not judged: age up to 30, age over 50 (not "
    )
    assert found.figures == {"reference": reference, "highest": "30 to 50", "below": ["up to 30", "over 50"]}


def test_a_rate_of_a_few_rows_is_not_the_highest_unless_all_groups_are_small() -> None:
    groups = (group("up to 30", 99), *(group(name, 2000) for name in NAMES[1:]))
    some = protected(groups=groups, approval=rates(1.0, 0.7, 0.7))
    assert findings(FairnessGate(), some)["age"].figures["highest"] == "30 to 50"
    assert findings(FairnessGate(), some)["age"].figures["below"] == []
    small = protected(groups=tuple(group(name, 50) for name in NAMES), approval=rates(1.0, 0.7, 0.7))
    assert findings(FairnessGate(), small)["age"].figures["below"] == ["30 to 50", "over 50"]


@pytest.mark.parametrize(("rate", "below"), [(0.62, []), (0.58, ["up to 30"])])
def test_a_report_goes_by_the_ratio_that_is_set(rate: float, below: list[str]) -> None:
    found = findings(FairnessGate(ratio=0.85), protected(approval=rates(rate, 0.7, 0.7)))["age"]
    assert found.figures["below"] == below
    assert found.message.startswith("below 0.85 of the highest rate, " if below else "reported, not judged: ")


def test_a_report_of_groups_without_a_rate_or_an_approval_says_so() -> None:
    found = findings(FairnessGate(), protected(approval=rates(0.0, 0.7, None)))["age"]
    assert found.message.startswith(
        "below four fifths of the highest rate, that of age 30 to 50, not judged: age up to 30 (not surely); "
        "reported: approved are of age up to 30 0.0 % (0.00 of the reference, difference -0.700 [-0.728, -0.672]); "
        "30 to 50 70.0 % (the reference); "
        "over 50 none. "
    )
    nobody = findings(FairnessGate(), protected(approval=rates(0.0, 0.0, None)))["age"]
    assert nobody.figures == {"reference": "30 to 50", "highest": "", "below": []}


def test_the_policy_none_says_nothing_of_groups() -> None:
    found = findings(FairnessGate(policy="none"))
    assert [(f.subject, f.status) for f in found.values()] == [("policy", "PASS")]


@pytest.mark.parametrize("counts", [{"rows": 99}, {"rows": 500, "events": 450}])
def test_a_small_group_proves_nothing_either_way(counts: dict[str, int]) -> None:
    groups = (group("up to 30", **counts), *(group(name, 2000) for name in NAMES[1:]))
    found = findings(column=protected(groups=groups, approval=rates(0.1, 0.7, 0.7)))
    assert found["age up to 30 opportunity"].status == "INCONCLUSIVE"
    assert found["age up to 30 opportunity"].message.endswith(
        " rows without the event, and 100 are needed: hold out more rows (`split.holdout`)"
    )
    assert found["age up to 30 ratio"].status == ("INCONCLUSIVE" if counts["rows"] == 99 else "FAIL")


def test_a_small_holdout_proves_nothing_either_way() -> None:
    found = findings(holdout=few(99, 900), column=protected(approval=rates(0.1, 0.7, 0.7)))
    assert {finding.status for finding in found.values()} == {"INCONCLUSIVE"}


def test_a_rate_that_is_lacking_fails() -> None:
    none = protected(approval=rates(0.0, 0.7, 0.7), opportunity=rates(None, 0.7, 0.7))
    found = findings(column=none)
    assert found["age up to 30 ratio"].status == found["age up to 30 opportunity"].status == "FAIL"


def test_without_protected_columns_only_a_gate_fails() -> None:
    nothing = evidence(fairness=Fairness(columns={}, told_on=10))
    assert [finding.status for finding in FairnessGate().findings(nothing)] == ["PASS"]
    assert [finding.status for finding in GATE.findings(nothing)] == ["FAIL"]


@pytest.mark.parametrize("policy", ["report", "gate"])
@pytest.mark.parametrize("lacking", [NOT_MEASURED, NotAssessed(not_assessed="it broke", broken=True)])
def test_fairness_that_was_not_measured_fails(policy: Any, lacking: NotAssessed) -> None:
    (found,) = FairnessGate(policy=policy).findings(evidence(fairness=lacking))
    assert (found.status, found.message) == ("FAIL", lacking.not_assessed)


@pytest.mark.parametrize(
    "value",
    [{"policy": "off"}, {"ratio": 0.49}, {"ratio": 1}, {"difference": 0.31}, {"opportunity": 0.31}],
)
def test_no_limit_can_be_set_beyond_its_bound(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FairnessGate.read(value)


def test_rows_that_all_belong_together_prove_nothing() -> None:
    none = rates(0.68, 0.7, 0.72).model_copy(update={"covariances": {}})
    gate = FairnessGate(policy="gate", difference=0.1)
    found = findings(gate, protected(approval=none, opportunity=none))
    assert len(found) == 6
    assert {finding.status for finding in found.values()} == {"INCONCLUSIVE"}
    assert all("has no interval: all rows belong together" in finding.message for finding in found.values())


def test_a_group_whose_rows_belong_together_is_left_open_and_others_are_judged() -> None:
    square = rates(0.68, 0.7, 0.72).covariances["rows"]
    wider = {"covariances": {"rows": square, "groups": square}, "wider": {"groups": (None, 1.0, 1.0)}}
    column = protected(
        approval=rates(0.68, 0.7, 0.72).model_copy(update=wider),
        opportunity=rates(0.73, 0.75, 0.77).model_copy(update=wider),
    )
    found = findings(column=column)
    open_, judged = (
        [found[f"age {name} {what}"] for what in ("ratio", "opportunity")] for name in NAMES[::2]
    )
    assert {finding.status for finding in open_} == {"INCONCLUSIVE"}
    assert all(NO_GROUPS in finding.message for finding in open_)
    assert {finding.status for finding in judged} == {"PASS"}
