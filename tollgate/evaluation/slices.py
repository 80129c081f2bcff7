"""The measurement `slices`: is the model as good for each group of rows as for the others?"""

from dataclasses import dataclass

import numpy as np

from tollgate.evaluation.delong import auc
from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import Mask, several, spread
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.grouping import Segments, segments
from tollgate.evaluation.implied import implied_auc
from tollgate.evaluation.sampling_error import Codes, Floats, of_rows, ratio
from tollgate.evaluation.slices_section import Areas, Gap, Slice, SlicedColumn, Slices

MOST_ROWS = 200_000


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
        of_rows(exam.groups, chosen),
        several(of_rows(exam.months, chosen)),
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
    areas, gap = _auc_gap(rows, inside)
    return Slice(
        name=name,
        rows=int(inside.sum()),
        events=int(rows.event[inside].sum()),
        areas=areas,
        auc=gap,
        level=_level_gap(rows, inside),
    )


def _auc_gap(rows: _Rows, inside: Mask) -> tuple[Areas | None, Gap]:
    """What the AUC of the group lacks of what its probabilities imply, beyond what the others lack.

    Two AUCs themselves cannot be held against each other: rows that are alike in what the model goes by are hard to
    order, and a group may be of such rows. The error is that of the two AUCs. What probabilities imply moves with the
    rows as the AUC does, so that the difference of the two errs less: the interval is rather too wide.
    """
    for side, words in ((inside, "the group"), (~inside, "the rest")):
        if len(np.unique(rows.event[side])) < 2:
            return None, _none(f"{words} has no two outcomes")
    of_group, of_rest = (auc(rows.event[side], rows.margin[side]) for side in (inside, ~inside))
    implied = [implied_auc(rows.probability[side], rows.margin[side]) for side in (inside, ~inside)]
    lacking = (implied[0] - of_group[0]) - (implied[1] - of_rest[0])
    influence = _apart(inside, of_group[1], of_rest[1])
    return Areas(auc=of_group[0], implied=implied[0]), _gap(lacking, influence, inside, rows.groups)


def _level_gap(rows: _Rows, inside: Mask) -> Gap:
    for side, words in ((inside, "the group"), (~inside, "the rest")):
        if not rows.event[side].any():
            return _none(f"{words} has no event")
    of_group, of_rest = (ratio(rows.event[side], rows.probability[side]) for side in (inside, ~inside))
    influence = _apart(inside, of_group[1] / of_group[0], of_rest[1] / of_rest[0])
    value = float(np.log(of_group[0] / of_rest[0]))
    return _gap(value, influence, inside, rows.groups, rows.months)


def _apart(inside: Mask, of_group: Floats, of_rest: Floats) -> Floats:
    """The influences of all rows on a figure of the group minus the same figure of the rest."""
    influence = np.empty(len(inside))
    influence[inside] = of_group * (len(inside) / len(of_group))
    influence[~inside] = -of_rest * (len(inside) / len(of_rest))
    return influence


def _gap(
    value: float, influence: Floats, inside: Mask, groups: Codes | None, months: Codes | None = None
) -> Gap:
    """A figure with its interval, and with the error and degrees of freedom that the interval has."""
    found = spread(influence, (inside, ~inside), groups, months)
    if isinstance(found, str):
        return Gap(figure=Figure(value=value, low=None, high=None, reason=found))
    return Gap(figure=Figure.normal(value, found.widened), error=found.error, degrees=_whole(found.degrees))


def _whole(degrees: float | None) -> int | None:
    """The nearest whole degrees of freedom, for p-values: Student's t of whole ones is a finite sum."""
    return None if degrees is None else round(degrees)


def _none(reason: str) -> Gap:
    return Gap(figure=Figure(value=None, low=None, high=None, reason=reason))
