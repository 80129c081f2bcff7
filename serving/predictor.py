"""The predictor: a verified bundle behind KServe's model interface."""

from pathlib import Path
from typing import Any

import numpy as np
from kserve import Model

from serving.refusal import RefusalError, broken_contract
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scores
from tollgate.contract import Problem, RowChecker

MOST_ROWS = 1000
_DATATYPES = {"number": "FP64", "integer": "INT64", "boolean": "BOOL", "category": "BYTES", "date": "BYTES"}


class Predictor(Model):  # type: ignore[misc]  # kserve has no types
    """Scores rows with one bundle.

    Attributes:
        digest: The digest that the bundle must have.
    """

    def __init__(self, name: str, folder: Path, digest: str) -> None:
        super().__init__(name)
        self.digest = digest
        self._folder = folder
        self._bundle: Bundle | None = None
        self._checker: RowChecker | None = None

    def load(self) -> bool:
        """Verify the bundle and score its golden requests; ready only when all of them reproduce.

        Raises:
            BundleError: The bundle is not the expected one, or does not score as it did.
        """
        bundle = Bundle.load(self._folder, self.digest)
        bundle.prove()
        self._bundle, self._checker = bundle, RowChecker(bundle.contract)
        self.ready = True
        return True

    def score(self, rows: list[Any]) -> Scores:
        """Check rows against the contract, and score them.

        Raises:
            RefusalError: 400: too many rows, rows that break the contract, or that the model can give no finite
                score.
        """
        if self._bundle is None or self._checker is None:
            raise RefusalError(503, "the model is not loaded yet")
        if len(rows) > MOST_ROWS:
            raise RefusalError(400, f"{len(rows)} rows; at most {MOST_ROWS} are scored at once")
        encoded, problems = self._checker.check(rows)
        if problems:
            raise broken_contract(problems)
        scores = self._bundle.score(encoded)
        finite = np.isfinite(scores.probability) & np.isfinite(scores.margin)
        if not np.all(finite):
            raise broken_contract([_no_score(int(row)) for row in np.flatnonzero(~finite)])
        return scores

    def get_input_types(self) -> list[dict[str, Any]]:
        """The inputs that the V2 metadata route shows: one a feature, in the contract's order."""
        columns = self._bundle.contract.columns if self._bundle else {}
        features = self._bundle.contract.features if self._bundle else ()
        kinds = [(name, columns[name]) for name in features]
        return [
            {"name": name, "datatype": _datatype(column.type, column.values), "shape": [-1]}
            for name, column in kinds
        ]

    def get_output_types(self) -> list[dict[str, Any]]:
        """The outputs that the V2 metadata route shows."""
        kinds = (("probability", "FP64"), ("margin", "FP64"), ("approved", "BOOL"))
        return [{"name": name, "datatype": kind, "shape": [-1]} for name, kind in kinds]


def _no_score(row: int) -> Problem:
    return Problem(row, None, "score", "", "the score is not finite: a number is too large for the model")


def _datatype(kind: str | None, values: tuple[Any, ...] | None) -> str:
    if values and isinstance(values[0], int):
        return "INT64"
    return _DATATYPES[kind or "category"]
