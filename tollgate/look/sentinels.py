"""Numbers that stand for a missing value, such as -1, 999 and -9999, apart from all others."""

import numpy as np

from tollgate.look.column import Look

NEGATIVE = frozenset({-1, -7, -8, -9, -77, -88, -99, -777, -888, -999, -9999, -99999, -999999})
POSITIVE = frozenset({99, 999, 9999, 99999, 999999, 9999999, 99999999})
FEWEST_ROWS = 3
FEWEST_OTHERS = 6
APART = 0.5


def sentinels(look: Look) -> list[int]:
    """The numbers that look like sentinels, smallest first.

    Negative ones stand among numbers that are never negative; a positive one is more than twice any other.
    """
    numbers, counts = look.numbers, look.counts
    told = ~np.isnan(numbers)
    numbers, counts = numbers[told], counts[told]
    found = _negative(numbers) + _positive(numbers)
    often = [int(value) for value in found if counts[numbers == value].sum() >= FEWEST_ROWS]
    return sorted(often) if len(numbers) - len(often) >= FEWEST_OTHERS else []


def _negative(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    below = [float(value) for value in np.unique(numbers[numbers < 0])]
    return below if all(value in NEGATIVE for value in below) else []


def _positive(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    different = np.unique(numbers)
    if len(different) < 2 or different[-1] not in POSITIVE:
        return []
    return [float(different[-1])] if different[-2] < APART * different[-1] else []
