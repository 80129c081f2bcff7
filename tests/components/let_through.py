"""A model that was trained, measured and let through in a storage, ready to be published."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.deployed import publish
from components.judged import reach_verdict
from components.measured import gather_evidence
from components.trained import train_on
from serving.targets import Target, open_target
from tests.components.parted import Parted
from tests.tollgate.gates.evidence import lineage_of
from tollgate.canonical import canonical_json
from tollgate.data.section import Format
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.section import EvaluateSection
from tollgate.lineage import Lineage
from tollgate.outcome import Outcome
from tollgate.storage.folder import FolderStorage
from tollgate.training.section import TrainSection

TRAIN: dict[str, Any] = {"model": "logistic", "decision": {"approve_rate": 0.7}}
GATES: dict[str, Any] = {
    "metric": [{"name": "roc_auc", "at_least": 0.55}],
    "champion": {"margin": 0.05},
    "data": {"rows": 200},
    "leakage": {"loss": 0.3},  # one of its two features says nothing
    "calibration": {"expected_error": 0.2},  # some hundred rows say no more
    "stability": {"auc_decline": 0.25},
}
SERVING = {"name": "credit"}


@dataclass(frozen=True)
class Judged:
    """A model that may be published, and what is given to deploy.

    Attributes:
        problem: The rows that it was trained on.
        bundle: Its bundle.
        training: The digest of its training record.
        evidence: The content of evidence.json.
        verdict: The content of verdict.json.
    """

    problem: Parted
    bundle: str
    training: str
    evidence: bytes
    verdict: bytes

    @property
    def storage(self) -> FolderStorage:
        return self.problem.storage

    @property
    def target(self) -> Target:
        return open_target("local", self.storage.root, SERVING["name"])

    @property
    def records(self) -> list[Path]:
        """The folders in which releases are recorded."""
        folder = self.storage.root / "releases"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def publish(self, run: str = "one") -> Outcome:
        self.storage.write(f"runs/{run}/verdict.json", self.verdict)  # as judge does with every run
        given = (self.verdict, self.evidence, self.lineage, GATES, SERVING, self.storage)
        return publish(*given, "local", run)

    @property
    def lineage(self) -> Lineage:
        return lineage_of(Evidence.read(json.loads(self.evidence)))


def judged_in(problem: Parted, population: str = "{}", **settings: Any) -> Judged:
    """Train, measure and judge."""
    section = TrainSection.read({**TRAIN, **settings})
    bundle, training, _ = train_on(problem.splits, problem.contract, section, problem.storage)
    measured = EvaluateSection()
    evidence, _ = gather_evidence(
        bundle,
        training,
        problem.splits,
        problem.validation,
        population,
        measured,
        Format(),
        SERVING,
        problem.storage,
        "local",
    )
    return judged_by(problem, bundle, training, canonical_json(evidence.as_json()))


def judged_by(problem: Parted, bundle: str, training: str, evidence: bytes) -> Judged:
    made = lineage_of(Evidence.read(json.loads(evidence)))
    verdict, _ = reach_verdict(evidence, made, GATES, problem.storage, "one")
    assert verdict.decision == "deploy", verdict.findings
    return Judged(problem, bundle, training, evidence, verdict.content())
