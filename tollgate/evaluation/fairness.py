"""The measurement `fairness`: what the decisions do to protected groups."""

import numpy as np

from tollgate.evaluation.calibration import log_ratio
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.fairness_section import FairGroup, Fairness, Protected
from tollgate.evaluation.few_clusters import Mask, several, spread
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.grouping import Segments, segments
from tollgate.evaluation.joint import Joint, joint
from tollgate.evaluation.proxies import sample, told
from tollgate.evaluation.sampling_error import Codes, Floats, of_rows, ratio

NO_EVENT = Figure(value=None, low=None, high=None, reason="no event happened in the group")


def measure_fairness(exam: Exam) -> Fairness:
    """Approval by group of each protected column, how it goes with outcomes, and how well features tell the group."""
    found = [one for one in segments(exam.table, exam.challenger.contract) if one.kind == "protected"]
    drawn = sample(len(exam.event), exam.section.seed)
    return Fairness(columns={one.column: _protected(exam, one, drawn) for one in found}, told_on=len(drawn))


def _protected(exam: Exam, found: Segments, drawn: Codes) -> Protected:
    everyone = np.ones(len(exam.event))
    of = told(exam.encoded[drawn], found.place[drawn], len(found.names), exam.section.seed)
    groups = [
        FairGroup(
            name=name,
            rows=int((found.place == at).sum()),
            events=int(exam.event[found.place == at].sum()),
            level=_level(exam, found.place == at),
            told=of[at],
        )
        for at, name in enumerate(found.names)
    ]
    return Protected(
        groups=tuple(groups),
        approval=_rates(exam, found, everyone),
        opportunity=_rates(exam, found, 1 - exam.event),
    )


def _rates(exam: Exam, found: Segments, among: Floats) -> Joint:
    """The share approved of each group, among some of its rows."""
    approved = 1 - exam.scored.declined
    values: list[float | None] = []
    influences, counted_in = [], []
    for at in range(len(found.names)):
        counted = among * (found.place == at)
        if counted.any():
            value, influence = ratio(approved * counted, counted)
        else:
            value, influence = None, np.zeros(len(among))
        values.append(value)
        influences.append(influence)
        counted_in.append(counted > 0)
    return joint(values, influences, exam.groups, exam.months, counted_in)


def _level(exam: Exam, rows: Mask) -> Figure:
    value, influence = ratio(exam.event[rows], exam.scored.scores.probability[rows])
    if value <= 0:
        return NO_EVENT
    groups, months = of_rows(exam.groups, rows), of_rows(several(exam.months), rows)
    found = spread(influence / value, [np.ones(len(influence), dtype=bool)], groups, months)
    if isinstance(found, str):
        return Figure(value=value, low=None, high=None, reason=found)
    return log_ratio(value, found.widened)
