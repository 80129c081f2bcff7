"""What is set looser than when the champion was judged is a finding of its own."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from tests.tollgate.champions_gates import SETTINGS
from tests.tollgate.gates.evidence import AT, CHAMPION, NO_CHAMPION, evidence, lineage_of
from tollgate.canonical import canonical_json
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.gates.finding import Finding
from tollgate.gates.gate import HIGHER, LOWER, Gate
from tollgate.gates.section import GatesSection
from tollgate.loosened import loosened
from tollgate.policy import Policy
from tollgate.verdict import Verdict, judge


def found(now: dict[str, Any], before: Any = None, gates: type[GatesSection] = GatesSection) -> list[str]:
    """The subjects that are looser now than before."""
    champion = CHAMPION.model_copy(update={"settings": SETTINGS if before is None else before})
    findings = loosened(evidence(champion=champion), gates.read({**SETTINGS, **now}))
    assert {finding.status for finding in findings} <= {"INCONCLUSIVE"}
    return [finding.subject for finding in findings]


@pytest.mark.parametrize(
    ("now", "subjects"),
    [
        ({}, []),
        ({"champion": {"margin": 0.005}}, []),
        ({"champion": {"margin": 0.02}}, ["champion.margin"]),
        ({"champion": {"margin": 0.005, "metric": "pr_auc"}}, ["champion.metric"]),
        ({"champion": None}, ["champion"]),
        ({"metric": [{"name": "roc_auc", "at_least": 0.7}]}, []),
        ({"metric": [{"name": "roc_auc", "at_least": 0.64}]}, ["metric.roc_auc.at_least"]),
        ({"metric": [{"name": "ks", "at_least": 0.2}]}, ["metric.roc_auc"]),
        ({"metric": []}, ["metric"]),
        ({"metric": [*SETTINGS["metric"], {"name": "ks", "at_least": 0.2}]}, []),
        ({"max_age": 48}, ["max_age"]),
        ({"max_age": 12}, []),
    ],
)
def test_an_option_that_is_looser_or_a_gate_that_is_gone_is_found(now: Any, subjects: list[str]) -> None:
    assert found(now) == subjects


def test_of_two_limits_for_one_metric_the_stricter_is_compared() -> None:
    twice = {**SETTINGS, "metric": [*SETTINGS["metric"], {"name": "roc_auc", "at_least": 0.7}]}
    assert found({}, twice) == ["metric.roc_auc.at_least"]


def test_a_gate_that_this_tollgate_does_not_know_is_one_that_does_not_run() -> None:
    assert found({}, {**SETTINGS, "retired": {"limit": 1}}) == ["retired"]
    assert found({}, {**SETTINGS, "retired": None}) == []


class Scales(Gate):
    """A gate with an option of each kind."""

    question = "?"
    blind = "?"
    source = "?"
    count: Annotated[int, Field(), HIGHER] = 3
    cap: Annotated[float | None, Field(), HIGHER] = None
    strict: Annotated[bool, Field(), LOWER] = True
    policy: Annotated[Literal["none", "report", "gate"], Field(), LOWER] = "gate"
    looked_at: Annotated[tuple[str, ...], Field(), LOWER] = ("sex", "age")
    spared: Annotated[tuple[str, ...], Field(), HIGHER] = ("income",)
    unmarked: str = "a"
    unset: float | None = None
    named: Mapping[str, str] = {"sex": "f"}

    def findings(self, evidence: Evidence) -> list[Finding]:
        return []


class WithScales(GatesSection):
    scales: Scales | None = None


BEFORE = Scales().model_dump(mode="json")


@pytest.mark.parametrize(
    ("now", "looser"),
    [
        ({"count": 4}, True),
        ({"count": 2}, False),
        ({"cap": 0.5}, False),
        ({"strict": False}, True),
        ({"policy": "report"}, True),
        ({"policy": "none"}, True),
        ({"looked_at": ["sex"]}, True),
        ({"looked_at": ["age", "sex", "region"]}, False),
        ({"spared": ["income", "term"]}, True),
        ({"spared": []}, False),
        ({"unmarked": "b"}, True),
        ({"unmarked": "a"}, False),
        ({"unset": 5.0}, True),
        ({"named": {"sex": "m"}}, True),
        ({"named": {"sex": "f"}}, False),
    ],
)
def test_every_kind_of_option_has_its_scale(now: dict[str, Any], looser: bool) -> None:
    subjects = found({"scales": now}, {**SETTINGS, "scales": BEFORE}, WithScales)
    assert subjects == ([f"scales.{next(iter(now))}"] if looser else [])


def test_an_option_that_is_no_longer_set_is_looser() -> None:
    assert found({"scales": {}}, {**SETTINGS, "scales": {**BEFORE, "cap": 0.5}}, WithScales) == ["scales.cap"]


def test_an_option_that_the_record_does_not_know_yet_has_not_changed() -> None:
    before = {name: value for name, value in BEFORE.items() if name != "unmarked"}
    assert found({"scales": {"unmarked": "b"}}, {**SETTINGS, "scales": before}, WithScales) == []


def judged(
    live: Champion, policy: dict[str, Any] | None = None, told: bool = False, **settings: Any
) -> Verdict:
    none: dict[str, Any] = {} if live.state == "found" else {"differences": {}}
    measured = evidence(champion=live, adverse_action=told, **none)
    gates = GatesSection.read({**SETTINGS, **settings})
    content = canonical_json(measured.as_json())
    return judge(content, lineage_of(measured), gates, Policy.read(policy or {}), AT)


def test_a_limit_that_was_loosened_holds_the_model_and_says_from_what_to_what() -> None:
    verdict = judged(CHAMPION.model_copy(update={"settings": SETTINGS}), champion={"margin": 0.02})
    (finding,) = verdict.stopped_by()
    assert (finding.gate, finding.subject, finding.status) == ("loosened", "champion.margin", "INCONCLUSIVE")
    assert finding.message == (
        "champion.margin is 0.02, looser than the 0.01 that held when the champion was judged"
    )


def test_another_metric_to_compare_by_holds_the_model_and_says_which() -> None:
    live = CHAMPION.model_copy(update={"settings": SETTINGS})
    verdict = judged(live, champion={"metric": "ks"})
    (finding,) = [one for one in verdict.stopped_by() if one.gate == "loosened"]
    assert (finding.subject, finding.status) == ("champion.metric", "INCONCLUSIVE")
    assert finding.message == (
        "champion.metric is ks, and was roc_auc when the champion was judged: nobody can say which is looser"
    )


def test_it_is_waived_where_the_policy_lets_it() -> None:
    champion = CHAMPION.model_copy(update={"settings": SETTINGS})
    waiver = {
        "gate": "loosened",
        "subject": "champion.margin",
        "reason": "agreed by the committee",
        "person": "R. Owner",
        "expires": "2026-02-01",
    }
    given: dict[str, Any] = {"champion": {"margin": 0.02}, "waivers": [waiver]}
    assert judged(champion, {"waivable": ["loosened"]}, **given).decision == "deploy"
    assert judged(champion, {"waivable": ["champion"]}, **given).decision == "hold"


@pytest.mark.parametrize(
    ("then", "now", "subjects"),
    [
        (True, False, ["serving.adverse_action"]),
        (True, True, []),
        (False, True, []),
        (False, False, []),
    ],
)
def test_applicants_who_were_told_reasons_and_are_not_any_more_are_a_finding(
    then: bool, now: bool, subjects: list[str]
) -> None:
    live = CHAMPION.model_copy(update={"settings": SETTINGS, "adverse_action": then})
    found = judged(live, told=now).stopped_by()
    assert [(one.gate, one.subject, one.status) for one in found] == [
        ("loosened", subject, "INCONCLUSIVE") for subject in subjects
    ]
    assert all(
        one.message
        == "serving.adverse_action is false, looser than the true that the champion is served with"
        for one in found
    )


def test_that_applicants_are_told_no_reasons_any_more_is_waived_where_the_policy_lets_it() -> None:
    live = CHAMPION.model_copy(update={"settings": SETTINGS, "adverse_action": True})
    waiver = {
        "gate": "loosened",
        "subject": "serving.adverse_action",
        "reason": "offers only, nobody is declined",
        "person": "R. Owner",
        "expires": "2026-02-01",
    }
    assert judged(live, {"waivable": ["loosened"]}, waivers=[waiver]).decision == "deploy"
    assert judged(live, waivers=[waiver]).decision == "hold"


def test_a_gate_that_the_policy_runs_unnamed_is_not_taken_for_gone() -> None:
    champion = CHAMPION.model_copy(update={"settings": SETTINGS})
    assert judged(champion, champion=None).decision == "deploy"


def test_without_a_champion_there_is_nothing_to_compare_with() -> None:
    assert judged(NO_CHAMPION, champion={"margin": 0.05}).decision == "deploy"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (None, "cannot be read: the record is torn"),
        ({"champion": {"margin": "wide"}}, "cannot be compared with: "),
        ({"champion": {"margin": 10**400}}, "cannot be compared with: OverflowError: "),
        ({"champion": ["margin"]}, "cannot be compared with: "),
        ({"metric": [{"at_least": 0.5}]}, "cannot be compared with: KeyError: 'name'"),
        ({"max_age": "long"}, "cannot be compared with: "),
    ],
)
def test_what_cannot_be_read_or_compared_is_a_fail(settings: Any, words: str) -> None:
    reason = "the record is torn" if settings is None else ""
    verdict = judged(CHAMPION.model_copy(update={"settings": settings, "settings_reason": reason}))
    (finding,) = verdict.stopped_by()
    assert (finding.gate, finding.status) == ("loosened", "FAIL")
    assert words in finding.message
