"""The evidence of calibration as it is written."""

from collections.abc import Mapping

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Bin(Section):
    """Rows of like probability.

    Attributes:
        rows: How many.
        expected: Their mean probability.
        observed: The share of events, with the interval of Wilson (1927).
    """

    rows: int
    expected: float
    observed: Figure


class ByBins(Section):
    """Ten bins of equal count.

    Attributes:
        bins: From the lowest probability to the highest.
        log_odds_error: How far the bins are off, beyond chance: about the root mean square distance in log odds.
        statistic: Hosmer's and Lemeshow's, divided by the design effect where there is one.
        degrees: Its degrees of freedom.
        p_value: How likely a larger one is if all probabilities are right; for information.
        largest: The largest distance of a bin in its standard errors.
        design_effect: How much more the bins vary as rows come in groups; None where nearly all rows are of one.
    """

    bins: tuple[Bin, ...]
    log_odds_error: Figure
    statistic: float
    degrees: int
    p_value: float
    largest: float
    design_effect: float | None


class CalibrationError(Section):
    """The expected calibration error over the same bins.

    Attributes:
        error: It, with what bounds the true one; it is never below 0, so on few rows it is large by chance alone.
        by_chance: Its mean if all probabilities were right.
        seldom: What it then exceeds in 2.5 % of cases.
        simulations: How often that was simulated.
    """

    error: Figure
    by_chance: float
    seldom: float
    simulations: int


class Calibration(Section):
    """Probabilities beside what happened.

    Attributes:
        observed_to_expected: Events over the sum of probabilities; its interval is symmetric in the logarithm.
        log_errors: The errors of its logarithm by what is drawn, rows or months, widened where these are few. The
            larger one is used.
        slope: Cox's recalibration slope; below 1 the probabilities are too extreme.
        intercept: The intercept that goes with it.
        by_bins: In bins of equal count.
        expected_error: The expected calibration error beside its simulated null.
    """

    observed_to_expected: Figure
    log_errors: Mapping[str, float] = {}
    slope: Figure
    intercept: Figure
    by_bins: ByBins
    expected_error: CalibrationError
