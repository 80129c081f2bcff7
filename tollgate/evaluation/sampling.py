"""How much is drawn at random, and from which seed: nobody chooses it."""

from dataclasses import dataclass
from typing import Self

from tollgate.canonical import sha256
from tollgate.evaluation.section import EvaluateSection


@dataclass(frozen=True)
class Sampling:
    """How evidence is drawn.

    Attributes:
        bootstraps: How many resamples stand behind each interval.
        seed: What all draws start from.
    """

    bootstraps: int
    seed: int

    @classmethod
    def of(cls, section: EvaluateSection, splits: str, bundle: str) -> Self:
        """That of a bundle on the holdout of a split, by their digests.

        The same model on the same rows has the same figures whoever measures it and however often; another seed takes
        another model, which counts as a further use of the holdout.
        """
        return cls(section.bootstraps, int(sha256(f"{splits} {bundle}".encode())[:8], 16) >> 1)
