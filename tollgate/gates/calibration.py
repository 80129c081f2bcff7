"""The gate `calibration`: do events happen as often as the probabilities say?"""

import math
from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.calibration_section import ByBins, Calibration
from tollgate.evaluation.evidence import Evidence, Holdout
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.gates.finding import Finding, Harm, lacking, usable
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.judged import judged, unmeasured

NAME = "calibration"
FLAT = 1e-6  # a slope below this counts as none


class CalibrationGate(Gate):
    """Four ways in which probabilities can be off, each with its limit."""

    question: ClassVar[str] = (
        "Do events happen as often as the probabilities say: in the large, in slope, bin by bin, and on average?"
    )
    blind: ClassVar[str] = (
        "Rows whose outcome nobody knows, a base rate that changes after the holdout, and groups whose errors cancel "
        "out within a bin."
    )
    source: ClassVar[str] = (
        "The recalibration line of Cox 1958 with the sandwich of Huber 1967; observed/expected by the delta method, "
        "on its logarithm; the statistic of Hosmer, Lemeshow 1980 with the noncentrality of Nattino, Pennell, "
        "Lemeshow 2020; the expected error by consistency resampling (Broecker, Smith 2007)."
    )

    observed_to_expected: Annotated[
        float,
        Field(
            gt=1,
            le=2,
            description="By what factor events may be more, or fewer, than the sum of the probabilities.",
        ),
        HIGHER,
    ] = 1.7
    slope: Annotated[
        float,
        Field(gt=1, le=2.5, description="By what factor the recalibration slope may be above, or below, 1."),
        HIGHER,
    ] = 2.0
    log_odds_error: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            description="How far bins of equal count may be off, as root mean square distance in log odds.",
        ),
        HIGHER,
    ] = 0.6
    expected_error: Annotated[
        float,
        Field(gt=0, le=0.2, description="The most that the expected calibration error may be."),
        HIGHER,
    ] = 0.08
    expected_error_share: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            description="The most that the expected calibration error may be as a share of the rate of events, or of "
            "the others where these are rarer. The smaller one of both limits holds.",
        ),
        HIGHER,
    ] = 0.7  # what probabilities have that are 1.7 times too high all over, the limit of observed_to_expected

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding for each of the four."""
        found = evidence.calibration
        if isinstance(found, NotAssessed):
            return [lacking(NAME, "calibration", found.not_assessed)]
        return [
            self._in_the_large(evidence, found.observed_to_expected),
            self._slope(evidence, found.slope),
            self._bins(evidence, found.by_bins),
            self._expected_error(evidence, found),
        ]

    def _in_the_large(self, evidence: Evidence, figure: Figure) -> Finding:
        subject, factor = "observed_to_expected", self.observed_to_expected
        if not usable(figure.estimate) or min(figure.low or 0, figure.value or 0) <= 0:
            return unmeasured(NAME, subject, evidence, f"observed/expected has no interval: {figure.reason}")
        limit = math.log(factor)
        harm = Harm(low=math.log(figure.low or 0), high=math.log(figure.high or 0), limit=limit, floor=-limit)
        message = f"events are {_words(figure)} times as many as expected; allowed is {1 / factor:.2f} to {factor:g}"
        return judged(NAME, subject, evidence, harm, message, figure.as_json())

    def _slope(self, evidence: Evidence, figure: Figure) -> Finding:
        if not usable(figure.estimate):
            return unmeasured(
                NAME, "slope", evidence, f"the recalibration slope has no interval: {figure.reason}"
            )
        low, high = (math.log(max(end or 0, FLAT)) for end in (figure.low, figure.high))
        harm = Harm(low=low, high=high, limit=math.log(self.slope), floor=-math.log(self.slope))
        message = (
            f"the recalibration slope is {_words(figure)}; "
            f"allowed is {1 / self.slope:.2f} to {self.slope:g}; below 1 the probabilities are too extreme"
        )
        return judged(NAME, "slope", evidence, harm, message, figure.as_json())

    def _bins(self, evidence: Evidence, found: ByBins) -> Finding:
        figure = found.log_odds_error
        if not usable(figure.estimate):
            return unmeasured(NAME, "bins", evidence, f"the bins have no interval: {figure.reason}")
        harm = Harm(low=figure.low or 0, high=figure.high or 0, limit=self.log_odds_error)
        message = (
            f"{len(found.bins)} bins of equal count are off by {_words(figure)} in log odds, root mean square; allowed "
            f"is {self.log_odds_error:g}. The worst one is off by {found.largest:.1f} standard errors; chance alone "
            f"does as much in all with p {found.p_value:.3f} (Hosmer and Lemeshow)"
        )
        figures = {
            **figure.as_json(),
            "statistic": found.statistic,
            "degrees": found.degrees,
            "p_value": found.p_value,
        }
        return judged(NAME, "bins", evidence, harm, message, figures)

    def _expected_error(self, evidence: Evidence, found: Calibration) -> Finding:
        error = found.expected_error
        figure = error.error
        if not usable(figure.estimate):
            return unmeasured(
                NAME, "expected_error", evidence, f"the calibration error has no interval: {figure.reason}"
            )
        limit, of = self._most_error(evidence.holdout)
        harm = Harm(low=figure.low or 0, high=figure.high or 0, limit=limit)
        message = (
            f"the expected calibration error is {figure.value:.4f}, at most {figure.high:.4f}; allowed is "
            f"{limit:.4g}{of}. By chance alone it would be {error.by_chance:.4f}, and above {error.seldom:.4f} in 1 "
            "of 40 cases"
        )
        return judged(NAME, "expected_error", evidence, harm, message, error.as_json())

    def _most_error(self, holdout: Holdout) -> tuple[float, str]:
        """The smaller limit of the expected error, and in words what it is of; nothing where it is of no rate."""
        rarer = min(holdout.events, holdout.rows - holdout.events) / max(holdout.rows, 1)
        by_rate = self.expected_error_share * rarer
        if by_rate >= self.expected_error:
            return self.expected_error, ""
        return by_rate, f", {self.expected_error_share:g} of the rate of the rarer outcome"


def _words(figure: Figure) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
