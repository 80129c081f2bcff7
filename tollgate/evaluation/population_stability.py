"""The population stability index beyond chance: how far a distribution has moved, with its error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tollgate.contract import Column
from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.sampling_error import Codes, Floats, standard_error


@dataclass(frozen=True)
class Moved:
    """How far rows have moved from a reference.

    Attributes:
        index: The population stability index.
        by_chance: What it is on average where nothing moved.
        error: The standard error of their difference.
        p_value: How likely an index as large is where nothing moved.
        bins: How many bins are not empty in both.
    """

    index: float
    by_chance: float
    error: float
    p_value: float
    bins: int


def places(profile: dict[str, Any], column: Column | None, values: Floats) -> tuple[Codes, Floats]:
    """The bin of each row by a profile of reference.json, and the rows of the reference in each bin.

    Missing values are a bin of their own, and so are categories that the contract does not name.

    Args:
        profile: The profile of a feature or of the score.
        column: The feature's column; None for the score.
        values: Encoded values, shape (rows,).
    """
    counts = list(profile["counts"])
    missing = np.isnan(values)
    if column is not None and column.coded:
        size = len(counts)
        counts += [profile["unseen"], profile["missing"]]
        code = np.where(missing, size + 1, np.minimum(np.where(missing, 0, values), size))
    else:
        edges = np.asarray(profile["edges"], dtype=np.float64)
        counts.append(profile["missing"])
        code = np.where(missing, len(edges) + 1, np.searchsorted(edges, values, side="right"))
    return code.astype(np.intp), np.asarray(counts, dtype=np.float64)


def moved(place: Codes, reference: Floats, groups: Codes | None = None) -> Moved:
    """How far rows have moved from a reference.

    The index is sum (q - p) ln(q / p) over bins. Where nothing moved, it is 1/n + 1/m times a chi-squared with bins - 1
    degrees of freedom (Yurdakul 2018; Yurdakul, Naranjo 2020, Journal of Risk Model Validation 14(4)); the error adds
    that variance to the one of the delta method, which alone vanishes there. Where a bin is empty on one side, half a
    row is added to every bin of both.

    Args:
        place: The bin of each row, shape (rows,).
        reference: The rows of the reference in each bin.
        groups: Which rows belong together; None where each is alone.
    """
    found = np.bincount(place, minlength=len(reference)).astype(np.float64)
    kept = (found + reference) > 0
    new_of_old = np.cumsum(kept) - 1
    found, reference, place = found[kept], reference[kept], new_of_old[place]
    half = 0.5 if ((found == 0) | (reference == 0)).any() else 0.0
    rows, of_reference = found.sum(), reference.sum()
    if len(found) < 2 or min(rows, of_reference) == 0:
        return Moved(0.0, 0.0, 0.0, 1.0, len(found))
    now = (found + half) / (found + half).sum()
    then = (reference + half) / (reference + half).sum()
    apart = np.log(now / then)
    index = float(((now - then) * apart).sum())
    of_old, least = (len(found) - 1) / of_reference, (len(found) - 1) / rows
    noise, widened = (_noise(place, now, groups, error) for error in (standard_error, widened_error))
    by_chance = of_old + (max(least, noise) if np.isfinite(noise) else least)
    at_most = of_old + max(least, widened)
    steep, back = apart + 1 - then / now, 1 - apart - now / then
    of_rows = widened_error((steep - now @ steep)[place], groups)
    of_then = float(then @ np.square(back - then @ back)) / of_reference
    of_chance = 2 * at_most**2 / (len(found) - 1)
    return Moved(
        index,
        by_chance,
        float(np.sqrt(of_rows**2 + of_then + of_chance)),
        _tail(index / by_chance * (len(found) - 1), len(found) - 1),
        len(found),
    )


def _noise(place: Codes, now: Floats, groups: Codes | None, error: Callable[[Floats, Codes], float]) -> float:
    """The part of the index that comes of drawing the groups of rows; 0 where each row is drawn alone."""
    if groups is None:
        return 0.0
    errors = [error((place == at) - share, groups) for at, share in enumerate(now)]
    return float((np.square(errors) / now).sum())


def _tail(statistic: float, degrees: int) -> float:
    from scipy.stats import chi2

    return float(chi2.sf(statistic, degrees))
