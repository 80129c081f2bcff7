"""Reasons in words: which features count against an applicant, and what is said of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tollgate.contract.columns import Column

Floats = NDArray[np.float64]
MOST_REASONS = 4
COUNTS_FROM = 1e-9  # what is smaller is the rounding of sums


class Reason(NamedTuple):
    """What counts against an applicant.

    Attributes:
        name: The feature, or the `reason_group` of several.
        contribution: By how much it raises the margin of the event, against the background.
        text: What to say to the applicant.
    """

    name: str
    contribution: float
    text: str


class _Said(NamedTuple):
    """What may be said of a feature."""

    middle: float
    high: str
    low: str
    missing: str


class Wording:
    """Chooses reasons and their texts, as the contract has them."""

    def __init__(
        self, columns: Sequence[tuple[str, Column]], background: Floats, straight: Mapping[int, float]
    ) -> None:
        """Prepare.

        Args:
            columns: Name and rules of each feature, in order.
            background: The background rows, shape (rows, features).
            straight: By place of each feature whose term is a straight line, its slope.
        """
        self._said = [
            _said(name, column, _middle(background[:, place], _direction(column, straight.get(place))))
            for place, (name, column) in enumerate(columns)
        ]
        names = [column.reason_group or name for name, column in columns]
        self._names = tuple(dict.fromkeys(names))
        self._groups = [self._names.index(name) for name in names] if len(self._names) < len(names) else None

    def reasons(self, row: list[float], contributions: list[float]) -> list[Reason]:
        """The reasons for one row, what counts most first.

        Args:
            row: The encoded row.
            contributions: What each feature contributes to its margin.
        """
        summed = contributions if self._groups is None else self._summed(contributions)
        against = [place for place, share in enumerate(summed) if share > COUNTS_FROM]
        against.sort(key=summed.__getitem__, reverse=True)
        return [
            Reason(self._names[place], summed[place], self._text(place, row, contributions))
            for place in against[:MOST_REASONS]
        ]

    def _summed(self, contributions: list[float]) -> list[float]:
        summed = [0.0] * len(self._names)
        for group, share in zip(self._groups or (), contributions, strict=True):
            summed[group] += share
        return summed

    def _text(self, place: int, row: list[float], contributions: list[float]) -> str:
        """What is said of a feature, or of that one of a group that counts most."""
        if self._groups is not None:
            members = [feature for feature, group in enumerate(self._groups) if group == place]
            place = max(members, key=contributions.__getitem__)
        said, value = self._said[place], row[place]
        if value != value:
            return said.missing
        return said.low if value < said.middle else said.high


def _said(name: str, column: Column, middle: float) -> _Said:
    texts = column.reason
    high, low, missing = (texts.high, texts.low, texts.missing) if texts else (None, None, None)
    if column.coded:
        return _Said(float("-inf"), high or name, "", missing or f"{name}: missing")
    return _Said(middle, high or f"{name}: high", low or f"{name}: low", missing or f"{name}: missing")


def _direction(column: Column, slope: float | None) -> str | None:
    """In which direction the risk moves with the value, where it moves in one only."""
    if slope is None:
        return column.monotone
    return "decreasing" if slope < 0 else "increasing"


def _middle(values: Floats, direction: str | None) -> float:
    """What is low lies below this: the mean of the background, where the risk moves in no one direction.

    Where it does, what counts against is high, or low, by that alone: also beside a background of missing values,
    whose own term may make every value count against.
    """
    if direction is not None:
        return float("inf") if direction == "decreasing" else float("-inf")
    present = values[~np.isnan(values)]
    return float(present.mean()) if len(present) else float("-inf")
