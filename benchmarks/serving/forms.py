"""The forms that servers want a request in, and where the scores stand in their answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.serving.problem import NAMES, NUMBERS

Row = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """How rows are asked for.

    Attributes:
        write: A request's body from rows as objects, and as lists of numbers.
        read: The probabilities in an answer.
        shown: The form in words, for the page.
    """

    write: Callable[[list[Row], list[list[float]]], Any]
    read: Callable[[Any], list[float]]
    shown: str

    def body(self, rows: list[Row], encoded: list[list[float]]) -> bytes:
        """The body of a request, on one line."""
        return json.dumps(self.write(rows, encoded), separators=(",", ":")).encode()

    def scores(self, body: bytes) -> list[float]:
        """The probabilities in the body of an answer."""
        return [float(value) for value in self.read(json.loads(body))]


def _of_pairs(pairs: list[list[float]]) -> list[float]:
    return [pair[1] for pair in pairs]


def _by_column(rows: list[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in NAMES}


def _named(outputs: Any) -> list[float]:
    found: list[float] = outputs["probability"] if isinstance(outputs, dict) else outputs
    return found


def tensors(rows: list[Row]) -> list[dict[str, Any]]:
    """V2 inputs, one a column."""
    return [
        {
            "name": name,
            "shape": [len(rows)],
            "datatype": "FP64" if at < NUMBERS else "BYTES",
            "data": [row[name] for row in rows],
        }
        for at, name in enumerate(NAMES)
    ]


def _flat_pairs(answer: Any) -> list[float]:
    values: list[Any] = answer["outputs"][0]["data"]
    return _of_pairs(values) if isinstance(values[0], list) else values[1::2]


V1 = Form(lambda rows, _: {"instances": rows}, lambda answer: answer["predictions"], "V1, a row an object")
REASONS = Form(
    lambda rows, _: {"instances": rows, "parameters": {"outputs": ["probability", "reasons"]}},
    lambda answer: answer["predictions"],
    "V1 with reasons",
)
COLUMNS = Form(
    lambda rows, _: {"inputs": _by_column(rows)},
    lambda answer: _named(answer["outputs"]),
    "V1, `inputs` by column",
)
FRAMES = Form(
    lambda rows, _: {"instances": [_by_column([row]) for row in rows]},
    lambda answer: _of_pairs(answer["predictions"]),
    "V1, a row an object of lists of one value, as it wants them",
)
FRAME = Form(
    lambda rows, _: {"instances": [_by_column(rows)]},
    lambda answer: _of_pairs(answer["predictions"]),
    "V1, all rows as one object of columns",
)
V2_FRAME = Form(
    lambda rows, _: {
        "parameters": {"content_type": "pd"},
        "inputs": tensors(rows),
        "outputs": [{"name": "predict_proba"}],
    },
    _flat_pairs,
    "V2, a tensor a column, content type `pd`",
)
V2_MATRIX = Form(
    lambda _, encoded: {
        "inputs": [
            {
                "name": "features",
                "shape": [len(encoded), len(NAMES)],
                "datatype": "FP64",
                "data": [value for row in encoded for value in row],
            }
        ]
    },
    lambda answer: answer["outputs"][0]["data"],
    "V2, one tensor of numbers, categories already encoded",
)
SPLIT = Form(
    lambda rows, _: {
        "dataframe_split": {"columns": NAMES, "data": [[row[name] for name in NAMES] for row in rows]}
    },
    lambda answer: _of_pairs(answer["predictions"]),
    "`dataframe_split`",
)
