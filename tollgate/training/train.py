"""Training: search, fit, calibrate, choose a threshold, and build the bundle that does exactly the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tollgate.bundle.files import with_manifest
from tollgate.bundle.scorer import Scorer
from tollgate.contract import Contract
from tollgate.errors import ModelError
from tollgate.training.again import again
from tollgate.training.calibration import Calibration, calibrate, refuse_few
from tollgate.training.content import bundle_files
from tollgate.training.decision import choose_threshold
from tollgate.training.dropped import dropped
from tollgate.training.graph import GraphBuilder
from tollgate.training.models import Model, find_model
from tollgate.training.part import Part
from tollgate.training.search import Heard, search
from tollgate.training.section import TrainSection
from tollgate.training.twins import Twins, probes

Floats = NDArray[np.float64]
YARDSTICK = "yardstick"
PLAIN = "logistic"


@dataclass(frozen=True)
class Trained:
    """A bundle, and what was measured while it was made.

    Attributes:
        digest: The bundle's digest.
        files: The bundle's files by name, the manifest last.
        relatives: Graphs of other models, by name, for evaluate: `yardstick` is a plain logistic model, trained on the
            very same parts; `sampled` and `without:FEATURE` are those of `dropped`; the model trained again is
            `seed ...` and `refit ...`.
        facts: Rows of each part, threshold, approve rate reached, trials, parity; JSON values.
    """

    digest: str
    files: dict[str, bytes]
    relatives: dict[str, bytes]
    facts: dict[str, Any]


def train(
    contract: Contract,
    section: TrainSection,
    parts: Mapping[str, Part],
    holdout: Floats,
    listen: Heard = lambda done, of: None,
) -> Trained:
    """Train a model and build its bundle.

    Args:
        contract: What rows look like.
        section: Which model, and how it decides.
        parts: The parts fit, calibration and threshold.
        holdout: The features of the holdout, to measure parity on; its outcomes are not needed.
        listen: Hears of a search how many trials are done, and how many there are.

    Raises:
        ModelError: The model cannot be fitted, or the graph does not score as the pipeline does.
    """
    refuse_few(section.calibration, parts["calibration"])  # before hours of search
    plain = TrainSection(model=PLAIN, seed=section.seed, decision=section.decision)
    yardstick = _fitted(contract, plain, parts, dict(plain.parameters))
    parameters, trials = _searched(contract, section, parts["fit"], listen)
    fitted = _fitted(contract, section, parts, parameters)
    every_row = np.concatenate([*(part.rows for part in parts.values()), holdout])
    fitted.twins.refuse_steep(fitted.calibration.steeps(), every_row)
    probed = probes(contract, every_row, fitted.model.cuts())
    worst = max(_apart(fitted.twins, rows) for rows in (every_row, probed))
    files = bundle_files(
        contract, parts, fitted.graph, fitted.twins, fitted.model, fitted.threshold, section.seed
    )
    digest, complete = with_manifest(files)
    decided = fitted.twins.scorer.score(parts["threshold"].rows)
    less = dropped(contract, section, parameters, parts, (fitted.model, fitted.twins.scorer))
    kin, told = again(
        section, parts, lambda section, parts: _fitted(contract, section, parts, parameters).graph
    )
    facts = {
        "model": section.model,
        "parameters": section.read_parameters(parameters).model_dump(mode="json"),
        "calibration": section.calibration,
        "decision": section.decision.as_json(),
        "rows": {name: len(part.events) for name, part in parts.items()},
        "events": {name: int(part.events.sum()) for name, part in parts.items()},
        "threshold": fitted.threshold,
        "approve_rate": float(decided.approved.mean()),
        "parity": {"rows": len(every_row), "probes": len(probed), "worst": worst},
        "dropped": less.facts,
        "again": told,
        **trials,
        **fitted.model.facts(),
    }
    return Trained(digest, complete, {YARDSTICK: yardstick.graph, **less.graphs, **kin}, facts)


def _apart(twins: Twins, rows: Floats) -> float:
    expected, found = twins.score(rows)
    return float(np.abs(expected - found).max())


@dataclass(frozen=True)
class _Fitted:
    """A model that was fitted, calibrated and given a threshold, in both its forms."""

    model: Model
    calibration: Calibration
    threshold: float
    graph: bytes
    twins: Twins


def _searched(
    contract: Contract, section: TrainSection, part: Part, listen: Heard
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters to fit with, and what a search has to tell."""
    if section.search is None:
        return dict(section.parameters), {}
    try:
        parameters, told = search(contract, section, part, listen)
    except ValueError as error:
        raise ModelError(f"the search for parameters failed: {error}") from error
    return parameters, {"search": told}


def _fitted(
    contract: Contract, section: TrainSection, parts: Mapping[str, Part], parameters: dict[str, Any]
) -> _Fitted:
    model, calibration = _fit(contract, section, parts, parameters)
    clip = 1 / (2 * len(parts["calibration"].events))
    features = len(contract.features)
    undecided = Scorer(_graph(model, calibration, clip, 0.5, features))
    decided_on = parts["threshold"]
    probability = undecided.score(decided_on.rows).probability
    threshold = choose_threshold(section.decision, probability, decided_on.events)
    graph = _graph(model, calibration, clip, threshold, features)
    twins = Twins(calibration.classifier, model.estimator, Scorer(graph), clip)
    return _Fitted(model, calibration, threshold, graph, twins)


def _fit(
    contract: Contract, section: TrainSection, parts: Mapping[str, Part], parameters: dict[str, Any]
) -> tuple[Model, Calibration]:
    for name in ("fit", "calibration"):
        if len(np.unique(parts[name].events)) < 2:
            raise ModelError(f"the model cannot be fitted: all rows of the {name} part have the same outcome")
    model = find_model(section.model)(contract, section.read_parameters(parameters), section.seed)
    try:
        with threadpool_limits(limits=1, user_api="blas"):  # sums in another order would be other bits
            model.fit(parts["fit"])
            return model, calibrate(section.calibration, model.estimator, parts["calibration"])
    except ValueError as error:
        raise ModelError(f"the model cannot be fitted: {error}") from error


def _graph(model: Model, calibration: Calibration, clip: float, threshold: float, features: int) -> bytes:
    """The whole of encoding, model, calibration and decision as one graph."""
    builder = GraphBuilder()
    margin = builder.node("Squeeze", model.margin(builder), builder.constant([1], np.int64), output="margin")
    curve = calibration.probability(builder, margin)
    probability = builder.node(
        "Clip", curve, builder.constant(clip), builder.constant(1 - clip), output="probability"
    )
    builder.node("Less", probability, builder.constant(threshold), output="approved")
    return builder.finish(features)
