"""One thing about the data that a person should look at."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that looks wrong, or that was decided for want of knowing better.

    Attributes:
        kind: What it is, in a word or two, such as "leak-like".
        column: The column, or None where it is about the rows or the file.
        message: What was seen, and what was done about it; never a person's value.
    """

    kind: str
    column: str | None
    message: str

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON values."""
        return {"kind": self.kind, "column": self.column, "message": self.message}
