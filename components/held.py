"""The outcome of a run whose model is not deployed."""

import json

from tollgate.canonical import sha256
from tollgate.clock import now
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict

NOT_ASKED = "the run was not asked to deploy"


def write_held(verdict: bytes, storage: FolderStorage, run: str) -> Outcome:
    """Write the outcome `held` with every finding that is not PASS."""
    read = Verdict.read(json.loads(verdict))
    reasons = [
        f"{finding.gate} {finding.subject}: {finding.status}: {finding.message}"
        for finding in read.stopped_by()
    ]
    outcome = Outcome(
        run=run,
        outcome="held",
        reasons=tuple(reasons) or (NOT_ASKED,),
        bundle=read.judged.bundle or None,
        verdict=sha256(verdict),
        at=now(),
    )
    storage.write(outcome_key(run), outcome.content())
    return outcome
