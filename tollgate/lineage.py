"""The lineage of a run: what its steps made, as the pipeline itself hands it on."""

from dataclasses import dataclass

from tollgate.evaluation.evidence import Evidence


@dataclass(frozen=True)
class Lineage:
    """What the steps made, by digest; evidence is about exactly this, or it is that of another run.

    Attributes:
        bundle: The challenger.
        splits: The split that the holdout is a part of.
        training: The record of the training.
        validation: The report on the data.
    """

    bundle: str
    splits: str
    training: str
    validation: str

    def unlike(self, evidence: Evidence) -> list[str]:
        """In what some evidence is about something else; empty where it is about this."""
        found = {
            "bundle": (self.bundle, evidence.bundle),
            "split": (self.splits, evidence.holdout.splits),
            "training record": (self.training, evidence.training.get("record", "")),
            "validation report": (self.validation, evidence.validation.get("digest", "")),
        }
        return [
            f"the evidence is about the {what} {_short(measured)}, and this run made {_short(made)}"
            for what, (made, measured) in found.items()
            if made != measured
        ]


def _short(digest: object) -> str:
    return str(digest)[:12] if digest else "that nobody named"
