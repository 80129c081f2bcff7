"""The rows of one part of a split, as models take them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """Rows of one part.

    Attributes:
        rows: Shape (rows, features), as the contract encodes them.
        events: 1.0 where the event happened, shape (rows,).
        order: What sorts rows from the earliest to the latest, shape (rows,): the decision day, the row's number,
            or a hash. Rows that belong together (a day, a group) have the same.
    """

    rows: Floats
    events: Floats
    order: Floats

    def only(self, mask: Mask) -> Self:
        """Some of the rows."""
        return type(self)(self.rows[mask], self.events[mask], self.order[mask])

    def at(self, places: NDArray[np.intp]) -> Self:
        """The rows at some places, each as often as it stands there."""
        return type(self)(self.rows[places], self.events[places], self.order[places])

    def later(self, share: float) -> Mask:
        """The latest rows, as near to a share of all as can be; those of equal order stay together, shape (rows,).

        None where all rows have the same order.
        """
        steps, rows = np.unique(self.order, return_counts=True)
        beyond = 1 - np.cumsum(rows)[:-1] / len(self.order)
        return self.order > (steps[np.abs(beyond - share).argmin()] if len(beyond) else np.inf)
