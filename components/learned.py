"""Which rows of a holdout the two models learned from, by the hashes that their trainings left."""

import numpy as np
import pyarrow as pa

from components.released import released_evidence, released_seen, splits_of
from components.seen import read_seen, rows_seen
from components.training_record import SEEN, release_record
from tollgate.contract import Contract
from tollgate.errors import StorageError
from tollgate.evaluation.evidence import Champion
from tollgate.evaluation.rival import Seen
from tollgate.evaluation.scoring import Mask
from tollgate.storage.folder import FolderStorage

Known = tuple[Mask | None, str]


def rows_learned(
    holdout: pa.Table,
    splits: str,
    challenger: tuple[Contract, str],
    champion: tuple[Contract, Champion],
    storage: FolderStorage,
) -> Seen:
    """Which rows of a holdout each of two models was fitted, calibrated, tuned or thresholded on.

    Args:
        holdout: The rows.
        splits: The digest of the split that they came from.
        challenger: The challenger's contract, and the digest of the record of its training.
        champion: The champion's contract, and what is known of it.
        storage: Where the records lie.
    """
    ours, unknown = _by_challenger(holdout, *challenger, storage)
    theirs, also = _by_champion(holdout, splits, *champion, storage)
    return Seen(
        champion=theirs, challenger=ours, unknown="; ".join(reason for reason in (also, unknown) if reason)
    )


def _by_challenger(holdout: pa.Table, contract: Contract, training: str, storage: FolderStorage) -> Known:
    try:
        return rows_seen(holdout, contract, read_seen(release_record(training, storage)[SEEN])), ""
    except (StorageError, ValueError, LookupError) as error:
        return None, f"which rows the challenger learned from is not known: {error}"


def _by_champion(
    holdout: pa.Table, splits: str, contract: Contract, known: Champion, storage: FolderStorage
) -> Known:
    """Of a champion that was held out of the very same split no row was learned from, whatever its record says."""
    release = str(known.release)
    try:
        evidence = released_evidence(release, storage)
        if evidence is None:
            return None, f"{_NOT_KNOWN}: this storage holds no record of its release {release[:12]}"
        if splits_of(evidence) == splits:
            return np.zeros(holdout.num_rows, dtype=bool), ""
        return rows_seen(holdout, contract, read_seen(released_seen(release, evidence, storage))), ""
    except (StorageError, ValueError, LookupError) as error:
        return None, f"{_NOT_KNOWN}: {error}"


_NOT_KNOWN = "which rows the champion learned from is not known"
