"""Evidence that no gate may rely on ends as a verdict with its reason, never as a step that died."""

import copy
import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.tollgate.gates.evidence import AT, FRESH, evidence, figure, lineage_of, timings
from tollgate.canonical import canonical_json, sha256
from tollgate.evaluation.evidence import Evidence
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.verdict import Verdict, judge

GATES = {"metric": [{"name": "roc_auc", "at_least": 0.65}], "champion": {"margin": 0.01}}
OTHER = "0" * 64


def judged(content: bytes, found: Evidence | None = None, at: str = AT, **settings: Any) -> Verdict:
    made = dataclasses.replace(lineage_of(found or evidence()), evidence=sha256(content))
    return judge(content, made, GatesSection.read({**GATES, **settings}), Policy(), at)


def content_of(found: Evidence) -> bytes:
    return canonical_json(found.as_json())


def faults(verdict: Verdict) -> list[tuple[str, str]]:
    """The findings on the evidence itself; there is none that is not FAIL."""
    found = [finding for finding in verdict.findings if finding.gate == "evidence"]
    assert {finding.status for finding in found} <= {"FAIL"}
    assert verdict.decision == ("hold" if found else "deploy")
    return [(finding.subject, finding.message) for finding in found]


def measured(at: str) -> Evidence:
    return evidence(timings=timings(at=at))


def test_fresh_evidence_of_this_run_is_relied_on() -> None:
    assert faults(judged(content_of(evidence()))) == []


@pytest.mark.parametrize("field", ["bundle", "splits", "training", "validation"])
def test_evidence_of_another_run_is_a_fail_that_names_what_is_another(field: str) -> None:
    made = dataclasses.replace(lineage_of(evidence()), **{field: OTHER})
    verdict = judge(content_of(evidence()), made, GatesSection.read(GATES), Policy(), AT)
    ((subject, message),) = faults(verdict)
    assert subject == "lineage"
    assert "and this run made 000000000000" in message
    assert {f.status for f in verdict.findings if f.gate != "evidence"} == {"PASS"}


def test_evidence_that_is_not_what_evaluate_handed_on_is_a_fail() -> None:
    """It is about the same run, fresh, and does not contradict itself."""
    replaced = evidence(metrics={"roc_auc": figure(0.8, 0.78, 0.82)})
    verdict = judge(content_of(replaced), lineage_of(evidence()), GatesSection.read(GATES), Policy(), AT)
    ((subject, message),) = faults(verdict)
    assert subject == "lineage"
    measured, given = (sha256(content_of(found))[:12] for found in (evidence(), replaced))
    assert message == f"the evidence is {given}, and evaluate handed on {measured}"
    assert {finding.status for finding in verdict.findings if finding.gate != "evidence"} == {"PASS"}


def test_evidence_that_counts_for_another_target_is_a_fail() -> None:
    found = evidence(reuse=FRESH.model_copy(update={"target": "../../../evil"}))
    ((subject, message),) = faults(judged(content_of(found)))
    assert subject == "lineage"
    assert message.endswith("for the target '../../../evil', and this run is for 'local/credit'")


@pytest.mark.parametrize("sketch", ["../" * 21 + "x", "9" * 63, "9" * 65, "9" * 64 + "\n", "G" * 64])
def test_a_sketch_that_is_no_digest_cannot_be_read(sketch: str) -> None:
    values = evidence().as_json()
    values["reuse"]["sketch"] = sketch
    ((subject, message),) = faults(judged(canonical_json(values)))
    assert subject == "evidence.json"
    assert "reuse.Reuse.sketch" in message


@pytest.mark.parametrize(
    ("measured_at", "max_age", "words"),
    [
        ("2026-01-01T03:04:05+00:00", 24, ""),
        ("2026-01-01T04:04:05+01:00", 24, ""),
        ("2026-01-01T03:04:04+00:00", 24, "older than the 24 hours that `gates.max_age` allows"),
        ("2026-01-01T03:04:04+00:00", 25, ""),
        ("2026-01-02T01:00:00+00:00", 2, "older than the 2 hours"),
        ("2026-01-02T03:09:05+00:00", 24, ""),
        ("2026-01-02T03:09:06+00:00", 24, "after it was judged on 2026-01-02T03:04:05+00:00"),
        ("2027-01-01T00:00:00+00:00", 24, "after it was judged"),
        ("2026-01-02T03:04:00", 24, "is no time with a time zone"),
        ("yesterday", 24, "is no time with a time zone"),
        ("", 24, "is no time with a time zone"),
    ],
)
def test_evidence_that_is_too_old_or_of_a_time_to_come_is_a_fail(
    measured_at: str, max_age: int, words: str
) -> None:
    found = faults(judged(content_of(measured(measured_at)), max_age=max_age))
    assert [subject for subject, _ in found] == (["age"] if words else [])
    assert all(words in message for _, message in found)


def test_evidence_that_does_not_say_when_it_was_measured_is_a_fail() -> None:
    ((subject, message),) = faults(judged(content_of(evidence(timings=None))))
    assert (subject, message) == ("age", "the evidence does not say when it was measured")


@pytest.mark.parametrize("version", [1, 2])
def test_evidence_of_an_older_format_is_read_and_held_for_lack_of_a_time(version: int) -> None:
    values = evidence().as_json() | {"version": version}
    del values["timings"]
    assert [subject for subject, _ in faults(judged(canonical_json(values)))] == ["age"]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (4, "4"),
        (4.5, "4.5"),
        (99, "99"),
        (1e300, "1e+300"),
        pytest.param(int("9" * 400), "9" * 20, id="beyond floats"),
    ],
)
def test_evidence_of_a_newer_format_is_not_judged(version: float, said: str) -> None:
    verdict = judged(canonical_json(evidence().as_json() | {"version": version, "more": 1}))
    ((_, message),) = faults(verdict)
    assert f"has the format {said}, and the newest that this Tollgate knows is 3" in message
    assert len(verdict.findings) == 1


def test_evidence_that_contradicts_itself_is_a_fail_and_the_gates_still_speak() -> None:
    found = evidence(metrics={"roc_auc": figure(0.9, 0.68, 0.72)})
    verdict = judged(content_of(found), found)
    assert {subject for subject, _ in faults(verdict)} == {"coherence"}
    assert {finding.gate for finding in verdict.findings} > {"evidence", "metric", "champion"}


def test_evidence_that_something_else_wrote_again_is_a_fail() -> None:
    spaced = json.dumps(evidence().as_json(), sort_keys=True).encode()
    assert [subject for subject, _ in faults(judged(spaced))] == ["bytes"]
    twice = b'{"bundle":"x",' + content_of(evidence()).removeprefix(b"{")
    assert [subject for subject, _ in faults(judged(twice))] == ["bytes"]


def numbers_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of the numbers in JSON values."""
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers_in(inner, (*path, key))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path


def test_a_number_beyond_all_floats_ends_as_a_verdict_wherever_it_stands() -> None:
    settings = GatesSection.read({**GATES, "cost": {"false_negative": 5, "false_positive": 1}}).as_json()
    known = evidence().champion.model_copy(update={"settings": settings})
    values = evidence(champion=known).as_json()
    places = list(numbers_in(values))
    assert {place[0] for place in places} > {"version", "champion", "metrics", "holdout"}
    for *path, last in places:
        changed = copy.deepcopy(values)
        inner: Any = changed
        for key in path:
            inner = inner[key]
        inner[last] = 10**400
        assert judged(canonical_json(changed)).decision == "hold", (*path, last)
