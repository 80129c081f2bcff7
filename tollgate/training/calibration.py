"""From a model's margin to a probability: fitted by scikit-learn on its own part, and the same as a graph."""

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from threadpoolctl import threadpool_limits

from tollgate.errors import ModelError
from tollgate.training.graph import GraphBuilder
from tollgate.training.part import Part
from tollgate.training.section import Method

Floats = NDArray[np.float64]
FEWEST_EVENTS = 1000
FEWEST_OF_AN_OUTCOME = 2
FAR = 500.0  # powers this far from 0 are usual float64s, and exact to 1e-13
DIGITS = 6  # margins that differ by less are one to isotonic calibration: sums in another order must not make a step


class Calibration(Protocol):
    """A fitted calibration.

    Attributes:
        classifier: The calibrated scikit-learn classifier.
    """

    classifier: Any

    def probability(self, builder: GraphBuilder, margin: str) -> str:
        """Add the calibration to a graph: from the margin, shape (rows,), to the probability."""

    def steeps(self) -> tuple[Floats, Floats]:
        """Where the probability rises: margins, and its steepest slope at each, both of shape (places,)."""


def calibrate(method: Method, estimator: Any, part: Part) -> Calibration:
    """Calibrate a fitted classifier.

    Args:
        method: How.
        estimator: The fitted classifier.
        part: The calibration part.

    Raises:
        ModelError: The part holds too few events for this method.
    """
    refuse_few(method, part)
    if method == "none":
        return Uncalibrated(estimator)
    events = int(part.events.sum())
    if min(events, len(part.events) - events) < FEWEST_OF_AN_OUTCOME:
        raise ModelError(
            f"train.calibration {method} needs at least {FEWEST_OF_AN_OUTCOME} rows of each outcome in the calibration "
            f"part, and it has {events} events in {len(part.events)} rows: use a longer split.calibration, or none"
        )
    # A frozen model is only scored: the folds shape nothing, but scikit-learn wants each class in each.
    classifier = CalibratedClassifierCV(FrozenEstimator(estimator), method=method, cv=2)
    with threadpool_limits(limits=1):
        classifier.fit(part.rows, part.events)
        margin = np.asarray(estimator.decision_function(part.rows))
    curve = _calibrator(classifier)
    if method == "isotonic":
        curve.fit(np.round(margin, DIGITS), part.events)
        return Isotonic(classifier)
    if curve.a_ > 0:  # falls: never let a probability move against its margin, as isotonic does not either
        curve.a_, curve.b_ = 0.0, float(np.log((len(part.events) - events) / events))
    return Sigmoid(classifier)


def refuse_few(method: Method, part: Part) -> None:
    """Refuse isotonic calibration where its part holds too few events.

    Raises:
        ModelError: It does; the message says how many are needed.
    """
    events = int(part.events.sum())
    if method == "isotonic" and events < FEWEST_EVENTS:
        raise ModelError(
            f"train.calibration isotonic needs at least {FEWEST_EVENTS} events in the calibration part, and it has "
            f"{events}: a step function fitted to fewer repeats their noise. Use sigmoid, or a longer split.calibration"
        )


class Uncalibrated:
    """The margin as log odds."""

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier

    def probability(self, builder: GraphBuilder, margin: str) -> str:
        """See `Calibration`."""
        return _inverse_logit(builder, margin, -1.0, 0.0)

    def steeps(self) -> tuple[Floats, Floats]:
        """See `Calibration`."""
        return np.array([0.0]), np.array([0.25])


class Sigmoid:
    """A logistic curve over the margin (Platt 1999); flat at the event rate where it would fall."""

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier
        self._curve = _calibrator(classifier)

    def probability(self, builder: GraphBuilder, margin: str) -> str:
        """See `Calibration`."""
        return _inverse_logit(builder, margin, self._curve.a_, self._curve.b_)

    def steeps(self) -> tuple[Floats, Floats]:
        """See `Calibration`."""
        fall = float(self._curve.a_)
        return np.array([-float(self._curve.b_) / fall if fall else 0.0]), np.array([-fall / 4])


class Isotonic:
    """A rising curve of straight pieces over the margin (Zadrozny, Elkan 2002)."""

    def __init__(self, classifier: Any) -> None:
        self.classifier = classifier
        curve = _calibrator(classifier)
        self._margins = np.asarray(curve.X_thresholds_, dtype=np.float64)
        self._probabilities = np.asarray(curve.y_thresholds_, dtype=np.float64)
        self._slopes = np.diff(self._probabilities) / np.diff(self._margins)

    def probability(self, builder: GraphBuilder, margin: str) -> str:
        """See `Calibration`."""
        if not len(self._slopes):
            level = builder.constant(self._probabilities[0])
            return builder.node("Add", builder.node("Mul", margin, builder.constant(0.0)), level)
        ends = builder.constant(self._margins[0]), builder.constant(self._margins[-1])
        inside = builder.node("Clip", margin, *ends)
        column = builder.node("Unsqueeze", inside, builder.constant([1], np.int64))
        passed = builder.node("GreaterOrEqual", column, builder.constant(self._margins[1:-1]))
        piece = builder.whole(
            builder.node("ReduceSum", builder.number(passed), builder.constant([1], np.int64), keepdims=0)
        )

        def of_piece(values: Floats) -> str:
            return builder.node("Gather", builder.constant(values), piece)

        beyond = builder.node("Sub", inside, of_piece(self._margins[:-1]))
        risen = builder.node("Mul", of_piece(self._slopes), beyond)
        return builder.node("Add", risen, of_piece(self._probabilities[:-1]))

    def steeps(self) -> tuple[Floats, Floats]:
        """See `Calibration`."""
        return np.maximum(np.abs(self._margins[:-1]), np.abs(self._margins[1:])), self._slopes


def _inverse_logit(builder: GraphBuilder, margin: str, slope: float, shift: float) -> str:
    """1 / (1 + exp(slope * margin + shift)).

    It is exp(-shift) / (exp(-shift) + exp(slope) ^ margin) where that is as exact, for there are two nodes less to run.
    The runtime's Sigmoid and Exp round otherwise where they have fewer rows than a register of the processor holds, and
    a row must score the same alone and among others. Its Pow takes one row after the other.
    """
    if max(abs(slope), abs(shift), abs(shift / slope) if slope else math.inf) <= FAR:
        base, power, level = math.exp(slope), margin, math.exp(-shift)
    else:
        bits = 1 / math.log(2)
        scaled = builder.node("Mul", margin, builder.constant(slope * bits))
        base, power, level = 2.0, builder.node("Add", scaled, builder.constant(shift * bits)), 1.0
    odds = builder.node("Pow", builder.constant(base), power)
    constant = builder.constant(level)
    return builder.node("Div", constant, builder.node("Add", odds, constant))


def _calibrator(classifier: Any) -> Any:
    return classifier.calibrated_classifiers_[0].calibrators[0]
