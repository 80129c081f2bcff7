"""The lineage of a run: what its steps made, as the pipeline itself hands it on."""

from dataclasses import dataclass

from tollgate.canonical import sha256
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.reuse import Reuse


@dataclass(frozen=True)
class Lineage:
    """What the steps made, by digest, and for what; evidence is about exactly this, or it is that of another run.

    Attributes:
        bundle: The challenger.
        splits: The split that the holdout is a part of.
        training: The record of the training.
        validation: The report on the data.
        evidence: The sha256 of evidence.json, byte for byte as evaluate wrote it.
        target: What the run publishes to: the target's kind and its name, such as local/credit.
    """

    bundle: str
    splits: str
    training: str
    validation: str
    evidence: str
    target: str

    def other(self, content: bytes) -> list[str]:
        """That an evidence.json is not the one that this run measured; empty where it is."""
        found = sha256(content)
        if found == self.evidence:
            return []
        return [f"the evidence is {_short(found)}, and evaluate handed on {_short(self.evidence)}"]

    def unlike(self, evidence: Evidence) -> list[str]:
        """In what some evidence is about something else; empty where it is about this."""
        found = {
            "bundle": (self.bundle, evidence.bundle),
            "split": (self.splits, evidence.holdout.splits),
            "training record": (self.training, evidence.training.get("record", "")),
            "validation report": (self.validation, evidence.validation.digest),
        }
        unlike = [
            f"the evidence is about the {what} {_short(measured)}, and this run made {_short(made)}"
            for what, (made, measured) in found.items()
            if made != measured
        ]
        reuse = evidence.reuse
        if isinstance(reuse, Reuse) and reuse.target != self.target:
            said = f"the evidence counts the uses of the holdout for the target {reuse.target[:80]!r}"
            unlike.append(f"{said}, and this run is for {self.target!r}")
        return unlike


def _short(digest: object) -> str:
    return str(digest)[:12] if digest else "that nobody named"
