"""What was measured beyond the metrics, as the tables and drawings of a page need it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.written.bands import Bands, Break
from tollgate.evaluation.written.definition import Definition
from tollgate.evaluation.written.importance import Importance
from tollgate.evaluation.written.missing_values import MissingValues
from tollgate.evaluation.written.prior_shift import PriorShift
from tollgate.evaluation.written.segments import Segments
from tollgate.evaluation.written.spread import Spread
from tollgate.evaluation.written.swap_set import SwapSet
from tollgate.evaluation.written.vintages import Vintages
from tollgate.report import tables
from tollgate.report.cell_rows import BAR, CellRow, Mark, cell_rows, decimal, mark, percent, points, top_of
from tollgate.report.small_multiples import SmallMultiples, small_multiples
from tollgate.report.tables import Table
from tollgate.section import Section

MOST_IMPORTANT, MOST_SEGMENTS = 15, 10
TITLES = {
    "definition": "the definition of the event",
    "bands": "score bands",
    "segments": "calibration by segment",
    "swap_set": "the swap set against the champion",
    "dependence": "partial dependence",
    "missing_values": "the effect of missing values",
    "prior_shift": "prior shift",
    "spread": "the spread over seeds and refits",
}
Part = TypeVar("Part", bound=Section)
Shown = TypeVar("Shown")


@dataclass(frozen=True)
class Scale:
    """The bands of one scale: title, where the edges come from, the lines, and where the order breaks."""

    title: str
    cut_by: str
    rows: list[CellRow]
    breaks: list[str]


@dataclass(frozen=True)
class ImportantRow:
    """A feature: its name, its share of all contributions, how wide that is drawn, the loss, and its drawing."""

    feature: str
    share: str
    width: float
    loss: str
    mark: Mark | None


@dataclass(frozen=True)
class Measured:
    """All of it; what was not measured is None or empty.

    Attributes:
        bar: How wide bars are, in pixels.
        not_assessed: What is lacking, why, and whether a measurement broke.
    """

    bar: int
    definition: Definition | None
    bands: list[Scale]
    vintages: list[CellRow]
    spans: Table
    step: str
    segments: list[tuple[str, bool, list[CellRow]]]
    segments_left_out: int
    swaps: list[tuple[str, str, list[CellRow]]]
    importance: Importance | None
    important: list[ImportantRow]
    dependence: SmallMultiples | None
    missing: Table
    shifts: Table
    spread: Spread | None
    again: Table
    not_assessed: list[tuple[str, str, bool]]


def measured(evidence: Evidence) -> Measured:
    """What there is to show of some evidence."""
    vintages = _if(Vintages, evidence.vintages)
    segments = _if(Segments, evidence.segments)
    importance = _if(Importance, evidence.importance)
    spread = _if(Spread, evidence.spread)
    order = [one.feature for one in importance.features] if importance else []
    shown = _segments(segments, order) if segments else []
    return Measured(
        bar=BAR,
        definition=_if(Definition, evidence.definition),
        bands=_with(_scales, _if(Bands, evidence.bands), []),
        vintages=cell_rows(vintages.vintages) if vintages else [],
        spans=_with(tables.spans, vintages, []),
        step=vintages.step if vintages else "",
        segments=shown,
        segments_left_out=segments.left_out + len(segments.segments) - len(shown) if segments else 0,
        swaps=_with(_swaps, _if(SwapSet, evidence.swap_set), []),
        importance=importance,
        important=_with(_important, importance, []),
        dependence=None
        if isinstance(evidence.dependence, NotAssessed)
        else small_multiples(evidence.dependence),
        missing=_with(tables.missing, _if(MissingValues, evidence.missing_values), []),
        shifts=_with(tables.shifts, _if(PriorShift, evidence.prior_shift), []),
        spread=spread,
        again=_with(tables.again, spread, []),
        not_assessed=_lacking(evidence),
    )


def _if(kind: type[Part], part: Part | NotAssessed) -> Part | None:
    return part if isinstance(part, kind) else None


def _with(show: Callable[[Part], Shown], part: Part | None, otherwise: Shown) -> Shown:
    return otherwise if part is None else show(part)


def _lacking(evidence: Evidence) -> list[tuple[str, str, bool]]:
    parts = [(name, getattr(evidence, name)) for name in Evidence.model_fields]
    return [
        (TITLES.get(name, name.replace("_", " ")), part.not_assessed, part.broken)
        for name, part in parts
        if isinstance(part, NotAssessed)
    ]


def _scales(bands: Bands) -> list[Scale]:
    found = [("By probability of the event", bands.probability), ("By points", bands.points)]
    return [
        Scale(title, scale.cut_by, cell_rows(scale.bands), [_break(one) for one in scale.breaks])
        for title, scale in found
        if scale is not None
    ]


def _break(one: Break) -> str:
    how, end = ("is", "") if one.sure else ("may be", ", which can be chance")
    fall = points(one.fall, "-")
    return (
        f"The order {how} broken: from '{one.lower}' to '{one.higher}' the event rate falls by {fall}{end}."
    )


def _segments(segments: Segments, important: Sequence[str]) -> list[tuple[str, bool, list[CellRow]]]:
    """The protected columns, then the features that matter most to the model."""
    order = {name: place for place, name in enumerate(important)}
    ranked = sorted(segments.segments, key=lambda one: (not one.protected, order.get(one.column, len(order))))
    shown = ranked[:MOST_SEGMENTS]
    top = top_of(cell for one in shown for cell in one.cells)
    return [(one.column, one.protected, cell_rows(one.cells, top)) for one in shown]


def _swaps(swap_set: SwapSet) -> list[tuple[str, str, list[CellRow]]]:
    titles = [("Each at its own threshold", swap_set.own), ("Both approving as many", swap_set.equal)]
    top = top_of(cell for _, swap in titles for cell in swap.cells)
    return [
        (
            f"{title}: the challenger approves {percent(swap.challenger_approves)}, the champion "
            f"{percent(swap.champion_approves)}",
            points(swap.swapped),
            cell_rows(swap.cells, top),
        )
        for title, swap in titles
    ]


def _important(importance: Importance) -> list[ImportantRow]:
    shown = importance.features[:MOST_IMPORTANT]
    widest = max((one.share or 0.0 for one in shown), default=0.0) or 1.0
    losses = [end or 0.0 for one in shown for end in (one.auc_loss.low, one.auc_loss.high)]
    low, high = min([0.0, *losses]), max([0.0, *losses])
    return [
        ImportantRow(
            one.feature,
            percent(one.share),
            round((one.share or 0.0) / widest * BAR, 1),
            decimal(one.auc_loss, 3, "+"),
            mark(one.auc_loss, 0.0, low, high),
        )
        for one in shown
    ]
