"""How a local run really ended: by its outcome file and the digests in it, never by the runner's word alone."""

import datetime as dt
import json
from typing import Any

from serving.targets import Target
from tollgate.canonical import sha256
from tollgate.errors import StorageError, TargetError
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict


def settle(storage: FolderStorage, target: Target, run: str, failure: dict[str, Any] | None) -> Outcome:
    """The run's outcome, once everything it claims was looked up; what is not true is `failed`.

    Args:
        storage: Where the run wrote.
        target: Where it was to publish.
        run: The run's id.
        failure: What a failed step told, where one did.
    """
    claimed = _read(storage, run)
    doubts = _doubts(storage, target, claimed) if claimed else ["no step wrote an outcome"]
    if claimed and claimed.outcome != "failed" and not doubts:
        return claimed
    reasons = [f"{failure['step']}: {failure['message']}"] if failure else []
    if claimed and claimed.outcome != "failed":
        reasons += [f"the run says {claimed.outcome}, but {doubt}" for doubt in doubts]
    elif not failure:
        reasons += claimed.reasons if claimed else doubts
    outcome = Outcome(run=run, outcome="failed", reasons=tuple(reasons), at=_now())
    storage.write(outcome_key(run), outcome.content())
    return outcome


def _read(storage: FolderStorage, run: str) -> Outcome | None:
    if not storage.exists(outcome_key(run)):
        return None
    try:
        return Outcome.read(json.loads(storage.read(outcome_key(run))))
    except ValueError:
        return None


def _doubts(storage: FolderStorage, target: Target, claimed: Outcome) -> list[str]:
    """What of an outcome does not hold."""
    if claimed.outcome == "failed":
        return []
    try:
        content = storage.read(f"runs/{claimed.run}/verdict.json")
        verdict = Verdict.read(json.loads(content))
    except (StorageError, ValueError) as error:
        return [f"there is no verdict: {error}"]
    doubts = []
    if sha256(content) != claimed.verdict:
        doubts.append("the verdict is another one")
    if (claimed.bundle or "") != verdict.judged.bundle:
        doubts.append("the verdict is about another bundle")
    if claimed.outcome == "deployed":
        doubts += _undeployed(target, claimed, verdict)
    return doubts


def _undeployed(target: Target, claimed: Outcome, verdict: Verdict) -> list[str]:
    doubts = [] if verdict.decision == "deploy" else [f"the verdict says {verdict.decision}"]
    try:
        pointer = target.current()
    except TargetError as error:
        return [*doubts, str(error)]
    if pointer is None:
        return [*doubts, "nothing is published"]
    if (pointer.release, pointer.bundle) != (claimed.release, claimed.bundle):
        doubts.append(f"release {pointer.release[:12]} is live")
    return doubts


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
