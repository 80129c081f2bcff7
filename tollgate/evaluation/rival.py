"""The champion on rows that neither model learned from, and that it can score."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Floats, Scores
from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.evaluate import Blocks, Figures, evaluate
from tollgate.evaluation.exam import Exam, Rival
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.scoring import Mask, scorable, score_rows


@dataclass(frozen=True)
class Seen:
    """Which rows of the holdout the models learned from.

    Attributes:
        champion: Rows that the champion was fitted, calibrated, tuned or thresholded on; None where that is not known.
        challenger: The same of the challenger; None where that is not known.
        unknown: Why it is not known; empty where it is.
    """

    champion: Mask | None = None
    challenger: Mask | None = None
    unknown: str = ""

    def either(self, rows: int) -> Mask:
        """The rows that either is known to have learned from."""
        found = np.zeros(rows, dtype=bool)
        for mask in (self.champion, self.challenger):
            if mask is not None:
                found |= mask
        return found


UNTOLD = Seen(unknown="nobody told which rows the models learned from")


def find_rival(
    champion: Bundle, holdout: pa.Table, event: Floats, seen: Seen
) -> tuple[Rival | None, Comparison]:
    """The champion on the rows to compare on, where it can score any, and on which rows that is."""
    fresh = ~seen.either(len(event))
    can, unscored = scorable(champion, holdout)
    on = fresh & can
    comparison = Comparison(
        seen_by_champion=None if seen.champion is None else int(seen.champion.sum()),
        seen_by_challenger=None if seen.challenger is None else int(seen.challenger.sum()),
        unknown=seen.unknown,
        rows=int(fresh.sum()),
        events=int(event[fresh].sum()),
        scored_rows=int(on.sum()),
        scored_events=int(event[on].sum()),
        unscored=unscored,
    )
    if not on.any():
        return None, comparison
    scores = score_rows(champion, holdout if on.all() else holdout.filter(pa.array(on)))
    return Rival(champion, Scored(event[on], scores), on), comparison


def worst_case(exam: Exam, rival: Rival, seen: Seen, blocks: Blocks) -> Figures:
    """The differences on all rows to compare on, the champion right about each that it cannot score."""
    fresh = ~seen.either(len(exam.event))
    if not (fresh & ~rival.on).any():
        return {}
    challenger = exam.scored.on(fresh)
    perfect = _perfect(challenger.event, rival.scored, rival.on[fresh])
    return evaluate(challenger, perfect, exam.section, blocks=blocks.on(fresh))["differences"]


def _perfect(event: Floats, scored: Scored, on: Mask) -> Scored:
    """The champion's scores, and where it has none those that no model could better."""
    margin = np.where(event == 1, scored.scores.margin.max() + 1, scored.scores.margin.min() - 1)
    probability, approved = event.copy(), event != 1
    for values, known in zip((probability, margin, approved), scored.scores, strict=True):
        values[on] = known
    return Scored(event, Scores(probability, margin, approved))
