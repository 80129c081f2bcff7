"""Kinds of columns: the rules of each, and how to draw values that keep them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Draw = np.random.Generator
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


def _huge(draw: Draw) -> float:
    return float(draw.normal() * 1e90)


def _denormal(draw: Draw) -> float:
    return float(draw.integers(-9, 9) * 5e-324)


def _few(draw: Draw) -> float:
    return float(draw.integers(4) / 10)


def _whole(draw: Draw) -> int:
    return int(draw.integers(-20, 1_000_000))


def _truth(draw: Draw) -> bool:
    return bool(draw.random() < 0.5)


def _day(draw: Draw) -> str:
    return (FIRST + dt.timedelta(days=int(draw.integers(0, 9000)))).isoformat()


def _one_of(*values: Any) -> Callable[[Draw], Any]:
    return lambda draw: values[int(draw.integers(len(values)))]


MAY_MISS = {"missing": "allowed"}
WIDE = tuple(f"v{place}" for place in range(80))
TEXTS = {"type": "category", "values": ["a", "b", "c"]}
CODES = {"type": "category", "values": [30, 10, 20]}
KINDS = {
    "number": Kind({"type": "number"}, _normal),
    "number that may miss": Kind({"type": "number", **MAY_MISS}, _or_missing(_normal)),
    "large number": Kind({"type": "number"}, _large),
    "tiny number": Kind({"type": "number", **MAY_MISS}, _or_missing(_tiny)),
    "huge number": Kind({"type": "number"}, _huge),
    "denormal number": Kind({"type": "number", **MAY_MISS}, _or_missing(_denormal)),
    "number of few values": Kind({"type": "number"}, _few),
    "rising number": Kind({"type": "number", "monotone": "increasing"}, _normal),
    "falling integer": Kind({"type": "integer", "monotone": "decreasing", **MAY_MISS}, _or_missing(_whole)),
    "heavy tail": Kind({"type": "number"}, _heavy),
    "watched number": Kind({"type": "number", "min": 20, "max": 60, "out_of_bounds": "warn"}, _normal),
    "clipped number": Kind({"type": "number", "min": 20, "max": 60, "out_of_bounds": "clip"}, _normal),
    "clipped integer": Kind({"type": "integer", "min": 0.5, "max": 9.5, "out_of_bounds": "clip"}, _whole),
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
    "wide category": Kind(
        {"type": "category", "values": WIDE, "unknown": "other"}, _one_of(*WIDE[:70], "new")
    ),
    "category of one": Kind({"type": "category", "values": ["only"]}, lambda _: "only"),
    "category unseen in fit": Kind(TEXTS, _one_of("a", "b", "c"), lambda _: "a"),
}
