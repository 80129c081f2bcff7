"""Tables of what was measured: each line as the texts of its cells."""

from tollgate.evaluation.written.missing_values import MissingValues
from tollgate.evaluation.written.prior_shift import PriorShift
from tollgate.evaluation.written.spread import Spread
from tollgate.evaluation.written.vintages import Vintages
from tollgate.report.cell_rows import NONE, decimal, percent, share

Table = list[tuple[str, ...]]


def spans(vintages: Vintages) -> Table:
    """Periods: when, rows, events, area under the curve, observed to expected."""
    return [
        (
            one.since if one.since == one.until else f"{one.since} to {one.until}",
            f"{one.rows:,}",
            f"{one.events:,}",
            decimal(one.roc_auc),
            decimal(one.observed_expected, 2),
        )
        for one in vintages.spans
    ]


def missing(found: MissingValues) -> Table:
    """Features that some rows lack: how often, then rate and prediction without and with a value, then both areas."""
    return [
        (
            one.feature,
            percent(one.share),
            share(one.missing.rate),
            percent(one.missing.predicted),
            share(one.present.rate),
            percent(one.present.predicted),
            *(NONE if area.value is None else decimal(area) for area in (one.missing_auc, one.present_auc)),
        )
        for one in found.features
    ]


def shifts(found: PriorShift) -> Table:
    """Other event rates: by what factor, the rate, observed to expected, Brier, share approved, rate among them."""
    return [
        (
            f"{one.factor:g} times",
            percent(one.event_rate),
            decimal(one.observed_expected, 2),
            decimal(one.brier),
            share(one.approve_rate),
            share(one.approved_event_rate),
        )
        for one in found.shifts
    ]


def again(found: Spread) -> Table:
    """The challenger and the models trained again: area, Brier, share approved, and how far from the challenger."""
    return [
        (
            one.name,
            NONE if one.roc_auc is None else f"{one.roc_auc:.4f}",
            f"{one.brier:.4f}",
            percent(one.approve_rate),
            f"{one.score_difference:.4f}",
            percent(one.decided_otherwise),
        )
        for one in (found.challenger, *found.models)
    ]
