"""The outcome: how a run ended, and the one table of exit statuses."""

import json
from typing import Literal

from tollgate.canonical import canonical_json
from tollgate.section import Section

FORMAT_VERSION: Literal[1] = 1
Ending = Literal["deployed", "held", "conflict", "failed"]

EXIT_STATUS: dict[str, int] = {"deployed": 0, "failed": 1, "held": 3, "conflict": 4}


class Outcome(Section):
    """How a run ended; written to runs/ID/outcome.json.

    Attributes:
        version: The format of outcome.json.
        run: The run's id.
        outcome: deployed, held, conflict or failed.
        reasons: Why, for a person; for `held` what stopped it.
        bundle: The challenger's bundle digest, where there is one.
        verdict: The sha256 of verdict.json, where there is one.
        release: The digest of the release that is live after a deployment.
        generation: The target's generation after a deployment.
        changed: Whether anything was written to the target.
        at: When, UTC, ISO 8601.
    """

    version: Literal[1] = FORMAT_VERSION
    run: str
    outcome: Ending
    reasons: tuple[str, ...] = ()
    bundle: str | None = None
    verdict: str | None = None
    release: str | None = None
    generation: int | None = None
    changed: bool = False
    at: str

    def content(self) -> bytes:
        """The content of outcome.json."""
        return canonical_json(json.loads(self.model_dump_json()))


def outcome_key(run: str) -> str:
    """Where in storage a run's outcome lies."""
    return f"runs/{run}/outcome.json"
