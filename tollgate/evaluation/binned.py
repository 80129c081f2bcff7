"""Probabilities in bins of equal count beside what happened, and how far apart that is beyond chance."""

from dataclasses import dataclass

import numpy as np

from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.sampling_error import Codes, Floats, standard_error

BINS = 10
_TAIL = 0.025
_WALD_FROM = 1000.0  # a statistic so large is normal to all digits that are shown


@dataclass(frozen=True)
class Binned:
    """Rows by bins of their probability.

    Attributes:
        place: The bin of each row, from 0; shape (rows,).
        rows: Rows of each bin; shape (bins,).
        events: Events of each bin.
        expected: The sum of the probabilities of each bin.
    """

    place: Codes
    rows: Floats
    events: Floats
    expected: Floats

    @property
    def half_way(self) -> Floats:
        """The variance of the events of each bin at a rate half-way between what was said and what happened.

        Divided by it, the distance of the two is that of their log odds, to the second order.
        """
        rate = (self.events + self.expected) / (2 * self.rows)
        return np.asarray(self.rows * rate * (1 - rate))

    @property
    def variance(self) -> Floats:
        """The variance of the events of each bin if its mean probability were right, as Hosmer and Lemeshow take it."""
        return self.expected * (1 - self.expected / self.rows)


def binned(event: Floats, probability: Floats) -> Binned:
    """Rows in ten bins of equal count; equal probabilities are never parted, so there may be fewer."""
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, BINS + 1)[1:-1]))
    found = np.searchsorted(edges, probability, side="right")
    _, place = np.unique(found, return_inverse=True)
    place = place.astype(np.intp)
    rows, events, expected = (
        np.asarray(np.bincount(place, weights=of), dtype=np.float64)
        for of in (np.ones(len(event)), event, probability)
    )
    return Binned(place, rows, events, expected)


def hosmer_lemeshow(bins: Binned) -> float:
    """The statistic of Hosmer, Lemeshow (1980): chi-squared with as many degrees as bins, on rows of a holdout."""
    return float((np.square(bins.events - bins.expected) / bins.variance).sum())


def distance(bins: Binned, effect: float = 1.0) -> tuple[float, float, float]:
    """How far the bins are off beyond chance, as root mean square distance in log odds, with a 95 % interval.

    The distance is that of the noncentrality of a chi-squared statistic, so it does not grow with the rows.

    Where bins vary more than rows that come alone, the interval also holds that of rows alone; and as the effect is not
    known for sure, the upper end is that of no smaller a statistic than chance makes on average.

    Args:
        bins: The bins.
        effect: How much more they vary than rows that come alone.
    """
    statistic = float((np.square(bins.events - bins.expected) / bins.half_way).sum())
    degrees, scale = len(bins.rows), 1 / float(bins.half_way.sum())
    found = float(np.sqrt(max(0.0, statistic - effect * degrees) * scale))
    low, high = noncentrality(statistic, degrees)
    if effect > 1:
        low = min(low, effect * noncentrality(statistic / effect, degrees)[0])
        high = max(high, effect * noncentrality(max(statistic / effect, degrees), degrees)[1])
    return found, float(np.sqrt(low * scale)), max(float(np.sqrt(high * scale)), found)


def noncentrality(statistic: float, degrees: int) -> tuple[float, float]:
    """The two-sided 95 % interval of the noncentrality behind a chi-squared statistic.

    It is how far a model is from calibrated, whatever the number of rows (Nattino, Pennell, Lemeshow 2020, Biometrics
    76, 549-560): the ends are those under which the statistic would be in either tail.
    """
    if statistic > _WALD_FROM:
        middle, reach = statistic - degrees, 1.959963984540054 * np.sqrt(2 * (2 * statistic - degrees))
        return max(0.0, float(middle - reach)), float(middle + reach)
    return _bound(statistic, degrees, 1 - _TAIL), _bound(statistic, degrees, _TAIL)


def _bound(statistic: float, degrees: int, below: float) -> float:
    """The noncentrality under which so much lies below the statistic; 0 where none has so much."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    if chi2.cdf(statistic, degrees) <= below:
        return 0.0
    high = 4 * statistic + 100
    return float(brentq(lambda at: ncx2.cdf(statistic, degrees, at) - below, 1e-9, high))


def design_effect(event: Floats, probability: Floats, bins: Binned, clusters: Codes | None) -> float | None:
    """How much more the bins vary as rows come in groups (Rao, Scott 1981), on average; 1 at least.

    As widened where there are few groups; None where nearly all rows are of one.
    """
    if clusters is None:
        return 1.0
    effects = []
    for number in range(len(bins.rows)):
        off = np.where(bins.place == number, event - probability, 0.0)
        alone = standard_error(off)
        effects.append((widened_error(off, clusters) / alone) ** 2 if alone > 0 else 1.0)
    found = max(1.0, float(np.mean(effects)))
    return found if np.isfinite(found) else None
