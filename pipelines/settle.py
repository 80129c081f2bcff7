"""How a local run really ended: by its outcome file and the digests in it, never by the runner's word alone."""

import json
from typing import Any

from serving.targets import Target
from tollgate.canonical import sha256
from tollgate.clock import now
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
    doubts = _doubts(storage, target, run, claimed) if claimed else ["no step wrote an outcome"]
    if claimed and claimed.outcome == "deployed" and not doubts:
        return claimed
    outcome = _published(storage, target, run)
    if outcome is None and claimed and claimed.outcome != "failed" and not doubts:
        return claimed
    outcome = outcome or _failed(run, failure, claimed, doubts)
    storage.write(outcome_key(run), outcome.content())
    return outcome


def _failed(run: str, failure: dict[str, Any] | None, claimed: Outcome | None, doubts: list[str]) -> Outcome:
    reasons = [f"{failure['step']}: {failure['message']}"] if failure else []
    if claimed and doubts:
        reasons += [f"the run says {claimed.outcome}, but {doubt}" for doubt in doubts]
    elif not failure:
        reasons += claimed.reasons if claimed else doubts
    return Outcome(run=run, outcome="failed", reasons=tuple(reasons), at=now())


def _published(storage: FolderStorage, target: Target, run: str) -> Outcome | None:
    """What a deploy step did and did not say, for it died too soon: a release with this very verdict was promoted."""
    try:
        verdict, name = _verdict(storage, run)
        since = [entry for entry in target.history() if entry.generation > verdict.judged.generation]
        own = [entry for entry in since if target.release(entry.release).verdict == name]
    except (StorageError, TargetError, ValueError):
        return None
    if not own or verdict.decision != "deploy" or own[0].bundle != verdict.judged.bundle:
        return None
    return Outcome(
        run=run,
        outcome="deployed",
        reasons=("it was published, though no step said so: the log tells why",),
        bundle=own[0].bundle,
        verdict=name,
        release=own[0].release,
        generation=own[0].generation,
        changed=True,
        at=now(),
    )


def _verdict(storage: FolderStorage, run: str) -> tuple[Verdict, str]:
    """A run's verdict and its sha256."""
    content = storage.read(f"runs/{run}/verdict.json")
    return Verdict.read(json.loads(content)), sha256(content)


def _read(storage: FolderStorage, run: str) -> Outcome | None:
    if not storage.exists(outcome_key(run)):
        return None
    try:
        return Outcome.read(json.loads(storage.read(outcome_key(run))))
    except ValueError:
        return None


def _doubts(storage: FolderStorage, target: Target, run: str, claimed: Outcome) -> list[str]:
    """What of an outcome does not hold."""
    if claimed.outcome == "failed":
        return []
    try:
        verdict, name = _verdict(storage, run)
    except (StorageError, ValueError) as error:
        return [f"there is no verdict: {error}"]
    doubts = []
    if claimed.run != run:
        doubts.append(f"that is the outcome of the run {claimed.run}")
    if name != claimed.verdict:
        doubts.append("the verdict is another one")
    if (claimed.bundle or "") != verdict.judged.bundle:
        doubts.append("the verdict is about another bundle")
    if claimed.outcome == "deployed":
        doubts += _undeployed(target, claimed, verdict)
    return doubts


def _undeployed(target: Target, claimed: Outcome, verdict: Verdict) -> list[str]:
    """Why a release was never promoted; that another was promoted since then does not matter."""
    doubts = [] if verdict.decision == "deploy" else [f"the verdict says {verdict.decision}"]
    try:
        history = target.history()
    except TargetError as error:
        return [*doubts, str(error)]
    judged = [entry for entry in history if entry.generation >= verdict.judged.generation]
    promoted = [(entry.release, entry.bundle, entry.generation) for entry in judged]
    if (claimed.release, claimed.bundle, claimed.generation) not in promoted:
        live = f"release {history[0].release[:12]} is live" if history else "nothing is published"
        doubts.append(live)
    return doubts
