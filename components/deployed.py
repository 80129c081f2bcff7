"""Publishing a release: check the verdict against what is about to be published, then publish or refuse."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components.holding import kept, read_verdict, refusals
from components.released import explained, keep_release, known_on, promised, record_of, released_evidence
from serving.release import release_of
from serving.section import ServingSection
from serving.targets import Pointer, Target, open_target
from tollgate.bundle.bundle import Bundle
from tollgate.canonical import sha256
from tollgate.clock import now
from tollgate.errors import BundleError, ConflictError, StorageError
from tollgate.gates.section import GatesSection
from tollgate.lineage import Lineage
from tollgate.outcome import Ending, Outcome, outcome_key
from tollgate.release import Release
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict

NOT_READ = "the verdict cannot be read"
UNEXPLAINED = (
    "`serving.adverse_action: true` promises reasons, and this model gives none: its kind is not explained"
)
UNPROMISED = (
    "it was judged as a model with `serving.adverse_action: true`, and is to be served without that promise"
)
NOT_WHOLE = "nothing was published, as what is needed for it is not what was judged any more"
NOT_KEPT = "the verdict is not the one that judge kept with the run"


def publish(
    verdict: bytes,
    evidence: bytes,
    lineage: Lineage,
    gates: Mapping[str, Any],
    serving: Mapping[str, Any],
    storage: FolderStorage,
    target: str,
    run: str,
) -> Outcome:
    """Publish a bundle with its verdict, and write how that ended to the run's outcome.

    A refusal is a result, not an error: it is returned and written, never raised.
    """
    section = ServingSection.read(serving)
    place = open_target(target, storage.root, section.name)
    lineage = replace(
        lineage, target=f"{target}/{section.name}"
    )  # what is published to, whoever says otherwise
    read, bundle, name = read_verdict(verdict), lineage.bundle, sha256(verdict)
    if read is None or not kept(verdict, storage, run):
        return _end(storage, run, "held", [NOT_KEPT if read else NOT_READ], bundle, name)
    reasons = refusals(read, evidence, lineage, GatesSection.read(gates))
    reasons = reasons or _of_promise(section.adverse_action, evidence)
    if reasons:
        return _end(storage, run, "held", reasons, bundle, name)
    pointer = place.current()
    if not _still(read, pointer):
        reason = (
            "someone else was promoted since the verdict: nothing was changed; run again to be judged anew"
        )
        return _end(storage, run, "conflict", [reason], bundle, name)
    release = release_of(bundle, name, section)
    live = _live(release, pointer, place)
    try:
        Bundle.load(storage.folder(f"bundles/{bundle}"), bundle)
        record = {} if live else record_of(release, verdict, evidence, storage)
        newer = _trained_later(pointer, evidence, storage)
    except (BundleError, StorageError) as error:
        return _end(storage, run, "held", [f"{NOT_WHOLE}: {error}"], bundle, name)
    if newer:
        return _end(storage, run, "held", [newer], bundle, name)
    if not live:
        keep_release(release, record, storage)
    return _promote(release, pointer, section, place, storage, run)


def _of_promise(adverse_action: bool, evidence: bytes) -> list[str]:
    """Why a model may not be served with, or without, the promise that declined applicants are told the reasons."""
    if adverse_action:
        return [] if explained(evidence) else [UNEXPLAINED]
    return [UNPROMISED] if promised(evidence) else []


def _trained_later(pointer: Pointer | None, evidence: bytes, storage: FolderStorage) -> str:
    """Why the champion must stay, where it knows labels of a later day; empty where it may be replaced."""
    champion = released_evidence(pointer.release, storage) if pointer else None
    if champion is None:
        return ""
    ours, theirs = known_on(evidence), known_on(champion)
    if not ours or not theirs or ours >= theirs:
        return ""
    return f"the champion was trained as of {theirs}, and this model as of {ours}: an older one never replaces it"


def _live(release: Release, pointer: Pointer | None, place: Target) -> bool:
    """Whether what is live is the same release already, so that nothing will be written."""
    return pointer is not None and release.same_as(place.release(pointer.release))


def _promote(
    release: Release,
    pointer: Pointer | None,
    section: ServingSection,
    place: Target,
    storage: FolderStorage,
    run: str,
) -> Outcome:
    bundle, name = release.bundle, release.verdict
    try:
        published = place.publish(release, storage.folder(f"bundles/{bundle}"), pointer, section)
    except ConflictError as error:
        return _end(storage, run, "conflict", [str(error)], bundle, name)
    except BundleError as error:
        return _end(storage, run, "held", [f"{NOT_WHOLE}: {error}"], bundle, name)
    reasons = [] if published.changed else ["the same release is live already: nothing was written"]
    outcome = Outcome(
        run=run,
        outcome="deployed",
        reasons=tuple(reasons),
        bundle=bundle,
        verdict=name,
        release=published.pointer.release,
        generation=published.pointer.generation,
        changed=published.changed,
        at=now(),
    )
    storage.write(outcome_key(run), outcome.content())
    return outcome


def _still(verdict: Verdict, pointer: Pointer | None) -> bool:
    """Whether the champion is still the one that was judged against."""
    judged = verdict.judged
    if pointer is None:
        return judged.champion is None and judged.generation == 0
    return (judged.champion, judged.generation) == (pointer.release, pointer.generation)


def _end(
    storage: FolderStorage, run: str, ending: Ending, reasons: list[str], bundle: str, verdict: str
) -> Outcome:
    outcome = Outcome(
        run=run, outcome=ending, reasons=tuple(reasons), bundle=bundle, verdict=verdict, at=now()
    )
    storage.write(outcome_key(run), outcome.content())
    return outcome
