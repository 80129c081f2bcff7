"""Models that never saw one of the features, for those that cost most: what evaluate compares on the holdout."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, runtime_checkable

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from threadpoolctl import threadpool_limits

from tollgate.bundle.scorer import INPUT, Scorer
from tollgate.contract import Contract
from tollgate.errors import ModelError
from tollgate.evaluation.delong import auc
from tollgate.training.graph import GraphBuilder
from tollgate.training.models import Model, find_model
from tollgate.training.part import Mask, Part
from tollgate.training.section import TrainSection

MOST_FEATURES = 5
COSTLY = 0.02  # of ROC AUC: what costs less when it is shuffled costs no more when it is dropped
MOST_ROWS = 20_000
PERMUTED_CELLS, PERMUTED_ROWS = 2_000_000, 10_000
SAMPLED, WITHOUT = "sampled", "without:"
KEPT = "kept_features"
Places = NDArray[np.intp]
Refit = Callable[[Contract, Part], Model]


@runtime_checkable
class Sized(Protocol):
    """A model that found its own size in fitting, and can be fitted again to other columns without finding it anew."""

    def again(self, contract: Contract) -> Model:
        """The same for other columns, not fitted yet."""


@dataclass(frozen=True)
class Dropped:
    """Graphs of models that were fitted to some of the fit part.

    Attributes:
        graphs: `sampled`, of all features, and `without:FEATURE` for some; all take every feature.
        facts: The rows that they were fitted to, the features that cost most, and why some have no model.
    """

    graphs: dict[str, bytes]
    facts: dict[str, Any]


def dropped(
    contract: Contract,
    section: TrainSection,
    parameters: Mapping[str, Any],
    parts: Mapping[str, Part],
    fitted: tuple[Model, Scorer],
) -> Dropped:
    """Fit the model again without each of the features that cost most.

    Same model, same parameters, no search, and the size that was found for it where the model can tell (`again`); on
    at most 20,000 rows of the fit part, and the whole model on the very same ones.

    Args:
        contract: What rows look like.
        section: The model and its seed.
        parameters: The parameters that it was fitted with.
        parts: The parts fit and calibration.
        fitted: The model as it was fitted to the whole fit part, and its graph.
    """
    features, fit = contract.features, parts["fit"]
    some = _drawn(len(fit.events), MOST_ROWS, section.seed)
    costly = _costly(fitted[1], parts["calibration"], section.seed) if len(features) > 1 else []
    facts: dict[str, Any] = {"rows": int(some.sum()), "features": [features[place] for place in costly]}
    graphs: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    part = fit if some.all() else fit.only(some)
    refit = partial(_fit, section, parameters, fitted[0])
    for place in (None, *costly) if costly else ():
        name = SAMPLED if place is None else WITHOUT + features[place]
        try:
            if place is not None:
                graphs[name] = _without(place, contract, refit, part)
            else:
                whole = fitted[0] if some.all() else refit(contract, part)
                graphs[name] = _plain(whole, len(features))
        except (ValueError, ModelError) as error:
            failed[name.removeprefix(WITHOUT)] = str(error)[:200]
    return Dropped(graphs, {**facts, "failed": failed})


def _without(place: int, contract: Contract, refit: Refit, part: Part) -> bytes:
    """The graph of a model that never saw one feature, taking all of them."""
    features = contract.features
    kept = np.delete(np.arange(len(features)), place)
    less = {name: column for name, column in contract.columns.items() if name != features[place]}
    model = refit(Contract.of(less), Part(part.rows[:, kept], part.events, part.order))
    return taking_all(_plain(model, len(kept)), kept, len(features))


def taking_all(graph: bytes, kept: Places, features: int) -> bytes:
    """A graph of some of the features as one that takes all of them.

    Args:
        graph: The graph.
        kept: The places of the features that it looks at.
        features: How many there are.
    """
    model = onnx.load_model_from_string(graph)
    _renamed(model.graph)
    places = numpy_helper.from_array(np.asarray(kept, dtype=np.int64), f"{KEPT}_places")
    model.graph.initializer.append(places)
    model.graph.node.insert(0, helper.make_node("Gather", [INPUT, places.name], [KEPT], axis=1))
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = features
    return bytes(model.SerializeToString(deterministic=True))


def _renamed(graph: onnx.GraphProto) -> None:
    """What nodes take as features, those inside of other nodes too, is what was kept of them."""
    for node in graph.node:
        for at, name in enumerate(node.input):
            if name == INPUT:
                node.input[at] = KEPT
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                _renamed(inner)


def _costly(scorer: Scorer, part: Part, seed: int) -> list[int]:
    """The features whose permutation costs the most ROC AUC, and not little (Breiman 2001), the costliest first."""
    features = part.rows.shape[1]
    some = _drawn(len(part.events), min(PERMUTED_ROWS, max(500, PERMUTED_CELLS // features)), seed)
    event, rows = part.events[some], part.rows[some].copy()
    if len(np.unique(event)) < 2:
        return []
    order = np.random.default_rng(seed).permutation(len(rows))
    whole = auc(event, scorer.score(rows).margin)[0]
    cost = np.empty(features)
    for place in range(features):
        values = rows[:, place].copy()
        rows[:, place] = values[order]
        cost[place] = whole - auc(event, scorer.score(rows).margin)[0]
        rows[:, place] = values
    costliest = np.argsort(-cost, kind="stable")[:MOST_FEATURES]
    return [int(place) for place in costliest if cost[place] >= COSTLY]


def _fit(
    section: TrainSection, parameters: Mapping[str, Any], like: Model, contract: Contract, part: Part
) -> Model:
    if isinstance(like, Sized):
        model = like.again(contract)
    else:
        model = find_model(section.model)(contract, section.read_parameters(parameters), section.seed)
    with threadpool_limits(limits=1, user_api="blas"):
        model.fit(part)
    return model


def _plain(model: Model, features: int) -> bytes:
    """The graph of a model whose margin is its log odds: only the order of rows is asked for."""
    builder = GraphBuilder()
    margin = builder.node("Squeeze", model.margin(builder), builder.constant([1], np.int64), output="margin")
    builder.node("Sigmoid", margin, output="probability")
    builder.node("Less", margin, builder.constant(0.0), output="approved")
    return builder.finish(features)


def _drawn(rows: int, most: int, seed: int) -> Mask:
    """Some of the rows, drawn without replacement; all where they are few."""
    drawn = np.zeros(rows, dtype=bool)
    drawn[np.random.default_rng(seed).permutation(rows)[:most]] = True
    return drawn
