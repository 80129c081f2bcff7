"""Shapley values by their definition: over every set of features."""

from collections.abc import Callable
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shapley(margin: Callable[[Floats], Floats], row: Floats, background: Floats) -> Floats:
    """What each feature adds, averaged over all orders of the features and over the background."""
    features = len(row)
    every = [
        frozenset(chosen) for size in range(features + 1) for chosen in combinations(range(features), size)
    ]
    taken = np.array([[feature in chosen for feature in range(features)] for chosen in every])
    mixed = np.where(taken[:, None, :], row, background)
    margins = margin(mixed.reshape(-1, features)).reshape(len(every), -1).mean(axis=1)
    worth = dict(zip(every, margins.tolist(), strict=True))
    found = np.zeros(features)
    for chosen, value in worth.items():
        for feature in set(range(features)) - chosen:
            weight = factorial(len(chosen)) * factorial(features - len(chosen) - 1) / factorial(features)
            found[feature] += weight * (worth[chosen | {feature}] - value)
    return found
