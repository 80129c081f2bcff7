"""The part `leakage` of the evidence: what looks as if a feature knew the outcome."""

from collections.abc import Mapping

from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.section import Section


class Late(Section):
    """Rows of a feature whose `known` names a date column, in the parts that were trained on and the holdout.

    Attributes:
        rows: Rows with a value.
        late: Those that knew it only after the decision.
        undated: Those that cannot say: without that date, or without a decision day.
    """

    rows: int
    late: int
    undated: int


class Pure(Section):
    """The value or band of a feature whose rows all have one outcome, the surest of them.

    Attributes:
        rows: How many rows it has.
        events: Whether they are all events, or all others.
        odds: By what factor the odds there are at least beyond those of all rows.
    """

    rows: int
    events: bool
    odds: float


class Alone(Section):
    """What a feature says of the outcome by itself.

    Attributes:
        auc: The ROC AUC of the feature alone: of its values in their order, or of the event rate in its bands or
            categories, learnt on one half of the rows and read on the other; the larger one.
        missing: The ROC AUC of whether the value is missing; None where it never is, or always.
        pure: The value or band that has one outcome alone; None where there is none.
    """

    auc: Figure
    missing: Figure | None = None
    pure: Pure | None = None


class Shared(Section):
    """Rows of the holdout whose id or group other parts have too.

    Attributes:
        of: id or group.
        column: The column.
        share: Which share of the holdout they are.
    """

    of: str
    column: str
    share: Figure


class LeakageFacts(Section):
    """The part `leakage`.

    Attributes:
        known: By feature when it is known, those alone that are not known before the decision.
        late: By feature whose `known` names a date column, the rows that knew it too late.
        rows: On how many rows of the holdout the features were looked at.
        alone: By feature what it says by itself.
        loss_rows: On how many rows of the holdout the next was measured.
        loss: By feature the ROC AUC that a model loses which never saw it, for the features that cost most.
        failed: By feature why there is no such model.
        shared: Ids and groups that the holdout shares with other parts.
    """

    known: Mapping[str, str]
    late: Mapping[str, Late] = {}
    rows: int
    alone: Mapping[str, Alone]
    loss_rows: int
    loss: Mapping[str, Figure] | NotAssessed
    failed: Mapping[str, str] = {}
    shared: tuple[Shared, ...] = ()
