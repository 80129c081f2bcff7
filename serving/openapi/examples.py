"""Examples that work as they stand, made from the bundle's golden requests: rows that are no person's."""

import json
from dataclasses import dataclass
from typing import Any

from serving.predictor import datatype
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.golden import read_golden

ROWS = 2


@dataclass(frozen=True)
class Example:
    """A body, and what is answered to it.

    Attributes:
        title: What it shows, in a few words.
        body: The request's body.
        answer: The answer's body, where it is known without scoring.
        query: What its address ends in.
    """

    title: str
    body: dict[str, Any]
    answer: dict[str, Any] | None = None
    query: str = ""


class Examples:
    """The examples of one bundle.

    Attributes:
        v1: Of `:predict`.
        v2: Of `infer`.
        explain: Of `:explain`, where the model gives reasons.
        broken: What is said of a cell that breaks the contract.
        partial: Of `:predict` with a row that breaks the contract, where more than one is taken at once.
    """

    def __init__(self, bundle: Bundle, name: str, version: str, most: int) -> None:
        golden = read_golden(bundle.files["golden.json"])
        features, columns = bundle.contract.features, bundle.contract.columns
        self._rows = [{name: row[name] for name in features} for row in golden.requests[: min(ROWS, most)]]
        self._scores = [float(score) for score in golden.probability[: len(self._rows)]]
        by_column = {name: [row[name] for row in self._rows] for name in features}
        predictions = {"predictions": self._scores}
        self.v1 = {
            "rows": Example("rows as objects", {"instances": self._rows}, predictions),
            "lists": Example(
                "rows as lists, in the contract's order",
                {"instances": [list(row.values()) for row in self._rows]},
                predictions,
            ),
            "columns": Example(
                "by column, as TensorFlow Serving takes it", {"inputs": by_column}, {"outputs": self._scores}
            ),
        }
        tensors = [
            {"name": name, "datatype": datatype(columns[name]), "shape": [len(self._rows)], "data": values}
            for name, values in by_column.items()
        ]
        answered = {
            "name": "probability",
            "datatype": "FP64",
            "shape": [len(self._rows)],
            "data": self._scores,
        }
        head = {"model_name": name, "model_version": version, "id": "example-1"}
        self.v2 = {
            "tensors": Example(
                "one tensor a column",
                {"id": "example-1", "inputs": tensors, "outputs": [{"name": "probability"}]},
                head | {"outputs": [answered]},
            )
        }
        self.broken = {
            "row": 1,
            "column": features[0][:64],
            "rule": "missing_column",
            "value": "",
            "message": "the column is not there; send null if the value is missing",
        }
        self.explain: dict[str, Example] = {}
        if bundle.reasoner.explains:
            asked = {"instances": self._rows[:1]}
            self.explain["row"] = Example("all that can be said of a row", asked)
        self.partial = self._partial(features[0]) if len(self._rows) > 1 else None

    def _partial(self, column: str) -> Example:
        """The first row sound, and one without a column."""
        less = {name: value for name, value in self._rows[-1].items() if name != column}
        return Example(
            "a row that breaks the contract does not stop the others",
            {"instances": [self._rows[0], less]},
            {"rows": [0], "predictions": self._scores[:1], "errors": [self.broken], "total": 1},
            "?partial=true",
        )


def as_text(value: dict[str, Any]) -> str:
    """A body as JSON on one line a key at most, in ASCII."""
    return json.dumps(value, allow_nan=False)
