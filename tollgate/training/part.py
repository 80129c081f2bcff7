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

    def later(self, share: float) -> Mask:
        """The latest rows, about a share of all; those of equal order stay together, shape (rows,)."""
        return self.order > np.quantile(self.order, 1 - share, method="inverted_cdf")
