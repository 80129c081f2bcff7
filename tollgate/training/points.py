"""The points of a scorecard: a scale on which odds double at even steps."""

import numpy as np
from numpy.typing import NDArray

POINTS, ODDS, DOUBLING = 600.0, 50.0, 20.0  # 600 points at odds of 50 to 1, and 20 points double them
Floats = NDArray[np.float64]


def points(margin: Floats) -> Floats:
    """The points of rows by their margin, the log odds of the event: the higher, the lower the risk."""
    return np.asarray(POINTS - DOUBLING / np.log(2) * (np.log(ODDS) + margin))
