"""Mutations of JSON that know what it holds: cells of other types, odd numbers, keys twice, deep nesting."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

STEPS = (1, 1, 1, 2, 3)
MARK = "\x07raw"
# Values that JSON has.
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2,
        1.5,
        -0.0,
        128,
        2**31,
        2**53,
        2**63,
        2**64,
        -(2**63) - 1,
        10**30,
        10**400,
    ),
    *(1e-320, 1e100, 1.1e100, 1.7976931348623157e308, -1e308),
    *(
        "",
        " ",
        "0",
        "-1",
        "car",
        "web",
        "NaN",
        "null",
        "true",
        "2020-02-30",
        "0000-00-00",
        "9999-12-31",
        "x" * 3000,
    ),
    *(
        "\x00",
        "\ud800",
        "\udfff\ud800",
        "\u202e",
        "\U0010ffff",
        "é",
        "e\u0301",
        ":",
        '":{',
        "__proto__",
        "__row__",
    ),
    *([], {}, [[]], [{}], [None], {"": None}, {"income": 1}, [1, 2], ["a", 1], [[1], [2]]),
    *("INT64", "FP64", "FP16", "BYTES", "BOOL", "UINT8", "probability", "reasons", "serving_default"),
)
# Texts that stand where a value does: numbers of no size, and what is no JSON.
RAW = (
    *(
        "1e999",
        "-1e999",
        "1e-999",
        "NaN",
        "Infinity",
        "-Infinity",
        "-0",
        "01",
        "+1",
        ".5",
        "1.",
        "0x1F",
        "1_000",
    ),
    *(
        "tru",
        "None",
        "'a'",
        '"\\ud800"',
        '"\\x"',
        '"\\u12"',
        '"\t"',
        '{"a":1,"a":2}',
        '{"a":1,}',
        "[1,]",
        "//x\n1",
    ),
    *("9" * 400, "9" * 5000, "1" + "0" * 309 + ".0", "0." + "0" * 400 + "1", "1e" + "9" * 30, "\ufeff1"),
    *(
        "[" * 60 + "]" * 60,
        "[" * 5000,
        "[" * 3000 + "]" * 3000,
        '{"a":' * 2000 + "1" + "}" * 2000,
        "[" * 200_000,
    ),
)
KEYS = (
    "instances",
    "inputs",
    "parameters",
    "outputs",
    "signature_name",
    "id",
    "name",
    "shape",
    "datatype",
    "data",
    "",
)
TIMES = (0, 2, 3, 49, 50, 51, 200, 999, 1000, 1001)
Place = tuple[Any, Any]  # what holds a value, and its key there


def mutated(draw: Random, body: Any) -> bytes:
    """A body with a few mutations, as bytes. What is not touched stays in order."""
    value = json.loads(json.dumps(body))
    raw: list[str] = []
    for _ in range(draw.choice(STEPS)):
        places = list(_places(value))
        if not places:
            break
        draw.choice(MUTATIONS)(draw, draw.choice(places), raw)
    text = json.dumps(value, ensure_ascii=draw.random() < 0.7)
    for number, instead in enumerate(raw):
        text = text.replace(json.dumps(f"{MARK}{number}"), instead)
    return text.encode("utf-8", "surrogatepass")


def _places(value: Any) -> Iterator[Place]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


def _replace(draw: Random, place: Place, _: list[str]) -> None:
    holder, key = place
    holder[key] = deepcopy(draw.choice(ODD))


def _raw(draw: Random, place: Place, raw: list[str]) -> None:
    holder, key = place
    raw.append(draw.choice(RAW))
    holder[key] = f"{MARK}{len(raw) - 1}"


def _drop(_: Random, place: Place, __: list[str]) -> None:
    holder, key = place
    del holder[key]


def _twice(draw: Random, place: Place, raw: list[str]) -> None:
    """A key that stands twice in its object, the first time with another value."""
    holder, key = place
    if isinstance(holder, dict):
        raw.append(f"{json.dumps(draw.choice(ODD))}, {json.dumps(str(key))}: {json.dumps(holder[key])}")
        holder[key] = f"{MARK}{len(raw) - 1}"


def _another_key(draw: Random, place: Place, _: list[str]) -> None:
    holder, key = place
    if isinstance(holder, dict):
        holder[draw.choice((*KEYS, str(key) + " ", str(key).upper(), "\ud800", "k" * 5000))] = holder[key]


def _times(draw: Random, place: Place, _: list[str]) -> None:
    """A list longer or shorter than it was."""
    holder, key = place
    if isinstance(holder[key], list):
        holder[key] = (holder[key] * draw.choice(TIMES))[:1100]


def _wrapped(draw: Random, place: Place, _: list[str]) -> None:
    holder, key = place
    holder[key] = [holder[key]] if draw.random() < 0.5 else {"a": holder[key]}


def _as_text(_: Random, place: Place, __: list[str]) -> None:
    holder, key = place
    holder[key] = str(holder[key])


def _nudged(draw: Random, place: Place, _: list[str]) -> None:
    """A number nearby: lengths, shapes and bounds missed by a little."""
    holder, key = place
    if isinstance(holder[key], (int, float)) and abs(holder[key]) < 1e300:
        holder[key] += draw.choice((1, -1, 0.5, -1000, 2**32))


MUTATIONS: tuple[Callable[[Random, Place, list[str]], None], ...] = (
    *(_replace, _replace, _replace, _raw, _raw, _drop, _twice, _another_key),
    *(_times, _wrapped, _as_text, _nudged, _nudged),
)
