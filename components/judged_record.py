"""The record that a bundle was judged, so that the next one knows how often its holdout was used."""

import json
from typing import Literal

from tollgate.canonical import canonical_json, sha256
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.reuse import Reuse
from tollgate.section import Section
from tollgate.storage.folder import FolderStorage

JUDGED = "judged"


class JudgedRecord(Section):
    """That a bundle was judged on a holdout; written to judged/TARGET/DIGEST.json, named by its content.

    Attributes:
        version: The format of the record.
        bundle: The bundle's digest.
        splits: The digest of the split that the holdout came from.
        sketch: The digest of the sketch of the holdout's rows, which lies in sketches/.
        rows: How many rows the holdout has.
    """

    version: Literal[1] = 1
    bundle: str
    splits: str
    sketch: str
    rows: int


def record_judged(evidence: Evidence, target: str, storage: FolderStorage) -> None:
    """Put on record that a bundle was judged, whatever the verdict; the same bundle on the same rows is one record.

    Args:
        evidence: What is judged.
        target: The run's own target, its kind and name; never what evidence says that it is.
        storage: Where to.

    Raises:
        StorageError: The record cannot be written.
    """
    if not isinstance(evidence.reuse, Reuse):
        return
    record = JudgedRecord(
        bundle=evidence.bundle,
        splits=evidence.holdout.splits,
        sketch=evidence.reuse.sketch,
        rows=evidence.holdout.rows,
    )
    content = canonical_json(json.loads(record.model_dump_json()))
    storage.write(f"{JUDGED}/{target}/{sha256(content)}.json", content)
