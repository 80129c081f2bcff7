"""The record that a bundle was measured to be judged, so that the next one knows how often its holdout was used."""

import json
from typing import Literal

from tollgate.canonical import canonical_json, sha256
from tollgate.section import Section
from tollgate.storage.folder import FolderStorage

JUDGED = "judged"


class JudgedRecord(Section):
    """That a bundle was measured on a holdout; written to judged/TARGET/DIGEST.json, named by its content.

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


def record_judged(record: JudgedRecord, target: str, storage: FolderStorage) -> bool:
    """Put on record that a bundle is measured; the same bundle on the same rows is one record.

    Args:
        record: What is measured.
        target: The run's own target, its kind and name.
        storage: Where to.

    Returns:
        Whether it is a new record, that was not there before.

    Raises:
        StorageError: The record cannot be written.
    """
    content = canonical_json(json.loads(record.model_dump_json()))
    key = f"{JUDGED}/{target}/{sha256(content)}.json"
    new = not storage.exists(key)
    storage.write(key, content)
    return new
