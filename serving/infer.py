"""The Open Inference Protocol's `infer`, whatever carries it: columns in, tensors out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from serving.outputs import OUTPUTS
from serving.refusal import as_details
from serving.scoring import Scoring

PLATFORM = "tollgate"  # what runs the model, as its metadata tell


@dataclass(frozen=True, slots=True)
class Output:
    """One tensor of an answer.

    Attributes:
        name: The output's name.
        datatype: Its datatype in the protocol.
        shape: Its shape: (rows,).
        values: A value a row.
    """

    name: str
    datatype: str
    shape: list[int]
    values: list[Any]


class Infer:
    """Answers `infer` for one bundle.

    Attributes:
        scoring: The bundle.
        name: The model's name.
        version: Its version: the first twelve digits of the bundle's digest.
    """

    def __init__(self, scoring: Scoring, name: str) -> None:
        self.scoring = scoring
        self.name = name
        self.version = scoring.bundle.digest[:12]

    def infer(
        self, columns: Mapping[str, list[Any]], outputs: Sequence[str]
    ) -> tuple[list[Output], dict[str, Any]]:
        """Score columns of equal length.

        Returns:
            The tensors asked for, and parameters of the answer: warnings as JSON text where there are some.

        Raises:
            RefusalError: The columns break the contract, or are too long.
        """
        limits = self.scoring.limits
        most = limits.max_explained if "reasons" in outputs else limits.max_rows
        checked = self.scoring.check_columns(columns, most)
        answers = self.scoring.answers(checked.rows, outputs)
        tensors = [_tensor(name, values) for name, values in answers.items()]
        if not checked.warnings:
            return tensors, {}
        return tensors, {"warnings": msgspec.json.encode(as_details(checked.warnings)).decode()}


def _tensor(name: str, values: list[Any]) -> Output:
    """A tensor; what is neither a number nor a text travels as JSON text."""
    if name == "reasons":
        values = [msgspec.json.encode(value).decode() for value in values]
    return Output(name, OUTPUTS[name], [len(values)], values)
