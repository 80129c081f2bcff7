"""Vintages, as the evidence holds them."""

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.written.cell import Cell
from tollgate.section import Section


class Span(Section):
    """Months, together large enough to measure how the model orders them: a period over which `stability` asks.

    Attributes:
        since: The first month, such as 2024-03.
        until: The last one.
        rows: How many rows.
        events: How many with the event.
        roc_auc: The area under the ROC curve.
        observed_expected: Events to the sum of probabilities.
    """

    since: str
    until: str
    rows: int
    events: int
    roc_auc: Figure
    observed_expected: Figure


class Vintages(Section):
    """The rows by when they were decided on.

    Attributes:
        step: How long a vintage is: the shortest of month, quarter and year that makes at most 24.
        vintages: Each with its rows, event rate and mean probability.
        spans: The periods of `stability`: months put together until each class has 100 rows; two halves where only one
            such period is there and each half has 50.
    """

    step: str
    vintages: tuple[Cell, ...]
    spans: tuple[Span, ...]
