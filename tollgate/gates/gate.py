"""What every gate is: options with a default and a hard bound, and findings from evidence."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from tollgate.evaluation.evidence import Evidence
from tollgate.gates.finding import Finding
from tollgate.section import Section


@dataclass(frozen=True)
class Looser:
    """Stands beside an option's type: which way the option is loosened, so that a policy can bound it.

    Attributes:
        way: Whether a higher or a lower number lets more models through.
    """

    way: Literal["higher", "lower"]


HIGHER, LOWER = Looser("higher"), Looser("lower")


class Gate(Section, ABC):
    """A rule that reads evidence; its options are its fields, each with a default and a hard bound."""

    question: ClassVar[str]
    blind: ClassVar[str]  # what it cannot see
    source: ClassVar[str]  # whose arithmetic it is: papers, standards, or its own definition
    told_by: ClassVar[str] = (
        ""  # the option that tells one from another, of a gate that may stand several times
    )

    @classmethod
    def usual(cls) -> Self:
        """The gate as it runs where a policy requires it and nobody names it."""
        return cls()

    @abstractmethod
    def findings(self, evidence: Evidence) -> list[Finding]:
        """What it finds: one finding at least, and FAIL where what it needs is missing or not finite."""
