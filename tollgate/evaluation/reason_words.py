"""Whether what a reason says of a value is true beside the background, worked out apart from what chose the words."""

from typing import NamedTuple

import numpy as np

from tollgate.contract.columns import Column
from tollgate.evaluation.metrics import Floats


class Words(NamedTuple):
    """What may be said of a feature.

    Attributes:
        column: Its rules.
        high: What is said of a high value, or of any category.
        low: What is said of a low one.
        missing: What is said of a missing one.
        lowest: The lowest value in the background; not a number where all are missing.
        highest: The highest.
    """

    column: Column
    high: str
    low: str
    missing: str
    lowest: float
    highest: float

    def contrary(self, text: str, value: float) -> bool:
        """Whether a text contradicts the value: its direction, or that it is missing.

        What counts against an applicant as high lies above some value of the background at least, and counts against
        nobody where the risk is declared to fall with the value; as low the other way round.
        """
        if value != value:
            return text != self.missing
        if self.column.coded:
            return text != self.high
        if self.high == self.low:
            return text != self.high
        if text == self.high:
            return self.column.monotone == "decreasing" or value <= self.lowest
        return text != self.low or self.column.monotone == "increasing" or value >= self.highest


def words_of(name: str, column: Column, background: Floats) -> Words:
    """What may be said of a feature.

    Args:
        name: Its name.
        column: Its rules.
        background: Its values in the background rows, shape (rows,).
    """
    texts, present = column.reason, background[~np.isnan(background)]
    high, low, missing = (texts.high, texts.low, texts.missing) if texts else (None, None, None)
    return Words(
        column,
        high or (name if column.coded else f"{name}: high"),
        low or f"{name}: low",
        missing or f"{name}: missing",
        float(present.min()) if len(present) else float("nan"),
        float(present.max()) if len(present) else float("nan"),
    )
