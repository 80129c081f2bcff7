"""The area under the ROC curve that probabilities themselves imply."""

import numpy as np

from tollgate.evaluation.sampling_error import Floats


def implied_auc(probability: Floats, margin: Floats) -> float:
    """The AUC to be expected on these rows if each has the event with its probability, and each alone.

    It is the weighted concordance of all pairs of rows, a pair weighing as much as it is likely that the one has the
    event and the other has not: sum of p_i (1 - p_j) [m_i > m_j] over sum of p_i (1 - p_j), ties half (the
    model-based concordance of van Klaveren, Gönen, Steyerberg, Vergouwe 2016, Statistics in Medicine 35, 4136-4152).
    Of rows that are much alike it is low, however good the model is. It takes one sort.

    Args:
        probability: Of the event; shape (rows,).
        margin: What orders the rows; shape (rows,).

    Returns:
        The area; a half where the probabilities leave no pair that could differ.
    """
    order = np.argsort(margin, kind="stable")
    ordered = margin[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    with_event = np.add.reduceat(probability[order], starts)
    without = np.add.reduceat(1 - probability[order], starts)
    itself = np.add.reduceat((probability * (1 - probability))[order], starts)
    below = np.cumsum(without) - without
    pairs = float(with_event.sum() * without.sum() - itself.sum())
    if pairs <= 0:
        return 0.5
    return float(with_event @ below + (with_event @ without - itself.sum()) / 2) / pairs
