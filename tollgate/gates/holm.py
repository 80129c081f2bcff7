"""Holm's correction: many questions at once, and one error rate over all of them."""

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> list[float]:
    """The p-values of Holm (1979, Scandinavian Journal of Statistics 6, 65-70), in the order given.

    What is at most alpha may be called found with a family-wise error rate of alpha, however the questions depend on
    each other.
    """
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    found, largest = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[at]))
        found[at] = largest
    return found
