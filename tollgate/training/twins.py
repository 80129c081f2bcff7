"""The same model twice, as scikit-learn scores it and as the graph does, and the proof that they agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tollgate.bundle.scorer import Scorer
from tollgate.contract import Contract
from tollgate.errors import ModelError

Floats = NDArray[np.float64]
MOST_DIFFERENCE = 1e-9
TINY = float(np.nextafter(0, 1))
HUGE = 1e12


@dataclass(frozen=True)
class Twins:
    """A fitted model twice.

    Attributes:
        classifier: The fitted and calibrated scikit-learn classifier.
        estimator: The classifier before calibration, whose decision function is the margin.
        scorer: The graph.
        clip: How far a probability stays away from 0 and 1.
    """

    classifier: Any
    estimator: Any
    scorer: Scorer
    clip: float

    def score(self, rows: Floats) -> tuple[Floats, Floats]:
        """The probability by scikit-learn and by graph, each of shape (rows,).

        Raises:
            ModelError: They differ, or the margins do, or scikit-learn cannot score the rows.
        """
        expected, margin = self._plain(rows)
        found = self.scorer.score(rows)
        _refuse(np.abs(expected - found.probability), "probability")
        _refuse_margins(margin, found.margin)
        return expected, found.probability

    def refuse_steep(self, steeps: tuple[Floats, Floats], rows: Floats) -> None:
        """Refuse a calibration so steep that the last bit of a margin moves a probability too far.

        Args:
            steeps: Where the probability rises, and how steeply; see `Calibration.steeps`.
            rows: Rows that show how far the two forms differ at margins of each size.

        Raises:
            ModelError: The parity of 1e-9 cannot be promised, or the margins differ.
        """
        _, margin = self._plain(rows)
        found = self.scorer.score(rows).margin
        _refuse_margins(margin, found)
        sizes, slopes = np.abs(steeps[0]), steeps[1]
        noise = np.maximum(_apart_up_to(2 * sizes + 1, margin, found), np.spacing(sizes))
        if np.any(slopes * noise > MOST_DIFFERENCE):
            worst = int(np.argmax(slopes * noise))
            raise ModelError(
                f"the calibration rises by {slopes[worst]:.3g} for each unit of the margin, which is sure to "
                f"{noise[worst]:.1g}: graph and trained model cannot agree to {MOST_DIFFERENCE:g}. The classes are all "
                "but separated, or isotonic steps are too near: look for a feature that leaks the target, or use "
                "another calibration"
            )

    def _plain(self, rows: Floats) -> tuple[Floats, Floats]:
        """Probability and margin by scikit-learn."""
        try:
            with threadpool_limits(limits=1):
                probability = self.classifier.predict_proba(rows)[:, 1]
                margin = np.asarray(self.estimator.decision_function(rows))
        except ValueError as error:
            raise ModelError(f"the trained model cannot score some rows: {error}") from error
        return np.clip(probability, self.clip, 1 - self.clip), margin


def probes(contract: Contract, rows: Floats, cuts: Mapping[int, Floats]) -> Floats:
    """Rows where two forms of a model would differ first.

    Each starts from one of the rows given; one feature is missing, a category, a denormal, zero, far out of range,
    or lies exactly at, or one unit in the last place beside, a value at which the margin may jump.

    Args:
        contract: What rows look like.
        rows: Rows to start from, shape (some, features).
        cuts: By the place of a feature the values at which the margin may jump.
    """
    made = []
    for place, name in enumerate(contract.features):
        column = contract.columns[name]
        if column.values is not None:
            values = np.arange(len(column.values) + (column.unknown == "other"), dtype=np.float64)
        else:
            edges = cuts.get(place, np.array([]))
            beside = np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf)
            values = np.r_[edges, *beside, 0.0, -0.0, TINY, -TINY, HUGE, -HUGE]
        values = np.r_[values, np.nan]
        some = rows[np.arange(len(values)) % len(rows)].copy()
        some[:, place] = values
        made.append(some)
    return np.concatenate(made)


def _apart_up_to(sizes: Floats, expected: Floats, found: Floats) -> Floats:
    """How far margins differ at the most among those up to each size; larger ones are less exact."""
    order = np.argsort(np.abs(expected))
    largest = np.r_[0.0, np.maximum.accumulate(np.abs(expected - found)[order])]
    return np.asarray(largest[np.searchsorted(np.abs(expected)[order], sizes, side="right")])


def _refuse_margins(expected: Floats, found: Floats) -> None:
    _refuse(np.abs(expected - found) / np.maximum(1, np.abs(expected)), "margin")


def _refuse(difference: Floats, what: str) -> None:
    if not np.all(difference <= MOST_DIFFERENCE):  # also where one of them is not a number
        raise ModelError(
            f"the graph differs from the trained pipeline by up to {np.max(difference):.3g} in the {what}; "
            f"allowed is {MOST_DIFFERENCE:g}"
        )
