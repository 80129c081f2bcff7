"""A verdict on the small bundle, reached in a storage, ready to be published."""

import shutil
from dataclasses import dataclass, replace
from typing import Any

from components.deployed import publish
from components.judged import reach_verdict
from components.training_record import keep_training
from serving.targets import Pointer, Target, open_target
from tests.small import SmallBundle
from tests.tollgate.gates.evidence import NO_CHAMPION, evidence, lineage_of, timings
from tollgate.canonical import canonical_json
from tollgate.clock import now
from tollgate.evaluation.evidence import Champion
from tollgate.lineage import Lineage
from tollgate.outcome import Outcome
from tollgate.storage.folder import FolderStorage

NAME = "credit"
RUN = "one"
GATES = {"metric": [{"name": "roc_auc", "at_least": 0.65}], "champion": {"margin": 0.01}}
SERVING = {"name": NAME}


@dataclass(frozen=True)
class Judgement:
    """What deploy is given."""

    storage: FolderStorage
    verdict: bytes
    evidence: bytes
    lineage: Lineage
    gates: dict[str, Any]
    serving: dict[str, Any]

    @property
    def bundle(self) -> str:
        return self.lineage.bundle

    @property
    def target(self) -> Target:
        return open_target("local", self.storage.root, NAME)

    def but(self, **change: Any) -> "Judgement":
        return replace(self, **change)

    def publish(self, run: str = RUN) -> Outcome:
        return publish(
            self.verdict, self.evidence, self.lineage, self.gates, self.serving, self.storage, "local", run
        )


def judged(
    storage: FolderStorage,
    bundle: SmallBundle,
    run: str = RUN,
    gates: dict[str, Any] = GATES,
    **change: Any,
) -> Judgement:
    """Reach a verdict that lets the bundle through, but for what is changed in the evidence."""
    if not storage.exists(f"bundles/{bundle.digest}"):
        shutil.copytree(bundle.folder, storage.root / "bundles" / bundle.digest)
    training = {"record": keep_training({"bundle": bundle.digest}, {"yardstick": b"graph"}, b"seen", storage)}
    usual: dict[str, Any] = {"champion": NO_CHAMPION, "timings": timings(at=now())}
    usual |= {} if "champion" in change else {"differences": {}}
    found = evidence(**{"bundle": bundle.digest, "training": training, **usual, **change})
    content, lineage = canonical_json(found.as_json()), lineage_of(found)
    verdict, _ = reach_verdict(content, lineage, gates, storage, run)
    return Judgement(storage, verdict.content(), content, lineage, gates, SERVING)


def champion(pointer: Pointer) -> Champion:
    """What is live, as evaluate writes it into the evidence."""
    return Champion(
        state="found",
        release=pointer.release,
        bundle=pointer.bundle,
        generation=pointer.generation,
        settings=GATES,
    )
