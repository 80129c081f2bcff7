"""What must hold of evidence before a gate may rely on it: readable, of this run, fresh, not against itself."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from tollgate.canonical import canonical_json
from tollgate.evaluation.coherence import contradictions
from tollgate.evaluation.evidence import FORMAT_VERSION, Evidence
from tollgate.gates.finding import Finding, lacking
from tollgate.lineage import Lineage

GATE, FILE = "evidence", "evidence.json"
CLOCKS_APART = dt.timedelta(minutes=5)  # as those of two machines may be


def admit(content: bytes, lineage: Lineage, max_age: int, at: str) -> tuple[Evidence | None, list[Finding]]:
    """Read evidence and say whatever forbids to rely on it: each is a FAIL.

    Args:
        content: The content of evidence.json.
        lineage: What the run made.
        max_age: How old it may be, in hours.
        at: The time of judging, UTC, ISO 8601.

    Returns:
        The evidence, None where it cannot be read; and the findings, none where nothing forbids.
    """
    try:
        document = json.loads(content)
        newer = _newer(document)
        if newer:
            return None, [lacking(GATE, FILE, newer)]
        evidence = Evidence.read(document)
    except (ValueError, TypeError, RecursionError) as error:
        return None, [lacking(GATE, FILE, f"the evidence cannot be read: {shortly(error)}")]
    faults = [("bytes", said) for said in _rewritten(content, document)]
    faults += [("lineage", said) for said in (*lineage.other(content), *lineage.unlike(evidence))]
    faults += [("age", said) for said in _stale(evidence, max_age, at)]
    faults += [("coherence", f"the evidence contradicts itself: {said}") for said in contradictions(evidence)]
    return evidence, [lacking(GATE, subject, said) for subject, said in faults]


def shortly(error: Exception) -> str:
    """An error in a few words, with the key where pydantic found it."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)[:200]


def _newer(document: Any) -> str:
    version = document.get("version") if isinstance(document, dict) else None
    if isinstance(version, (int, float)) and version > FORMAT_VERSION:
        return (
            f"the evidence has the format {str(version)[:20]}, and the newest that this Tollgate knows is "
            f"{FORMAT_VERSION}: judge it with the version that measured it"
        )
    return ""


def _rewritten(content: bytes, document: Any) -> Iterator[str]:
    if canonical_json(document) != content:
        yield "the evidence is not written as evaluate writes it: something else wrote it again"


def _stale(evidence: Evidence, max_age: int, at: str) -> Iterator[str]:
    if evidence.timings is None:
        yield "the evidence does not say when it was measured"
        return
    measured, judged = _moment(evidence.timings.measured_at), _moment(at)
    if measured is None or judged is None:
        yield f"{evidence.timings.measured_at[:40]!r} or {at[:40]!r} is no time with a time zone"
    elif measured > judged + CLOCKS_APART:
        yield f"the evidence was measured on {evidence.timings.measured_at}, after it was judged on {at}"
    elif judged - measured > dt.timedelta(hours=max_age):
        yield (
            f"the evidence was measured on {evidence.timings.measured_at}: older than the {max_age} hours that "
            f"`gates.max_age` allows on {at}"
        )


def _moment(text: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
