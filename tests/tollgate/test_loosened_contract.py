"""A contract or a label that promises less than the champion's is a finding of its own."""

from typing import Any

import pytest

from tests.tollgate.champions_gates import SETTINGS
from tests.tollgate.gates.evidence import AT, CHAMPION, evidence, lineage_of
from tollgate.canonical import canonical_json
from tollgate.contract.drift import Drift
from tollgate.contract.promises import Dropped
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.written.definition import Definition
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.verdict import Verdict, judge

DROPPED = (
    Dropped(subject="time", said="the time column is none, and was issued"),
    Dropped(subject="columns.income.monotone", said="it is none, and was decreasing"),
)


def over(drift: Drift | None, policy: dict[str, Any] | None = None, **settings: Any) -> Verdict:
    measured = evidence(champion=CHAMPION.model_copy(update={"settings": SETTINGS}), drift=drift)
    gates = GatesSection.read({**SETTINGS, **settings})
    content = canonical_json(measured.as_json())
    return judge(content, lineage_of(measured), gates, Policy.read(policy or {}), AT)


def test_what_the_contract_promised_over_the_champion_and_does_not_now_holds_the_model() -> None:
    verdict = over(Drift(version=1, state="compared", dropped=DROPPED))
    assert verdict.decision == "hold"
    assert [(one.gate, one.subject, one.status, one.message) for one in verdict.stopped_by()] == [
        ("loosened", "time", "INCONCLUSIVE", "the time column is none, and was issued"),
        (
            "loosened",
            "columns.income.monotone",
            "INCONCLUSIVE",
            "columns.income.monotone: it is none, and was decreasing",
        ),
    ]


def test_a_promise_that_was_dropped_is_waived_where_the_policy_lets_it() -> None:
    drift = Drift(version=1, state="compared", dropped=DROPPED)
    waivers = [
        {
            "gate": "loosened",
            "subject": one.subject,
            "reason": "agreed by the committee",
            "person": "R. Owner",
            "expires": "2026-02-01",
        }
        for one in DROPPED
    ]
    assert over(drift, {"waivable": ["loosened"]}, waivers=waivers).decision == "deploy"
    assert over(drift, {"waivable": ["loosened"]}, waivers=waivers[:1]).decision == "hold"
    assert over(drift, waivers=waivers).decision == "hold"


OTHER_EVENT = Drift(
    version=1,
    state="compared",
    dropped=(Dropped(subject="target", said="the event is late = 1, and was default = 1"),),
)
WAIVER = {
    "gate": "loosened",
    "reason": "the column was renamed",
    "person": "R. Owner",
    "expires": "2026-02-01",
}


def test_a_model_of_another_event_is_held_and_told_where_it_may_be_published() -> None:
    (finding,) = over(OTHER_EVENT).stopped_by()
    assert (finding.gate, finding.subject, finding.status) == ("loosened", "target", "INCONCLUSIVE")
    assert finding.message == (
        "the event is late = 1, and was default = 1; "
        "nobody can compare the two: publish this model under another `serving.name`"
    )


def test_a_model_of_another_event_is_let_through_only_by_a_waiver_that_names_it() -> None:
    lets = {"waivable": ["loosened"]}
    assert over(OTHER_EVENT, lets, waivers=[{**WAIVER, "subject": "target"}]).decision == "deploy"
    verdict = over(OTHER_EVENT, lets, waivers=[WAIVER])
    assert (verdict.decision, verdict.waivers[0].state) == ("hold", "unused")
    assert verdict.waivers[0].said == ("the waiver for loosened is not used: it must name the subject target")


def test_a_waiver_for_all_that_was_loosened_is_used_for_the_rest_of_it_only() -> None:
    both = OTHER_EVENT.model_copy(update={"dropped": (*DROPPED, *OTHER_EVENT.dropped)})
    verdict = over(both, {"waivable": ["loosened"]}, waivers=[WAIVER])
    assert (verdict.decision, verdict.waivers[0].state) == ("hold", "used")
    assert [one.subject for one in verdict.stopped_by()] == ["target"]


EVENT = Definition(
    target="default",
    positive="1",
    known="12 months after the decision",
    as_of="2025-01-01",
    covers="all rows",
)


def defined(now: Definition | NotAssessed, was: Definition | None = EVENT) -> Verdict:
    live = CHAMPION.model_copy(update={"settings": SETTINGS, "definition": was})
    measured = evidence(champion=live, definition=now)
    gates = GatesSection.read(SETTINGS)
    return judge(canonical_json(measured.as_json()), lineage_of(measured), gates, Policy(), AT)


@pytest.mark.parametrize(
    ("change", "subject", "said"),
    [
        (
            {"known": "from the start"},
            "data.label",
            "the label of a row is known from the start, and was known 12 months after the decision for the champion",
        ),
        (
            {"covers": "only rows with paid true"},
            "data.selection",
            "the labels cover only rows with paid true, and covered all rows for the champion",
        ),
    ],
)
def test_another_label_or_other_rows_that_have_one_hold_the_model(
    change: dict[str, str], subject: str, said: str
) -> None:
    (finding,) = defined(EVENT.model_copy(update=change)).stopped_by()
    assert (finding.gate, finding.subject, finding.status) == ("loosened", subject, "INCONCLUSIVE")
    assert finding.message.startswith(f"{said}; ")
    assert finding.message.endswith("publish this model under another `serving.name`")


def test_the_same_label_on_a_later_day_is_no_finding() -> None:
    assert defined(EVENT.model_copy(update={"as_of": "2025-02-01"})).decision == "deploy"


def test_a_champion_whose_evidence_does_not_define_its_event_is_not_compared_by_it() -> None:
    assert defined(EVENT, was=None).decision == "deploy"


def test_a_label_that_cannot_be_held_against_the_champions_is_a_fail() -> None:
    (finding,) = defined(NotAssessed(not_assessed="it broke")).stopped_by()
    assert (finding.gate, finding.subject, finding.status) == ("loosened", "data.label", "FAIL")
    assert finding.message == "the champion's label was not compared with: it broke"


@pytest.mark.parametrize(
    ("drift", "reason"),
    [
        (None, "the evidence does not say"),
        (Drift(version=1, state="unreadable", reason="it is torn"), "it is torn"),
        (Drift(version=1, state="none"), "the evidence does not say"),
    ],
)
def test_a_contract_that_was_not_compared_is_a_fail(drift: Drift | None, reason: str) -> None:
    (finding,) = over(drift).stopped_by()
    assert (finding.gate, finding.subject, finding.status) == ("loosened", "contract", "FAIL")
    assert finding.message == f"the champion's contract was not compared with: {reason}"
