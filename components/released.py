"""The record of a release: what was published, why, on what evidence, and which rows its model saw."""

import json

from components.training_record import read_training, release_record
from tollgate.canonical import canonical_json
from tollgate.errors import StorageError
from tollgate.release import Release
from tollgate.storage.folder import FolderStorage

RELEASE, VERDICT, EVIDENCE = "release.json", "verdict.json", "evidence.json"


def keep_release(release: Release, verdict: bytes, evidence: bytes, storage: FolderStorage) -> None:
    """Put the record of a release into storage under its digest; the first writer wins.

    Each file is held by a digest in another: release.json names the verdict, the verdict the evidence, the evidence the
    record of the training, and that the hashes of the rows seen.

    Args:
        release: What is about to be published.
        verdict: The content of verdict.json.
        evidence: The content of evidence.json, which was judged.
        storage: Where to, and where the training's record lies.

    Raises:
        StorageError: The training's record cannot be read, was changed, or is that of another bundle.
    """
    training = str(json.loads(evidence)["training"].get("record", ""))
    if read_training(training, storage)["bundle"] != release.bundle:
        raise StorageError(f"training/{training}: is the record of another bundle than {release.bundle}")
    files = {
        RELEASE: canonical_json(json.loads(release.model_dump_json())),
        VERDICT: verdict,
        EVIDENCE: evidence,
        **release_record(training, storage),
    }
    storage.place(f"releases/{release.digest()}", files)
