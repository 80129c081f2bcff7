"""The swap set: whom a change from champion to challenger would let in, and whom it would turn away."""

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.bands import difference
from tollgate.evaluation.exam import Exam, Rival
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.subset import cells
from tollgate.evaluation.written.swap_set import Swap, SwapSet

BOTH, IN, OUT, NEITHER = "approved by both", "only by the challenger", "only by the champion", "by neither"
NAMES = (BOTH, IN, OUT, NEITHER)
Mask = NDArray[np.bool_]


def swap_set(exam: Exam) -> SwapSet | NotAssessed:
    """The swap set against the champion, on the rows that both are compared on."""
    rival = exam.rival
    if rival is None:
        return NotAssessed(not_assessed=exam.unrivalled)
    scores = exam.scored.scores
    approves = rival.scored.scores.approved
    own = scores.approved[rival.on]
    equal = _as_many(scores.probability[rival.on], rival.scored.event, approves)
    return SwapSet(
        rows=len(approves), own=_swap(exam, rival, own, approves), equal=_swap(exam, rival, equal, approves)
    )


def _as_many(probability: Floats, event: Floats, champion: Mask) -> Mask:
    """The rows of lowest probability, as many as the champion approves.

    Of rows of equal probability at the threshold the gate `cost` approves each by the same share. Here a row is
    approved or not: of each kind (event or none, approved by the champion or not) that share is, to the nearest row.
    """
    count = int(champion.sum())
    if count == 0:
        return np.zeros(len(probability), dtype=bool)
    threshold = np.partition(probability, count - 1)[count - 1]
    approved = probability < threshold
    tied = np.flatnonzero(probability == threshold)
    kinds = tied[np.lexsort((event[tied], champion[tied]))]
    passed = np.arange(len(kinds) + 1) * (count - int(approved.sum())) // len(kinds)
    approved[kinds[np.diff(passed) > 0]] = True
    return np.asarray(approved)


def _swap(exam: Exam, rival: Rival, challenger: Mask, champion: Mask) -> Swap:
    codes = np.full(len(exam.event), len(NAMES))
    codes[rival.on] = np.where(challenger, np.where(champion, 0, 1), np.where(champion, 2, 3))
    found = {cell.name: cell for cell in cells(exam, codes, NAMES)}
    lacking = Figure(value=None, low=None, high=None, reason="nobody is swapped")
    swapped = difference(found[IN].rate, found[OUT].rate) if IN in found and OUT in found else lacking
    return Swap(
        challenger_approves=float(challenger.mean()),
        champion_approves=float(champion.mean()),
        cells=tuple(found.values()),
        swapped=swapped,
    )
