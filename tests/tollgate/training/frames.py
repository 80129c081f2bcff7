"""Random problems to train on: columns of every kind that a contract knows, and rows that keep it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tollgate.bundle.scorer import Floats
from tollgate.contract import Column, Contract, RowChecker
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

Draw = np.random.Generator
PARTS = ("fit", "calibration", "threshold")
FIRST = dt.date(1999, 1, 1)


@dataclass(frozen=True)
class Kind:
    """A kind of column: its rules, and how to draw a value that keeps them."""

    settings: dict[str, Any]
    value: Callable[[Draw], Any]
    value_in_fit: Callable[[Draw], Any] | None = None


def _or_missing(value: Callable[[Draw], Any]) -> Callable[[Draw], Any]:
    return lambda draw: None if draw.random() < 0.3 else value(draw)


def _normal(draw: Draw) -> float:
    return float(draw.normal(40, 12))


def _large(draw: Draw) -> float:
    return float(draw.normal(1e15, 1e12))


def _tiny(draw: Draw) -> float:
    return float(draw.normal() * 1e-12)


def _heavy(draw: Draw) -> float:
    return float(np.exp(draw.normal(0, 8)))


def _whole(draw: Draw) -> int:
    return int(draw.integers(-20, 1_000_000))


def _truth(draw: Draw) -> bool:
    return bool(draw.random() < 0.5)


def _day(draw: Draw) -> str:
    return (FIRST + dt.timedelta(days=int(draw.integers(0, 9000)))).isoformat()


def _one_of(*values: Any) -> Callable[[Draw], Any]:
    return lambda draw: values[int(draw.integers(len(values)))]


MAY_MISS = {"missing": "allowed"}
TEXTS = {"type": "category", "values": ["a", "b", "c"]}
CODES = {"type": "category", "values": [30, 10, 20]}
KINDS = {
    "number": Kind({"type": "number"}, _normal),
    "number that may miss": Kind({"type": "number", **MAY_MISS}, _or_missing(_normal)),
    "large number": Kind({"type": "number"}, _large),
    "tiny number": Kind({"type": "number", **MAY_MISS}, _or_missing(_tiny)),
    "heavy tail": Kind({"type": "number"}, _heavy),
    "constant": Kind({"type": "number"}, lambda _: 1e9 + 0.1),
    "missing in fit": Kind({"type": "number", **MAY_MISS}, _or_missing(_normal), lambda _: None),
    "integer": Kind({"type": "integer"}, _whole),
    "boolean": Kind({"type": "boolean"}, _truth),
    "boolean that may miss": Kind({"type": "boolean", **MAY_MISS}, _or_missing(_truth)),
    "date": Kind({"type": "date"}, _day),
    "text category": Kind(TEXTS, _one_of("a", "b", "c")),
    "integer category": Kind({**CODES, **MAY_MISS}, _one_of(10, 20, 30, None)),
    "open category": Kind({**TEXTS, "unknown": "other"}, _one_of("a", "b", "c", "new", "newer")),
    "open integer category": Kind({**CODES, **MAY_MISS, "unknown": "other"}, _one_of(10, 20, 99, None)),
    "category of one": Kind({"type": "category", "values": ["only"]}, lambda _: "only"),
    "category unseen in fit": Kind(TEXTS, _one_of("a", "b", "c"), lambda _: "a"),
}


@dataclass(frozen=True)
class Frame:
    """A problem: a contract, rows of the three parts, and rows that training never sees.

    Attributes:
        contract: What rows look like.
        raw: The rows as JSON values, by part and for `holdout` and `fresh`.
        parts: The three parts, encoded.
        holdout: The holdout's features, encoded.
        fresh: More rows, encoded.
    """

    contract: Contract
    raw: dict[str, list[dict[str, Any]]]
    parts: dict[str, Part]
    holdout: Floats
    fresh: Floats

    def train(self, decision: dict[str, Any] | None = None, **settings: Any) -> Trained:
        """Train on this problem: a logistic model, unless the settings say otherwise."""
        section = TrainSection.read(
            {"model": "logistic", "decision": decision or {"threshold": 0.4}, **settings}
        )
        return train(self.contract, section, self.parts, self.holdout)


def frame(kinds: list[str], seed: int, rows: int = 60) -> Frame:
    """The problem with these kinds of columns, drawn with a seed."""
    draw = np.random.default_rng(seed)
    columns = {f"{place} {kind}": KINDS[kind] for place, kind in enumerate(kinds)}
    settings = {name: kind.settings for name, kind in columns.items()}
    settings["outcome"] = {"role": "target", "positive": 1}
    contract = Contract.of({name: Column.read(item) for name, item in settings.items()})
    checker = RowChecker(contract)
    raw, encoded = {}, {}
    for part in (*PARTS, "holdout", "fresh"):
        values = {name: _values(kind, part, draw, rows) for name, kind in columns.items()}
        raw[part] = [{name: values[name][row] for name in columns} for row in range(rows)]
        encoded[part], problems = checker.check(raw[part])
        assert not problems
    order = np.arange(rows, dtype=np.float64)
    pull = draw.normal(0, 4, len(columns))
    parts = {part: Part(encoded[part], _events(draw, encoded[part], pull), order) for part in PARTS}
    return Frame(contract, raw, parts, encoded["holdout"], encoded["fresh"])


def frames() -> st.SearchStrategy[Frame]:
    """Problems with one to six columns of any kind."""
    kinds = st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6)
    return st.builds(frame, kinds, st.integers(0, 2**32 - 1))


def _values(kind: Kind, part: str, draw: Draw, rows: int) -> list[Any]:
    value = kind.value_in_fit if part == "fit" and kind.value_in_fit else kind.value
    return [value(draw) for _ in range(rows)]


def _events(draw: Draw, rows: Floats, pull: Floats) -> Floats:
    """Outcomes that each column pulls in a direction by its ranks, with some of each class at the start."""
    ranks = np.argsort(np.argsort(rows, axis=0), axis=0) / len(rows) - 0.5
    events = (draw.random(len(rows)) < 1 / (1 + np.exp(0.4 - ranks @ pull))).astype(np.float64)
    events[:4] = (0, 1, 0, 1)
    return events
