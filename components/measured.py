"""Evidence from storage and target: the challenger's bundle, the champion's, and the holdout."""

import json
from collections.abc import Mapping
from typing import Any

from components.frozen import read_part
from components.learned import rows_learned
from components.released import defined_in, released_evidence, released_settings
from components.reused import count_reuse
from components.sketched import sketch_of
from components.training_record import read_relatives, read_training
from components.validated import main_facts, read_validation
from serving.targets import Target, open_target
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.data.section import Format
from tollgate.errors import BundleError, StorageError, TargetError
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.evaluation.gather import gather
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.rival import UNTOLD
from tollgate.evaluation.section import EvaluateSection
from tollgate.storage.folder import FolderStorage


def gather_evidence(
    bundle: str,
    training: str,
    splits: str,
    validation: str,
    population: str,
    section: EvaluateSection,
    form: Format,
    serving: Mapping[str, Any],
    storage: FolderStorage,
    target: str,
) -> tuple[Evidence, Scored]:
    """Measure a bundle in storage against the target's champion.

    Args:
        bundle: The challenger's digest.
        training: The digest of its training record.
        splits: The digest of the split.
        validation: The digest of the validation report.
        population: What ingest excluded, as JSON.
        section: How to measure.
        form: How the text of the source was read.
        serving: The section `serving` as JSON values.
        storage: Where bundles and splits lie.
        target: The kind of target.
    """
    challenger = Bundle.load(storage.folder(f"bundles/{bundle}"), bundle)
    name = str(serving["name"])
    known, champion = find_champion(open_target(target, storage.root, name))
    known = judged_by(known, storage)
    record = read_training(training, storage)
    relatives = {name: Scorer(graph) for name, graph in read_relatives(training, storage).items()}
    checked = read_validation(validation, storage)
    facts = {
        "splits": splits,
        "population": {**json.loads(population), "embargoed": checked.embargoed, "parts": checked.parts},
        "validation": {"digest": validation, **main_facts(checked)},
        "training": {**record, "record": training},
        "parity": record["parity"]["worst"],
        "adverse_action": serving.get("adverse_action", False),
    }
    holdout = read_part(splits, "holdout", storage)
    seen, contract = UNTOLD, challenger.contract
    if champion is not None:
        both = (contract, training), (champion.contract, known)
        seen = rows_learned(holdout, splits, *both, storage)
    sketch = sketch_of(holdout, contract, form)
    reuse = count_reuse(challenger.digest, splits, sketch, f"{target}/{name}", known, storage)
    return gather(challenger, champion, known, relatives, holdout, section, facts, seen, reuse)


def find_champion(target: Target) -> tuple[Champion, Bundle | None]:
    """The champion of a target and its bundle; what cannot be read is never taken for none."""
    try:
        pointer = target.current()
        if pointer is None:
            return Champion(state="none"), None
        bundle = Bundle.load(target.bundle(pointer), pointer.bundle)
        serving = target.release(pointer.release).serving
    except (BundleError, TargetError, OSError) as error:
        return Champion(state="unreadable", reason=str(error)), None
    found = Champion(
        state="found",
        release=pointer.release,
        bundle=pointer.bundle,
        generation=pointer.generation,
        adverse_action=bool(serving.get("adverse_action")),
    )
    return found, bundle


def judged_by(champion: Champion, storage: FolderStorage) -> Champion:
    """The champion with the gates that it was judged by and its event, as the record of its release holds them."""
    if champion.state != "found" or champion.release is None:
        return champion
    try:
        settings = released_settings(champion.release, storage)
        evidence = released_evidence(champion.release, storage)
        definition = None if evidence is None else defined_in(evidence)
    except (StorageError, OSError, ValueError) as error:
        return champion.model_copy(update={"settings_reason": str(error)[:300]})
    return champion.model_copy(update={"settings": settings, "definition": definition})
