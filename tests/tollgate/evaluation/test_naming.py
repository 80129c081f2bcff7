"""Evidence is named by what was measured; when and how long has a name of its own."""

import json
from typing import Any

import pytest

from tests.tollgate.gates.evidence import evidence
from tollgate.canonical import canonical_json, sha256
from tollgate.evaluation.evidence import Timings
from tollgate.evaluation.naming import EvidenceName

CONTENT = canonical_json(evidence().as_json())
WRITTEN: dict[str, Any] = json.loads(CONTENT)


def test_the_same_measured_again_has_the_same_name_and_other_timings() -> None:
    later = Timings(measured_at="2026-01-03T00:00:00+00:00", seconds={"slices": 1.5})
    first, again = (EvidenceName.of(CONTENT), EvidenceName.of(content_of(timings=later.as_json())))
    assert first.evidence == again.evidence
    assert first.timings != again.timings


def content_of(**change: Any) -> bytes:
    return canonical_json({**WRITTEN, **change})


@pytest.mark.parametrize("key", [key for key in WRITTEN if key != "timings"])
def test_another_value_anywhere_is_another_name(key: str) -> None:
    edited = EvidenceName.of(content_of(**{key: "another"}))
    assert edited.evidence != EvidenceName.of(CONTENT).evidence
    assert edited.timings == EvidenceName.of(CONTENT).timings


def test_evidence_without_timings_is_named_by_its_bytes_as_older_verdicts_name_it() -> None:
    content = canonical_json({key: one for key, one in WRITTEN.items() if key != "timings"})
    assert EvidenceName.of(content) == EvidenceName(sha256(content), "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        CONTENT + b" ",
        b'{"bundle":"x",' + CONTENT.removeprefix(b"{"),
        json.dumps(WRITTEN).encode(),
        b'{"a":NaN}',
    ],
)
def test_what_evaluate_would_not_have_written_is_named_by_its_bytes(content: bytes) -> None:
    assert EvidenceName.of(content) == EvidenceName(sha256(content), "")
