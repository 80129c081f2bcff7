"""Score bands: how often the event happened in each, and whether the bands order the risk."""

import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.rates import newcombe
from tollgate.evaluation.spans import plain, spans
from tollgate.evaluation.subset import cells
from tollgate.evaluation.written.bands import Bands, Break, Scale
from tollgate.evaluation.written.cell import Cell
from tollgate.training.points import DOUBLING, points

BANDS = 10
FEWEST_EDGES = 4
TAIL = 0.01
PROBABILITY = ("below {}", "{} to below {}", "{} and more")


def score_bands(exam: Exam) -> Bands:
    """Bands by probability, at edges that were fixed before the holdout was scored, and by points of a scorecard."""
    probability = exam.scored.scores.probability
    edges = np.array(json.loads(exam.challenger.files["reference.json"])["score"]["edges"])
    cut_by = "deciles of the calibration part, rounded"
    if len(edges) < FEWEST_EDGES:
        edges = _edges(probability, np.linspace(0, 1, BANDS + 1)[1:-1])
        cut_by = "deciles of the holdout, rounded"
    by_probability = _scale(
        exam, probability, edges, spans([plain(edge) for edge in edges], *PROBABILITY), cut_by
    )
    if "scorecard" not in exam.facts.get("training", {}):
        return Bands(probability=by_probability)
    return Bands(probability=by_probability, points=_by_points(exam))


def _by_points(exam: Exam) -> Scale:
    """A band for each doubling of the odds; what lies beyond the outer hundredths is in the outer bands."""
    scored = points(exam.scored.scores.margin)
    low, high = np.quantile(scored, [TAIL, 1 - TAIL])
    edges = DOUBLING * np.arange(np.ceil(low / DOUBLING), np.floor(high / DOUBLING) + 1)[::-1]
    names = spans([plain(edge) for edge in edges], "above {}", "above {1} to {0}", "to {}")
    return _scale(exam, -scored, -edges, names, f"each {DOUBLING:g} points")


def _scale(exam: Exam, risk: Floats, edges: Floats, names: Sequence[str], cut_by: str) -> Scale:
    found = cells(exam, np.searchsorted(edges, risk, side="right"), names)
    return Scale(cut_by=cut_by, bands=found, breaks=_breaks(found))


def _breaks(bands: Sequence[Cell]) -> tuple[Break, ...]:
    """Where a band has a lower rate than the one before; bands too small to tell are passed over."""
    told = [band for band in bands if band.rate.value is not None]
    found = []
    for lower, higher in pairwise(told):
        fall = difference(lower.rate, higher.rate)
        if fall.value is not None and fall.value > 0:
            sure = fall.low is not None and fall.low > 0
            found.append(Break(lower=lower.name, higher=higher.name, fall=fall, sure=sure))
    return tuple(found)


def difference(first: Figure, second: Figure) -> Figure:
    """The first share less the second, of different rows."""
    ends = (first.value, first.low, first.high, second.value, second.low, second.high)
    if any(end is None for end in ends):
        return Figure(value=None, low=None, high=None, reason=first.reason or second.reason)
    one, low, high, other, other_low, other_high = (float(end or 0.0) for end in ends)
    least, most = newcombe(one, (low, high), other, (other_low, other_high))
    return Figure(value=one - other, low=least, high=most)


def _edges(values: Floats, shares: Floats) -> Floats:
    return np.unique([float(f"{edge:.2g}") for edge in np.quantile(values, shares)])
