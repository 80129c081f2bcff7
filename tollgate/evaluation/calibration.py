"""The measurement `calibration`: are the probabilities those with which the event happens?"""

from statistics import NormalDist

import numpy as np

from tollgate.evaluation.binned import Binned, binned, design_effect, distance, hosmer_lemeshow
from tollgate.evaluation.bootstrap import LEVEL
from tollgate.evaluation.calibration_section import Bin, ByBins, Calibration, CalibrationError
from tollgate.evaluation.consistency import calibration_error, of_groups_under_the_null, under_the_null
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import ONE_GROUP, widened_error, worth
from tollgate.evaluation.figure import FEW, Figure
from tollgate.evaluation.level_error import level_errors
from tollgate.evaluation.recalibration import recalibrate
from tollgate.evaluation.sampling_error import Floats, ratio

Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
FARTHEST = 20.0  # of an end from the value, in logarithms: an interval beyond says nothing
NO_EVENTS = "no event happened, or none was expected"
NO_LINE = "outcomes or probabilities of these rows leave no line through the log odds"


def measure_calibration(exam: Exam) -> Calibration:
    """Calibration in the large, its slope, by bins, and the expected calibration error."""
    event, probability = exam.event, exam.scored.scores.probability
    whole, errors = _observed_to_expected(exam)
    intercept, slope = _line(exam)
    bins = binned(event, probability)
    return Calibration(
        observed_to_expected=whole,
        log_errors=errors,
        slope=slope,
        intercept=intercept,
        by_bins=_by_bins(exam, bins),
        expected_error=_expected_error(exam, bins),
    )


def log_ratio(value: float, error: float) -> Figure:
    """A ratio with an interval that is symmetric in its logarithm; `error` is the logarithm's."""
    if not Z * error < FARTHEST:
        return Figure(value=value, low=None, high=None, reason=FEW)
    reach = float(np.exp(Z * error))
    return Figure(value=value, low=value / reach, high=value * reach)


def _observed_to_expected(exam: Exam) -> tuple[Figure, dict[str, float]]:
    expected = exam.scored.scores.probability
    value, influence = ratio(exam.event, expected)
    if value <= 0:
        return Figure(value=None, low=None, high=None, reason=NO_EVENTS), {}
    errors = level_errors(influence / value, exam.groups, exam.months, expected)
    return log_ratio(value, max(errors.values())), {
        of: error for of, error in errors.items() if np.isfinite(error)
    }


def _line(exam: Exam) -> tuple[Figure, Figure]:
    found = recalibrate(exam.event, exam.scored.scores.probability)
    if found is None:
        lacking = Figure(value=None, low=None, high=None, reason=NO_LINE)
        return lacking, lacking
    line, influence = found
    errors = [widened_error(influence[:, at], exam.groups) for at in (0, 1)]
    intercept, slope = (float(value) for value in line)
    return Figure.normal(intercept, errors[0]), Figure.normal(slope, errors[1])


def _by_bins(exam: Exam, bins: Binned) -> ByBins:
    from scipy.stats import chi2

    known = design_effect(exam.event, exam.scored.scores.probability, bins, exam.groups)
    effect = 1.0 if known is None else known
    statistic, degrees = hosmer_lemeshow(bins) / effect, len(bins.rows)
    found, low, high = distance(bins, effect)
    apart = np.abs(bins.events - bins.expected) / np.sqrt(bins.variance * effect)
    return ByBins(
        bins=tuple(_bin(*of) for of in zip(bins.rows, bins.events, bins.expected, strict=True)),
        log_odds_error=_unless(known is None, Figure(value=found, low=low, high=high)),
        statistic=statistic,
        degrees=degrees,
        p_value=float(chi2.sf(statistic, degrees)),
        largest=float(apart.max()),
        design_effect=known,
    )


def _bin(rows: float, events: float, expected: float) -> Bin:
    share, wide = events / rows, Z**2 / rows
    middle = (share + wide / 2) / (1 + wide)
    reach = Z * float(np.sqrt(share * (1 - share) / rows + wide / (4 * rows))) / (1 + wide)
    observed = Figure(value=share, low=max(0.0, middle - reach), high=min(1.0, middle + reach))
    return Bin(rows=int(rows), expected=float(expected / rows), observed=observed)


def _expected_error(exam: Exam, bins: Binned) -> CalibrationError:
    """By the triangle inequality the true error is no further off than what chance alone makes of none."""
    error = calibration_error(bins)
    probability, seed = exam.scored.scores.probability, exam.section.seed
    nulls = [under_the_null(bins, probability, seed)]
    if exam.groups is not None:
        nulls.append(of_groups_under_the_null(bins, exam.event - probability, exam.groups, seed))
    null = max(nulls, key=_seldom)
    seldom = _seldom(null)
    unknown = exam.groups is not None and worth(exam.groups) is None
    return CalibrationError(
        error=_unless(unknown, Figure(value=error, low=max(0.0, error - seldom), high=error + seldom)),
        by_chance=float(null.mean()),
        seldom=seldom,
        simulations=len(null),
    )


def _seldom(null: Floats) -> float:
    """What the error exceeds in 2.5 % of the simulations."""
    return float(np.quantile(null, (1 + LEVEL) / 2))


def _unless(unknown: bool, figure: Figure) -> Figure:
    """The figure; without its interval where nearly all rows are of one group."""
    return Figure(value=figure.value, low=None, high=None, reason=ONE_GROUP) if unknown else figure
