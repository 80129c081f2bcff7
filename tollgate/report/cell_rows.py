"""Rows that belong together, as a reader sees them: what happened beside what was predicted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tollgate.evaluation.figure import Figure
from tollgate.evaluation.written.cell import Cell

BAR = 160
NONE = "-"


@dataclass(frozen=True)
class Mark:
    """Where an interval and a point lie on a bar, in pixels.

    Attributes:
        left: Where the interval starts.
        width: How wide it is.
        at: Where the figure lies.
        tick: Where what it is compared with lies; None without that.
    """

    left: float
    width: float
    at: float
    tick: float | None


@dataclass(frozen=True)
class CellRow:
    """A line of a table.

    Attributes:
        name: What the rows have in common.
        rows: How many.
        rate: The event rate.
        interval: Its interval.
        predicted: The mean probability.
        ratio: Observed to expected with its interval.
        mark: The interval of the rate, with the prediction as the tick; None where the rows are too few.
    """

    name: str
    rows: str
    rate: str
    interval: str
    predicted: str
    ratio: str
    mark: Mark | None


def cell_rows(cells: Sequence[Cell], top: float | None = None) -> list[CellRow]:
    """The lines of a table; the right end of all bars is the same rate.

    Args:
        cells: The cells.
        top: The rate at the right end; what these cells need where it is left out.
    """
    end = top_of(cells) if top is None else top
    return [_row(cell, end) for cell in cells]


def top_of(cells: Iterable[Cell]) -> float:
    """The highest rate that any bar has to show."""
    return max((max(cell.rate.high or 0.0, cell.predicted or 0.0) for cell in cells), default=0.0)


def mark(figure: Figure, tick: float | None, low: float, high: float) -> Mark | None:
    """A figure on a bar that reaches from one value to another; None without a figure.

    Args:
        figure: The figure; where it has no interval it is a point.
        tick: What it is compared with.
        low: The value at the left end.
        high: The value at the right end.
    """
    if figure.value is None:
        return None

    def place(value: float) -> float:
        return round(min(1.0, max(0.0, (value - low) / max(high - low, 1e-12))) * BAR, 1)

    ends = [place(figure.value if end is None else end) for end in (figure.low, figure.high)]
    return Mark(
        left=ends[0],
        width=round(max(ends[1] - ends[0], 1.0), 1),
        at=place(figure.value),
        tick=None if tick is None else place(tick),
    )


def percent(value: float | None) -> str:
    """A share in words; a dash where there is none."""
    return NONE if value is None else f"{100 * value:.1f} %"


def share(figure: Figure) -> str:
    """A share with its interval, in percent."""
    if figure.value is None:
        return figure.reason or NONE
    return f"{percent(figure.value)} {between(figure)}".rstrip()


def points(figure: Figure, sign: str = "+") -> str:
    """A difference of two shares with its interval, in percentage points; sign "-" shows that of losses alone."""
    if figure.value is None:
        return figure.reason or NONE
    return f"{100 * figure.value:{sign}.1f} points {between(figure)}".rstrip()


def between(figure: Figure) -> str:
    """The interval of a share, in percent; empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"[{100 * figure.low:.1f}, {100 * figure.high:.1f}]"


def decimal(figure: Figure, digits: int = 3, sign: str = "-") -> str:
    """A figure with its interval; sign "+" shows that of gains too."""
    if figure.value is None:
        return figure.reason or NONE
    said = f"{figure.value:{sign}.{digits}f}"
    if figure.low is None or figure.high is None:
        return said
    return f"{said} [{figure.low:{sign}.{digits}f}, {figure.high:{sign}.{digits}f}]"


def _row(cell: Cell, top: float) -> CellRow:
    few = cell.rate.value is None
    return CellRow(
        name=cell.name,
        rows=f"{cell.rows:,}",
        rate=cell.rate.reason if few else percent(cell.rate.value),
        interval=between(cell.rate),
        predicted=percent(cell.predicted),
        ratio=NONE if few else decimal(cell.observed_expected, 2),
        mark=mark(cell.rate, cell.predicted, 0.0, top),
    )
