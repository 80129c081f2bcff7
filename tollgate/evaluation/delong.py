"""The area under the ROC curve with each row's influence on it: DeLong's standard error, also of rows in clusters."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def auc(event: Floats, margin: Floats) -> tuple[float, Floats]:
    """The area under the ROC curve, and what each row adds to its error.

    The structural components of DeLong, DeLong, Clarke-Pearson (1988), with the mid-ranks of Sun, Xu (2014): ties
    count half. The variance of the area, and of a difference of two areas on the same rows, is what
    `sampling_error.standard_error` gives of (the difference of) the influences.

    Args:
        event: 1.0 where the event happened, else 0.0; shape (rows,). Both must be there.
        margin: What orders the rows; shape (rows,).

    Returns:
        The area, and the influences, shape (rows,): each row's part of `rows * (estimate - truth)`, mean 0.
    """
    positive = event == 1
    events, others = int(positive.sum()), int((~positive).sum())
    order = np.argsort(margin, kind="stable")
    ordered = margin[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    side = positive[order]
    positives = np.add.reduceat(side.astype(np.float64), starts)
    negatives = sizes - positives
    below_negatives = (
        np.cumsum(negatives) - negatives / 2
    )  # of each group: others with a lower margin, ties half
    above_positives = events - np.cumsum(positives) + positives / 2
    share = np.where(
        side, np.repeat(below_negatives, sizes) / others, np.repeat(above_positives, sizes) / events
    )
    placed = np.empty_like(share)
    placed[order] = share
    area = float(placed[positive].mean())
    rows = events + others
    return area, np.where(positive, (placed - area) * (rows / events), (placed - area) * (rows / others))
