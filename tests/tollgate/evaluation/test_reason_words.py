"""Words that contradict a value."""

from typing import Any

import numpy as np
import pytest

from tollgate.contract import Column
from tollgate.evaluation.reason_words import Words, words_of

BACKGROUND = np.array([10.0, 20.0, 30.0, np.nan])
TEXTS = {"high": "too much", "low": "too little", "missing": "unknown"}


def words(**settings: Any) -> Words:
    column = Column.read({"type": "number", "missing": "allowed", "reason": TEXTS, **settings})
    return words_of("debt", column, BACKGROUND)


@pytest.mark.parametrize(
    ("text", "value", "contrary"),
    [
        ("too much", 25.0, False),
        ("too much", 10.5, False),
        ("too much", 10.0, True),
        ("too much", 5.0, True),
        ("too little", 25.0, False),
        ("too little", 30.0, True),
        ("too little", 99.0, True),
        ("too much", float("nan"), True),
        ("unknown", float("nan"), False),
        ("unknown", 25.0, True),
        ("something else", 25.0, True),
    ],
)
def test_high_is_said_of_what_is_higher_than_something_and_low_of_what_is_lower(
    text: str, value: float, contrary: bool
) -> None:
    assert words().contrary(text, value) is contrary


@pytest.mark.parametrize(
    ("way", "text", "contrary"),
    [
        ("increasing", "too much", False),
        ("increasing", "too little", True),
        ("decreasing", "too little", False),
        ("decreasing", "too much", True),
    ],
)
def test_what_lowers_the_risk_is_said_of_nobody(way: str, text: str, contrary: bool) -> None:
    assert words(monotone=way).contrary(text, 20.0) is contrary


def test_without_texts_the_name_stands_in_their_place() -> None:
    plain = words(reason=None)
    assert not plain.contrary("debt: high", 25.0)
    assert plain.contrary("debt: low", 31.0)
    assert not plain.contrary("debt: missing", float("nan"))
    coded = words_of("own", Column.read({"type": "boolean"}), BACKGROUND)
    assert not coded.contrary("own", 1.0)
    assert coded.contrary("own: low", 1.0)


def test_one_text_for_both_sides_contradicts_neither() -> None:
    same = words(reason={"high": "the debt", "low": "the debt", "missing": "unknown"})
    assert not same.contrary("the debt", 5.0)
    assert same.contrary("debt: high", 5.0)


def test_a_background_without_values_tells_nothing_of_high_and_low() -> None:
    nothing = words_of("debt", words().column, np.full(3, np.nan))
    assert not nothing.contrary("too much", 5.0)
    assert not nothing.contrary("too little", 5.0)
