"""The measurement `slices`: is the model as good for each group of rows as for the others?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.delong import auc
from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.grouping import Segments, segments
from tollgate.evaluation.level_error import level_errors
from tollgate.evaluation.sampling_error import Codes, Floats, ratio, widened_error
from tollgate.evaluation.slices_section import Gap, Slice, SlicedColumn, Slices

MOST_ROWS = 200_000
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class _Rows:
    """Rows in the order of their margin: then those of a group are in order as well, and need no sorting."""

    event: Floats
    margin: Floats
    probability: Floats
    groups: Codes | None
    months: Codes | None


def measure_slices(exam: Exam) -> Slices:
    """Each group of each column that has groups, against all other rows."""
    chosen = _chosen(exam)
    scores = exam.scored.scores
    rows = _Rows(
        exam.event[chosen],
        scores.margin[chosen],
        scores.probability[chosen],
        None if exam.groups is None else exam.groups[chosen],
        None if exam.months is None else exam.months[chosen],
    )
    found = segments(exam.table, exam.challenger.contract)
    return Slices(rows=len(chosen), columns={one.column: _column(one, rows, chosen) for one in found})


def _chosen(exam: Exam) -> Codes:
    """The rows by margin; of very many a seeded sample."""
    if len(exam.event) <= MOST_ROWS:
        return exam.scored.order
    generator = np.random.default_rng(exam.section.seed)
    kept = np.zeros(len(exam.event), dtype=bool)
    kept[generator.choice(len(exam.event), MOST_ROWS, replace=False)] = True
    return exam.scored.order[kept[exam.scored.order]]


def _column(found: Segments, rows: _Rows, chosen: Codes) -> SlicedColumn:
    place = found.place[chosen]
    slices = [_slice(name, rows, place == at) for at, name in enumerate(found.names)]
    small = [at for at, one in enumerate(slices) if one.fewer < FEWEST_OF_A_CLASS]
    together = None
    if 1 < len(small) < len(slices):
        together = _slice(", ".join(found.names[at] for at in small), rows, np.isin(place, small))
    return SlicedColumn(kind=found.kind, slices=tuple(slices), small=together)


def _slice(name: str, rows: _Rows, inside: Mask) -> Slice:
    return Slice(
        name=name,
        rows=int(inside.sum()),
        events=int(rows.event[inside].sum()),
        auc=_auc_gap(rows, inside),
        level=_level_gap(rows, inside),
    )


def _auc_gap(rows: _Rows, inside: Mask) -> Gap:
    for side, words in ((inside, "the group"), (~inside, "the rest")):
        if len(np.unique(rows.event[side])) < 2:
            return _none(f"{words} has no two outcomes")
    of_group, of_rest = (auc(rows.event[side], rows.margin[side]) for side in (inside, ~inside))
    influence = _apart(inside, of_group[1], of_rest[1])
    return _gap(of_rest[0] - of_group[0], widened_error(influence, rows.groups))


def _level_gap(rows: _Rows, inside: Mask) -> Gap:
    for side, words in ((inside, "the group"), (~inside, "the rest")):
        if not rows.event[side].any():
            return _none(f"{words} has no event")
    of_group, of_rest = (ratio(rows.event[side], rows.probability[side]) for side in (inside, ~inside))
    influence = _apart(inside, of_group[1] / of_group[0], of_rest[1] / of_rest[0])
    errors = level_errors(influence, rows.groups, rows.months)
    return _gap(float(np.log(of_group[0] / of_rest[0])), max(errors.values()))


def _apart(inside: Mask, of_group: Floats, of_rest: Floats) -> Floats:
    """The influences of all rows on a figure of the group minus the same figure of the rest."""
    influence = np.empty(len(inside))
    influence[inside] = of_group * (len(inside) / len(of_group))
    influence[~inside] = -of_rest * (len(inside) / len(of_rest))
    return influence


def _gap(value: float, error: float) -> Gap:
    return Gap(figure=Figure.normal(value, error), error=error)


def _none(reason: str) -> Gap:
    return Gap(figure=Figure(value=None, low=None, high=None, reason=reason))
