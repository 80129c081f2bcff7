"""A bundle, read, verified and ready to score."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import prove_explained
from tollgate.bundle.files import read_files
from tollgate.bundle.golden import read_golden, reproduce
from tollgate.bundle.golden_requests import refuse_unshown
from tollgate.bundle.reference import read_reference
from tollgate.bundle.scorer import Scorer, Scores
from tollgate.bundle.single import Score
from tollgate.contract import Contract, Problem, RowChecker
from tollgate.errors import BundleError
from tollgate.reasons.reasoner import Reasoner


@dataclass(frozen=True)
class Bundle:
    """A verified bundle.

    Attributes:
        digest: Its name, the sha256 of its manifest.
        contract: What a row must look like.
        checker: The contract, as it is applied to rows.
        scorer: Its graph, loaded.
        reasoner: Why rows get their margin, and whether they are like those that the model knows.
        files: The verified content of its files by name.
    """

    digest: str
    contract: Contract
    checker: RowChecker
    scorer: Scorer
    reasoner: Reasoner
    files: dict[str, bytes]

    @classmethod
    def load(cls, folder: Path, expect: str | None = None) -> Self:
        """Read and verify a bundle, and load its graph.

        Args:
            folder: The bundle's folder.
            expect: The digest that it must have, or None to take the one that it has.

        Raises:
            BundleError: The bundle is not what its digest says, or contract and graph disagree.
        """
        found, files = read_files(folder, expect)
        try:
            contract = Contract.from_json(json.loads(files["contract.json"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BundleError(f"{folder}: contract.json cannot be read") from error
        try:
            scorer = Scorer(files["model.onnx"])
        except BundleError as error:
            raise BundleError(f"{folder}: model.onnx: {error}") from error
        count = len(contract.features)
        if scorer.features != count:
            raise BundleError(
                f"{folder}: model.onnx and contract.json do not belong together: "
                f"the graph takes {scorer.features} features, the contract has {count}"
            )
        try:
            reasoner = Reasoner(files["explain.json"], contract)
        except BundleError as error:
            raise BundleError(f"{folder}: {error}") from error
        return cls(found, contract, RowChecker(contract), scorer, reasoner, files)

    def prove(self) -> float:
        """Score the golden requests again, and hold every part of the bundle against the others.

        Returns:
            The largest difference from the scores that the golden requests had when the bundle was made.

        Raises:
            BundleError: A request is refused or scores otherwise, or a file does not fit contract and graph.
        """
        worst = reproduce(self.files["golden.json"], self.checker, self.scorer)
        requests = read_golden(self.files["golden.json"]).requests
        refuse_unshown(self.contract, requests)
        read_reference(self.files["reference.json"], self.contract)
        self.reasoner.prepare()
        golden, _ = self.checker.check(requests)
        prove_explained(self.files["explain.json"], self.contract.features, golden, self.scorer)
        return worst

    def check(self, rows: list[Any]) -> tuple[NDArray[np.float64], list[Problem]]:
        """Check rows against the contract and encode them; see `RowChecker.check`."""
        return self.checker.check(rows)

    def score(self, rows: NDArray[np.float64]) -> Scores:
        """Score encoded rows; see `Scorer.score`."""
        return self.scorer.score(rows)

    def score_row(self, row: Any) -> Score | list[Problem]:
        """Check and score one row, in half the time that `check` and `score` take.

        Args:
            row: A row as decoded from JSON.

        Returns:
            Its score, or what is wrong with it.

        Raises:
            BundleError: The graph breaks on this row.
        """
        typed = self.checker.typed.typed([row])
        score = None if typed is None else self.scorer.score_row(self.checker.typed.encode, typed)
        if score is not None:
            return score
        encoded, problems = self.checker.check([row])
        return problems or Score(*(values[0].item() for values in self.scorer.score(encoded)))
