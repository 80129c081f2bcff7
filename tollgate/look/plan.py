"""What to do with each column: its settings in workflow.yaml, and what to tell about it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.look.column import Look
from tollgate.look.finding import Finding


@dataclass(frozen=True)
class Table:
    """What is known about the rows as a whole.

    Attributes:
        rows: How many were looked at.
        whole: Whether these are all.
        events: 1 for the event, 0 for none, NaN where the target is missing, shape (rows,).
    """

    rows: int
    whole: bool
    events: NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """One column as it will stand in workflow.yaml.

    Attributes:
        name: The column.
        settings: Its keys, in the order in which they are written.
        findings: What to tell about it.
        note: What to write beside it where there is no finding.
    """

    name: str
    settings: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    note: str = ""

    @property
    def role(self) -> str:
        """The role that the column gets."""
        return str(self.settings.get("role", "feature"))

    @property
    def comment(self) -> str:
        """What stands beside the column."""
        return "; ".join([finding.message for finding in self.findings] or [self.note])


def ignored(look: Look, kind: str, message: str) -> Plan:
    """A column that is left unused, and why."""
    return Plan(look.name, {"role": "ignore"}, [Finding(kind, look.name, message)])


def percent(share: float) -> str:
    """A share as people write it: rounded, but never to 0 or 100 unless it is that."""
    rounded = round(100 * share, 1)
    if 0 < share < 0.001:
        return "under 0.1 %"
    return "over 99.9 %" if 0.999 < share < 1 else f"{rounded:g} %"
