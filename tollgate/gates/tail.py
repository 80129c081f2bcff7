"""How likely chance alone says as much as a figure in standard errors."""

import math
from statistics import NormalDist

MANY = 1000  # degrees of freedom from which on Student's t is taken for normal


def above(errors: float, degrees: int | None) -> float:
    """The probability that Student's t is above a value; of the normal distribution without degrees of freedom.

    For whole degrees of freedom it is a finite sum (Abramowitz, Stegun 1964, 26.7.3 and 26.7.4), so that gates need no
    library for it.

    Args:
        errors: The value: a figure divided by its standard error.
        degrees: The degrees of freedom; None where there are very many.
    """
    if degrees is None or degrees > MANY:
        return 1 - NormalDist().cdf(errors)
    angle, odd = math.atan(errors / math.sqrt(degrees)), degrees % 2
    cosine = math.cos(angle)
    term = cosine if odd else 1.0
    total = term if degrees > 1 else 0.0
    for power in range(2 + odd, degrees, 2):
        term *= (power - 1) / power * cosine**2
        total += term
    within = 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    return (1 - within) / 2
