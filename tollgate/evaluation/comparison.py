"""On which rows challenger and champion were compared."""

from collections.abc import Mapping

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Comparison(Section):
    """The rows that the differences were measured on.

    Attributes:
        seen_by_champion: Rows of the holdout that the champion learned from; None where that is not known.
        seen_by_challenger: Rows of it that the challenger learned from; None where that is not known.
        unknown: Why it is not known; empty where it is.
        rows: Rows that neither learned from, as far as that is known: those to compare on.
        events: Events among them.
        scored_rows: Of these rows those that the champion can score: those compared on.
        scored_events: Events among those.
        unscored: Why the champion cannot score the others; empty where it can.
        worst: By metric the difference, challenger minus champion, on all rows to compare on, if the champion put each
            row that it cannot score where it belongs; empty where it can score all.
    """

    seen_by_champion: int | None
    seen_by_challenger: int | None
    unknown: str = ""
    rows: int
    events: int
    scored_rows: int
    scored_events: int
    unscored: str = ""
    worst: Mapping[str, Figure] = {}
