"""The evidence of stability as it is written."""

from collections.abc import Mapping

from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.section import Section


class Shift(Section):
    """How far a distribution has moved from the reference to the holdout.

    Attributes:
        index: The population stability index.
        by_chance: What it is on average where nothing moved.
        beyond: The index minus that, with its interval.
        bins: Bins of the reference.
        weight: The feature's share of what sways the score; None for the score.
        q_value: The false discovery rate at which the feature counts as moved (Benjamini, Hochberg 1995); for the
            score the p-value.
    """

    index: float
    by_chance: float
    beyond: Figure
    bins: int
    weight: float | None = None
    q_value: float


class Period(Section):
    """Months with 100 events and others together; of two halves, where there is only one such period, with 50.

    Attributes:
        since: The first month, such as 2024-03.
        until: The last one.
        rows: How many.
        events: How many of them with the event.
        roc_auc: The area under the ROC curve.
        observed_to_expected: Events over the sum of probabilities.
    """

    since: str
    until: str
    rows: int
    events: int
    roc_auc: Figure
    observed_to_expected: Figure


class Trends(Section):
    """How figures change over the holdout.

    Attributes:
        periods: The periods, from the earliest.
        years: How long it is from the middle of the first to that of the last.
        roc_auc: The change of the area under the ROC curve in that time.
        log_observed_to_expected: The change of the logarithm of observed over expected in that time.
    """

    periods: tuple[Period, ...]
    years: float
    roc_auc: Figure
    log_observed_to_expected: Figure


class Stability(Section):
    """Whether rows and performance stay what they were.

    Attributes:
        method: How the rows were parted; None where that is not known.
        timed: Whether there is a time column.
        overlap: The share of the holdout whose day is not after the last day of the other parts; None where there is no
            time column, or those days are not known.
        dates: Columns with days that may be those of the decisions, and do not have the role time.
        score: The score, against the calibration part's.
        features: The features by name, against the fit part's.
        weighted: The mean of `beyond` over features by weight; its error is the largest that they can have together.
        weighed_on: The number of rows that weights were measured on.
        trends: The figures by period, or why there are none.
    """

    method: str | None
    timed: bool
    overlap: float | None = None
    dates: tuple[str, ...] = ()
    score: Shift
    features: Mapping[str, Shift]
    weighted: Figure
    weighed_on: int
    trends: Trends | NotAssessed
