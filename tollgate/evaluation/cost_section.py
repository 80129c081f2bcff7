"""The evidence of what decisions cost, as it is written: how often each error is made, whatever it costs."""

from tollgate.evaluation.joint import Joint
from tollgate.section import Section


class Paired(Section):
    """The errors of challenger and champion on the same rows.

    Attributes:
        rows: How many rows both are compared on.
        events: How many of them with the event.
        approved: The share that each approves at its own threshold, the challenger's first.
        own: As shares of all rows: approved events and declined others of the challenger, then of the champion, each at
            the threshold that is frozen in its bundle.
        equal: The same where the challenger approves as many as the champion, those with the lowest probability.
    """

    rows: int
    events: int
    approved: tuple[float, float]
    own: Joint
    equal: Joint


class Errors(Section):
    """The errors of the decisions.

    Attributes:
        alone: As shares of all rows: approved events, declined others, and events, at the challenger's threshold.
        paired: Beside the champion's; None without one.
    """

    alone: Joint
    paired: Paired | None = None
