"""Training from a split in storage to a bundle in storage."""

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components.frozen import read_method, read_part
from components.progress import tell_progress
from components.seen import seen_table, write_seen
from components.training_record import keep_training
from tollgate import __version__
from tollgate.contract import Contract
from tollgate.contract.table import encode_table
from tollgate.data.ingest import ROW_NUMBER
from tollgate.data.late import late_sums
from tollgate.data.rowhash import row_hashes, shares
from tollgate.data.validate import EVENT
from tollgate.storage.folder import FolderStorage
from tollgate.training.part import Floats, Part
from tollgate.training.section import TrainSection
from tollgate.training.train import train

LIBRARIES = ("numpy", "onnx", "onnxruntime", "pyarrow", "scikit-learn", "scipy")
PARTS = ("fit", "calibration", "threshold")
TOLD = ("model", "trees", "calibration", "threshold", "approve_rate")


def train_on(
    splits: str, contract: Contract, section: TrainSection, storage: FolderStorage
) -> tuple[str, str, dict[str, Any]]:
    """Train on a split's parts and put the bundle into storage.

    Of the holdout only the features are read: its outcomes stay unseen.

    Returns:
        The bundle's digest, the digest of the training record, and what of that record is worth a line.
    """
    method = read_method(splits, storage)
    tables = {name: read_part(splits, name, storage) for name in PARTS}
    parts = {name: _part(table, contract, method) for name, table in tables.items()}
    holdout = encode_table(read_part(splits, "holdout", storage, contract.features), contract)
    trained = train(
        contract, section, parts, holdout, lambda done, of: tell_progress("train", "trials", done, of)
    )
    storage.place(f"bundles/{trained.digest}", trained.files)
    versions = {name: metadata.version(name) for name in LIBRARIES}
    versions |= {"python": platform.python_version(), "tollgate": __version__}
    seen = write_seen(seen_table(tables, contract))
    late = late_sums(tables.values(), contract)
    facts = {**trained.facts, "bundle": trained.digest, "libraries": versions, "late": late}
    return trained.digest, keep_training(facts, trained.relatives, seen, storage), _told(trained.facts)


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: facts[name] for name in TOLD if name in facts}
    trials = {"trials": len(facts["search"]["trials"])} if "search" in facts else {}
    worst = facts["parity"]["worst"]
    return {**told, **trials, "parity": f"{worst:.0e}" if worst else "0"}


def _part(table: pa.Table, contract: Contract, method: str) -> Part:
    return Part(
        encode_table(table, contract), table.column(EVENT).to_numpy(), _order(table, contract, method)
    )


def _order(table: pa.Table, contract: Contract, method: str) -> Floats:
    """What sorts rows from the earliest to the latest: the day, the row's number, or a hash that means nothing."""
    time = contract.only("time")
    if time:
        days = pc.cast(table.column(time), pa.int32()).to_numpy()
        return np.asarray(days, dtype=np.float64)
    if method == "order":
        return np.asarray(table.column(ROW_NUMBER).to_numpy(), dtype=np.float64)
    name = contract.only("group") or contract.only("id")
    return shares(row_hashes(table.select([name] if name else list(contract.columns)), "order"))
