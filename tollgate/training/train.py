"""Training: fit, calibrate, choose a threshold, and build the bundle that does exactly the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from threadpoolctl import threadpool_limits

from tollgate.bundle.files import with_manifest
from tollgate.bundle.golden import golden_requests, write_golden
from tollgate.bundle.scorer import Scorer
from tollgate.canonical import canonical_json
from tollgate.contract import Contract, RowChecker
from tollgate.errors import ModelError
from tollgate.training.decision import choose_threshold
from tollgate.training.graph import GraphBuilder
from tollgate.training.models import MODELS, Model
from tollgate.training.reference import reference_profile, typical_values
from tollgate.training.section import TrainSection

Floats = NDArray[np.float64]
MOST_DIFFERENCE = 1e-9
EXPLAIN_VERSION = 1


@dataclass(frozen=True)
class Part:
    """Rows of one part.

    Attributes:
        rows: Shape (rows, features), as the contract encodes them.
        events: 1.0 where the event happened, shape (rows,).
    """

    rows: Floats
    events: Floats


@dataclass(frozen=True)
class Trained:
    """A bundle, and what was measured while it was made.

    Attributes:
        digest: The bundle's digest.
        files: The bundle's files by name, the manifest last.
        facts: Rows of each part, threshold, approve rate reached, parity; JSON values.
    """

    digest: str
    files: dict[str, bytes]
    facts: dict[str, Any]


def train(contract: Contract, section: TrainSection, parts: Mapping[str, Part], holdout: Floats) -> Trained:
    """Train a model and build its bundle.

    Args:
        contract: What rows look like.
        section: Which model, and how it decides.
        parts: The parts fit, calibration and threshold.
        holdout: The features of the holdout, to measure parity on; its outcomes are not needed.

    Raises:
        ModelError: The model cannot be fitted, or the graph does not score as the pipeline does.
    """
    model, pipeline = _fit(contract, section, parts)
    clip = 1 / (2 * len(parts["calibration"].events))
    undecided = Scorer(_graph(model, pipeline, clip, 0.5, len(contract.features)))
    decided_on = parts["threshold"]
    probability = undecided.score(decided_on.rows).probability
    threshold = choose_threshold(section.decision, probability, decided_on.events)
    graph = _graph(model, pipeline, clip, threshold, len(contract.features))
    twins = _Twins(pipeline, Scorer(graph), clip)
    every_row = np.concatenate([*(part.rows for part in parts.values()), holdout])
    expected, found = twins.score(every_row)
    digest, files = with_manifest(_files(contract, parts, graph, twins))
    facts = {
        "model": section.model,
        "rows": {name: len(part.events) for name, part in parts.items()},
        "events": {name: int(part.events.sum()) for name, part in parts.items()},
        "threshold": threshold,
        "approve_rate": float(twins.scorer.score(decided_on.rows).approved.mean()),
        "parity": {"rows": len(every_row), "worst": float(np.abs(expected - found).max())},
    }
    return Trained(digest, files, facts)


@dataclass(frozen=True)
class _Twins:
    """The same model twice: as scikit-learn scores it, and as the graph does.

    Attributes:
        pipeline: The fitted and calibrated model.
        scorer: The graph.
        clip: How far a probability stays away from 0 and 1.
    """

    pipeline: Any
    scorer: Scorer
    clip: float

    def score(self, rows: Floats) -> tuple[Floats, Floats]:
        """The probability by pipeline and by graph.

        Raises:
            ModelError: They differ.
        """
        with threadpool_limits(limits=1):
            expected = np.clip(self.pipeline.predict_proba(rows)[:, 1], self.clip, 1 - self.clip)
        found = self.scorer.score(rows).probability
        difference = np.abs(expected - found)
        if not np.all(difference <= MOST_DIFFERENCE):  # also where one of them is not a number
            raise ModelError(
                f"the graph differs from the trained pipeline by up to {np.max(difference):.3g}; "
                f"allowed is {MOST_DIFFERENCE:g}"
            )
        return expected, found


def _files(contract: Contract, parts: Mapping[str, Part], graph: bytes, twins: _Twins) -> dict[str, bytes]:
    """The files of the bundle but its manifest."""
    requests = golden_requests(contract, typical_values(contract, parts["fit"].rows))
    golden, problems = RowChecker(contract).check(requests)
    if problems:
        raise ModelError(f"a golden request breaks the contract: {problems[0].column}: {problems[0].message}")
    held_back = twins.scorer.score(parts["calibration"].rows)
    return {
        "model.onnx": graph,
        "contract.json": json.dumps(contract.as_json(), ensure_ascii=False, separators=(",", ":")).encode(),
        "reference.json": reference_profile(contract, parts["fit"].rows, held_back),
        "explain.json": canonical_json({"version": EXPLAIN_VERSION, "kind": "none"}),
        "golden.json": write_golden(requests, *twins.score(golden)),
    }


def _fit(contract: Contract, section: TrainSection, parts: Mapping[str, Part]) -> tuple[Model, Any]:
    """The fitted model, and it with its sigmoid calibration (Platt 1999) as scikit-learn scores it."""
    for name in ("fit", "calibration"):
        if len(np.unique(parts[name].events)) < 2:
            raise ModelError(f"the model cannot be fitted: all rows of the {name} part have the same outcome")
    model = MODELS[section.model](contract, section.seed)
    # A frozen model is only scored: the folds shape nothing, but scikit-learn wants each class in each.
    pipeline = CalibratedClassifierCV(FrozenEstimator(model.estimator), method="sigmoid", cv=2)
    try:
        with threadpool_limits(limits=1):  # sums in another order would be other bits
            model.fit(parts["fit"].rows, parts["fit"].events)
            pipeline.fit(parts["calibration"].rows, parts["calibration"].events)
    except ValueError as error:
        raise ModelError(f"the model cannot be fitted: {error}") from error
    return model, pipeline


def _graph(model: Model, pipeline: Any, clip: float, threshold: float, features: int) -> bytes:
    """The whole of encoding, model, calibration and decision as one graph."""
    builder = GraphBuilder()
    calibrator = pipeline.calibrated_classifiers_[0].calibrators[0]
    margin = builder.node("Squeeze", model.margin(builder), builder.constant([1], np.int64), output="margin")
    scaled = builder.node("Mul", margin, builder.constant(-calibrator.a_))
    shifted = builder.node("Sub", scaled, builder.constant(calibrator.b_))
    sigmoid = builder.node("Sigmoid", shifted)
    probability = builder.node(
        "Clip", sigmoid, builder.constant(clip), builder.constant(1 - clip), output="probability"
    )
    builder.node("Less", probability, builder.constant(threshold), output="approved")
    return builder.finish(features)
