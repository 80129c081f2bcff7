"""What names evidence: a digest of what was measured, and one of when and how long, which is never the same twice."""

import json
from dataclasses import dataclass

from tollgate.canonical import canonical_json, digest, sha256

TIMINGS = "timings"
NO_TIMINGS = ""


@dataclass(frozen=True)
class EvidenceName:
    """The two digests of an evidence.json.

    Attributes:
        evidence: That of all but the timings: the same inputs, measured again, have the same.
        timings: That of the timings; empty where there are none.
    """

    evidence: str
    timings: str

    @classmethod
    def of(cls, content: bytes) -> "EvidenceName":
        """The digests of an evidence.json; what is not written as evaluate writes it is named by its bytes."""
        try:
            document = json.loads(content)
            if not isinstance(document, dict) or canonical_json(document) != content:
                return cls(sha256(content), NO_TIMINGS)
        except (ValueError, RecursionError):
            return cls(sha256(content), NO_TIMINGS)
        timings = document.pop(TIMINGS, None)
        return cls(digest(document), NO_TIMINGS if timings is None else digest(timings))
