"""Whether evidence contradicts itself: figures that no honest measurement could have written together."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS, Evidence
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.short import short

ROUNDING = 1e-9
# A bootstrap sees more distance than there is: its interval may lie above the figure of a model that knows little.
DRAWN_UPWARD = frozenset({"ks"})
COMPARED = ("compared_metrics", "champion_metrics", "differences")  # on the rows of the comparison
UNBOUNDED = frozenset({"log_loss", "observed_to_expected"})
Figures = Mapping[str, Figure]


def contradictions(evidence: Evidence) -> list[str]:
    """Every way in which some evidence contradicts itself, in words; empty where it does not."""
    return [
        *_holdout(evidence),
        *_champion(evidence),
        *_differences(evidence),
        *_outside(evidence),
        *(f"{place}: {said}" for place, figure in _figures(evidence) for said in _interval(figure)),
    ]


def _holdout(evidence: Evidence) -> Iterator[str]:
    holdout = evidence.holdout
    if holdout.rows < 1 or not 0 <= holdout.events <= holdout.rows:
        yield f"the holdout has {holdout.events} events in {holdout.rows} rows"
    if (holdout.since is None) != (holdout.until is None) or (holdout.since or "") > (holdout.until or ""):
        yield f"the holdout was decided from {holdout.since} to {holdout.until}"
    if evidence.parity is not None and evidence.parity < 0:
        yield f"graph and pipeline are {short(evidence.parity)} apart"


def _champion(evidence: Evidence) -> Iterator[str]:
    champion = evidence.champion
    compared = bool(evidence.champion_metrics or evidence.differences)
    named = (champion.release, champion.bundle)
    if champion.state != "found" and compared:
        yield f"the champion is {champion.state}, but there are figures of one"
    if champion.state == "none" and (any(named) or champion.generation):
        yield "there is no champion, but a release, a bundle or a generation is named"
    if champion.state == "found" and (not all(named) or champion.generation < 1):
        yield "there is a champion, but its release, its bundle or its generation is not named"
    if champion.bundle == evidence.bundle:
        moved = [name for name, one in evidence.differences.items() if abs(one.value or 0) > ROUNDING]
        yield from (f"the challenger is the champion, but differs from it in {name}" for name in moved)


def _differences(evidence: Evidence) -> Iterator[str]:
    whole = compared_rows(evidence) == evidence.holdout.rows
    if whole and evidence.compared_metrics:
        yield "no row was left out of the comparison, but compared_metrics are of a part of the rows"
    mine = evidence.metrics if whole else evidence.compared_metrics
    for name, difference in evidence.differences.items():
        ours, theirs = mine.get(name), evidence.champion_metrics.get(name)
        if ours is None or theirs is None:
            yield f"differences.{name}: one of the two figures that differ is lacking"
        elif None not in (ours.value, theirs.value, difference.value):
            apart = (ours.value or 0) - (theirs.value or 0)
            if abs(apart - (difference.value or 0)) > ROUNDING:
                yield f"differences.{name} is {short(difference.value or 0)}, but the figures are {short(apart)} apart"


def compared_rows(evidence: Evidence) -> int:
    """On how many rows both models were compared; where the evidence does not say, on all."""
    compared = evidence.comparison
    return evidence.holdout.rows if isinstance(compared, NotAssessed) else compared.scored_rows


def _outside(evidence: Evidence) -> Iterator[str]:
    """Figures of the headline metrics that no data can have, and those outside their own interval."""
    for part in ("metrics", "yardstick_metrics", *COMPARED):
        few = _few(evidence, part in COMPARED)
        least = -1.0 if part == "differences" else 0.0
        for name, figure in getattr(evidence, part).items():
            value = figure.value
            if value is None:
                continue
            if name not in UNBOUNDED and not least <= value <= 1:
                yield f"{part}.{name} is {short(value)}, which it cannot be"
            if not (few or name in DRAWN_UPWARD or _holds(figure, value)):
                ends = f"[{short(figure.low or 0)}, {short(figure.high or 0)}]"
                yield f"{part}.{name} is {short(value)}, outside its own interval {ends}"


def _few(evidence: Evidence, compared: bool) -> bool:
    """Whether the rows that were measured, or compared on, are too few of a class for intervals to hold."""
    rows, events, pairs = evidence.holdout.rows, evidence.holdout.events, evidence.comparison
    if compared and not isinstance(pairs, NotAssessed):
        rows, events = pairs.scored_rows, pairs.scored_events
    return min(events, rows - events) < FEWEST_OF_A_CLASS


def _holds(figure: Figure, value: float) -> bool:
    if figure.low is None or figure.high is None:
        return True
    slack = ROUNDING * max(1.0, abs(value))
    return figure.low - slack <= value <= figure.high + slack


def _interval(figure: Figure) -> Iterator[str]:
    if (figure.low is None) != (figure.high is None):
        yield "the interval has one end"
    elif figure.low is not None and figure.high is not None:
        if figure.value is None:
            yield "there is an interval of no figure"
        if figure.low > figure.high:
            yield f"the interval runs from {short(figure.low)} down to {short(figure.high)}"


def _figures(value: Any, place: str = "") -> Iterator[tuple[str, Figure]]:
    """Every figure in the evidence with the place where it stands."""
    if isinstance(value, Figure):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _figures(getattr(value, name), f"{place}.{name}".lstrip("."))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _figures(inner, f"{place}.{name}")
    elif isinstance(value, (tuple, list)):
        for at, inner in enumerate(value):
            yield from _figures(inner, f"{place}[{at}]")
