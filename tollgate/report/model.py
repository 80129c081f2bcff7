"""The section on the model: what it is, how its parameters were found, and the card of a scorecard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from tollgate.report.card import Card, card_of
from tollgate.report.searched import Search, Trials, trials_of
from tollgate.report.words import plain

Found = TypeVar("Found")
# What stands elsewhere on the page, or says nothing to a reader.
ELSEWHERE = {
    *("version", "bundle", "record", "files", "libraries", "relatives", "parity", "dropped", "late"),
    *("model", "parameters", "threshold", "approve_rate", "rows", "events", "search", "scorecard", "again"),
}


@dataclass(frozen=True)
class ModelWords:
    """What there is to say of a model.

    Attributes:
        facts: How it was trained, by name: calibration, what the model itself tells.
        parameters: Its parameters by name.
        trials: The search for them, where there was one.
        card: The card, where it is a scorecard.
    """

    facts: list[tuple[str, str]]
    parameters: list[tuple[str, str]]
    trials: Trials | None
    card: Card | None


def describe(training: Mapping[str, Any]) -> ModelWords:
    """What there is to say of a model, from what its training recorded; what is of another form is left out."""
    parameters = training.get("parameters")
    return ModelWords(
        facts=[(name, plain(value)) for name, value in training.items() if name not in ELSEWHERE],
        parameters=_lines(parameters) if isinstance(parameters, Mapping) else [],
        trials=_read(lambda written: trials_of(Search.read(written)), training.get("search")),
        card=_read(card_of, training.get("scorecard")),
    )


def _lines(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(name), plain(value)) for name, value in values.items()]


def _read(read: Callable[[Any], Found], written: Any) -> Found | None:
    try:
        return None if not written else read(written)
    except (ValueError, TypeError, AttributeError):
        return None
