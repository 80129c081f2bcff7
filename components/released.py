"""The record of a release: what was published, why, on what evidence, and which rows its model saw."""

import json
from collections.abc import Mapping
from typing import Any

from components.training_record import RECORD, SEEN, read_training, release_record
from tollgate.canonical import canonical_json, sha256
from tollgate.errors import StorageError
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.naming import EvidenceName
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.written.definition import Definition
from tollgate.release import Release
from tollgate.report.model_card import model_card
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict

RELEASE, VERDICT, EVIDENCE, CARD = "release.json", "verdict.json", "evidence.json", "card.md"


def record_of(release: Release, verdict: bytes, evidence: bytes, storage: FolderStorage) -> dict[str, bytes]:
    """The files of the record of a release.

    Each file is held by a digest in another: release.json names the verdict, the verdict the evidence, the evidence the
    record of the training, and that the hashes of the rows seen. The card is made anew from evidence and verdict.

    Args:
        release: What is about to be published.
        verdict: The content of verdict.json.
        evidence: The content of evidence.json, which was judged.
        storage: Where the training's record lies.

    Raises:
        StorageError: The training's record cannot be read, was changed, or is that of another bundle.
    """
    training = str(json.loads(evidence).get("training", {}).get("record", ""))
    if read_training(training, storage)["bundle"] != release.bundle:
        raise StorageError(f"training/{training}: is the record of another bundle than {release.bundle}")
    return {
        RELEASE: canonical_json(json.loads(release.model_dump_json())),
        VERDICT: verdict,
        EVIDENCE: evidence,
        CARD: model_card(Evidence.read(json.loads(evidence)), Verdict.read(json.loads(verdict))).encode(),
        **release_record(training, storage),
    }


def keep_release(release: Release, record: Mapping[str, bytes], storage: FolderStorage) -> None:
    """Put the record of a release into storage under its digest; the first writer wins.

    Raises:
        StorageError: It cannot be written.
    """
    storage.place(f"releases/{release.digest()}", record)


def released_evidence(digest: str, storage: FolderStorage) -> bytes | None:
    """The evidence in the record of a release; None where this storage never recorded it.

    Raises:
        StorageError: It cannot be read, or is not the evidence that the release's verdict was about.
    """
    folder = f"releases/{digest}"
    if not storage.exists(folder):
        return None
    judged, evidence = _verdict(digest, storage)["judged"], storage.read(f"{folder}/{EVIDENCE}")
    name = EvidenceName.of(evidence)
    whole = judged["evidence"] == sha256(evidence)  # as a verdict of version 1 names it
    if not whole and (judged["evidence"], judged.get("timings")) != (name.evidence, name.timings):
        raise StorageError(f"{folder}: was changed after it was written")
    return evidence


def released_seen(digest: str, evidence: bytes, storage: FolderStorage) -> bytes:
    """The hashes of the rows seen, in the record of a release.

    Args:
        digest: The release's digest.
        evidence: The evidence in the record, as `released_evidence` gives it.
        storage: Where it lies.

    Raises:
        StorageError: They cannot be read, or are not those that the training left.
    """
    folder = f"releases/{digest}"
    record, seen = storage.read(f"{folder}/{RECORD}"), storage.read(f"{folder}/{SEEN}")
    named = json.loads(evidence).get("training", {}).get("record")
    if sha256(record) != named or sha256(seen) != json.loads(record)["files"][SEEN]:
        raise StorageError(f"{folder}: was changed after it was written")
    return seen


def counted_in(evidence: bytes) -> Reuse | None:
    """How often the holdout of some evidence was used; None where it does not say, as older formats."""
    found = json.loads(evidence).get("reuse", {})
    return Reuse.read(found) if "challengers" in found else None


def defined_in(evidence: bytes) -> Definition | None:
    """What the event is in some evidence; None where it does not say, as older formats."""
    found = json.loads(evidence).get("definition", {})
    return Definition.read(found) if "target" in found else None


def splits_of(evidence: bytes) -> str:
    """The digest of the split whose holdout some evidence is about."""
    return str(json.loads(evidence)["holdout"]["splits"])


def released_settings(digest: str, storage: FolderStorage) -> dict[str, Any]:
    """The section `gates` that a release was judged by, as JSON values.

    Raises:
        StorageError: It cannot be read, was changed, or this storage never recorded it.
    """
    if not storage.exists(f"releases/{digest}"):
        raise StorageError(f"releases/{digest}: this storage never recorded it")
    settings: dict[str, Any] = _verdict(digest, storage)["settings"]
    return settings


def _verdict(digest: str, storage: FolderStorage) -> dict[str, Any]:
    """The verdict in the record of a release, as JSON values."""
    folder = f"releases/{digest}"
    content = storage.read(f"{folder}/{VERDICT}")
    try:
        release = Release.read(json.loads(storage.read(f"{folder}/{RELEASE}")))
        verdict: dict[str, Any] = json.loads(content)
    except ValueError as error:
        raise StorageError(f"{folder}: cannot be read: {str(error)[:200]}") from None
    if release.digest() != digest or release.verdict != sha256(content):
        raise StorageError(f"{folder}: was changed after it was written")
    return verdict


def known_on(evidence: bytes) -> str:
    """The day, ISO, as of which the labels in some evidence were known; empty where it does not say."""
    return str(json.loads(evidence).get("population", {}).get("as_of", ""))


def promised(evidence: bytes) -> bool:
    """Whether some evidence was judged as of a model whose declined applicants are told the reasons."""
    return bool(json.loads(evidence).get("adverse_action"))


def explained(evidence: bytes) -> bool:
    """Whether the model that some evidence is about gives reasons."""
    return bool(json.loads(evidence).get("reasons", {}).get("explains"))
