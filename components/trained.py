"""Training from a split in storage to a bundle in storage."""

import platform
from importlib import metadata
from typing import Any

from components.frozen import read_part
from tollgate import __version__
from tollgate.canonical import canonical_json, sha256
from tollgate.contract import Contract
from tollgate.contract.table import encode_table
from tollgate.data.validate import EVENT
from tollgate.storage.folder import FolderStorage
from tollgate.training.section import TrainSection
from tollgate.training.train import Part, train

LIBRARIES = ("numpy", "onnx", "onnxruntime", "pyarrow", "scikit-learn", "scipy")


def train_on(
    splits: str, contract: Contract, section: TrainSection, storage: FolderStorage
) -> tuple[str, str, dict[str, Any]]:
    """Train on a split's parts and put the bundle into storage.

    Of the holdout only the features are read: its outcomes stay unseen.

    Returns:
        The bundle's digest, the digest of the training record, and the facts in that record.
    """
    parts = {name: _part(splits, name, contract, storage) for name in ("fit", "calibration", "threshold")}
    holdout = encode_table(read_part(splits, "holdout", storage, contract.features), contract)
    trained = train(contract, section, parts, holdout)
    storage.place(f"bundles/{trained.digest}", trained.files)
    versions = {name: metadata.version(name) for name in LIBRARIES}
    versions |= {"python": platform.python_version(), "tollgate": __version__}
    record = canonical_json({"version": 1, **trained.facts, "libraries": versions})
    name = sha256(record)
    storage.write(f"training/{name}.json", record)
    return trained.digest, name, trained.facts


def _part(splits: str, name: str, contract: Contract, storage: FolderStorage) -> Part:
    table = read_part(splits, name, storage)
    return Part(encode_table(table, contract), table.column(EVENT).to_numpy())
