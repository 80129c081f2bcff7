"""The measurement `errors`: how often a decision is wrong, in either way, beside the champion's."""

import numpy as np

from tollgate.evaluation.cost_section import Errors, Paired
from tollgate.evaluation.exam import Exam, Rival
from tollgate.evaluation.joint import Joint, joint
from tollgate.evaluation.sampling_error import Floats


def measure_errors(exam: Exam) -> Errors:
    """The two errors of the challenger at its own threshold, and paired with the champion's."""
    event, approved = exam.event, 1 - exam.scored.declined
    shares = [event * approved, (1 - event) * (1 - approved), event]
    means = [float(share.mean()) for share in shares]
    influences = [share - mean for share, mean in zip(shares, means, strict=True)]
    alone = joint(means, influences, exam.groups, exam.months)
    return Errors(alone=alone, paired=None if exam.rival is None else _paired(exam, exam.rival))


def _paired(exam: Exam, rival: Rival) -> Paired:
    on, event = rival.on, rival.scored.event
    ours, theirs = 1 - exam.scored.declined[on], 1 - rival.scored.declined
    level, pull = _as_many(exam.scored.scores.probability[on], theirs)
    return Paired(
        rows=len(event),
        events=int(event.sum()),
        approved=(float(ours.mean()), float(theirs.mean())),
        own=_errors(exam, rival, ours, np.zeros(len(event)), theirs),
        equal=_errors(exam, rival, level, pull, theirs),
    )


def _errors(exam: Exam, rival: Rival, ours: Floats, pull: Floats, theirs: Floats) -> Joint:
    """The errors of both, where `pull` is each row's influence on those of ours through a threshold that moves."""
    event = rival.scored.event
    shares = [event * ours, (1 - event) * (1 - ours), event * theirs, (1 - event) * (1 - theirs)]
    means = [float(share.mean()) for share in shares]
    at = _at_threshold(exam.scored.scores.probability[rival.on], event, float(ours.mean()))
    moves = [at * pull, -(1 - at) * pull, 0 * pull, 0 * pull]
    influences = [share - mean + move for share, mean, move in zip(shares, means, moves, strict=True)]
    groups, months = (codes if codes is None else codes[rival.on] for codes in (exam.groups, exam.months))
    return joint(means, influences, groups, months)


def _as_many(probability: Floats, theirs: Floats) -> tuple[Floats, Floats]:
    """Which rows are approved, if as many are as the champion approves: those with the lowest probability.

    Of rows of equal probability at the threshold each is approved by the same share. The number of the champion's
    approvals and our rows below the threshold are both drawn, so the threshold moves with them.

    Returns:
        How far each row is approved, from 0 to 1, and its influence on the share that the threshold lets through.
    """
    wanted = float(theirs.sum())
    ordered = np.sort(probability)
    if wanted < 1:
        return np.zeros(len(theirs)), theirs
    threshold = ordered[int(wanted) - 1]
    below, equal = probability < threshold, probability == threshold
    approved = below + equal * ((wanted - below.sum()) / equal.sum())
    return approved, theirs - approved


def _at_threshold(probability: Floats, event: Floats, approved: float) -> float:
    """The share of events among the rows around a threshold: 2 sqrt(rows) of them on either side."""
    order = np.argsort(probability, kind="stable")
    middle, reach = round(approved * len(order)), int(np.ceil(2 * np.sqrt(len(order))))
    return float(event[order[max(0, middle - reach) : middle + reach]].mean())
