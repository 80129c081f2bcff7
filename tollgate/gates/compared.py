"""The rate of a group against that of another, from levels that were measured together."""

import math

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.joint import Joint


def log_ratio(rates: Joint, group: int, reference: int) -> Figure | None:
    """The logarithm of a group's rate over the reference's, by the delta method; None where one is 0 or not defined.

    For groups of different rows, each drawn alone, the variance is (1 - p) / (n p) of the one plus that of the other
    (Katz, Baptista, Azen, Pike 1978, Biometrics 34, 469-474).
    """
    of_group, of_reference = rates.values[group], rates.values[reference]
    if not of_group or not of_reference:
        return None
    gradient = _gradient(rates, group, 1 / of_group, reference, -1 / of_reference)
    return rates.figure(math.log(of_group / of_reference), gradient)


def shortfall(rates: Joint, group: int, reference: int) -> Figure | None:
    """How much lower a group's rate is than the reference's; None where one is not defined."""
    of_group, of_reference = rates.values[group], rates.values[reference]
    if of_group is None or of_reference is None:
        return None
    gradient = _gradient(rates, group, -1.0, reference, 1.0)
    return rates.figure(of_reference - of_group, gradient)


def _gradient(rates: Joint, group: int, by_group: float, reference: int, by_reference: float) -> list[float]:
    found = [0.0] * len(rates.values)
    found[group], found[reference] = by_group, by_reference
    return found
