"""The models that can be trained: one line each, and what each of them does."""

import importlib
from importlib import metadata
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from tollgate.contract import Contract
from tollgate.errors import ConfigError
from tollgate.section import Section

GROUP = "tollgate.models"
MODELS: dict[str, str] = {
    "logistic": "tollgate.training.logistic:Logistic",
    "scorecard": "tollgate.training.scorecard:Scorecard",
    "gradient_boosting": "tollgate.training.gradient_boosting:GradientBoosting",
}
NEEDED = ("Parameters", "draw", "fit", "complexity", "margin", "cuts", "explain", "facts")


class Model(Protocol):
    """What a model does; docs/models.md shows how to write one.

    Attributes:
        Parameters: What can be set of it, all with defaults.
        estimator: After `fit`, a fitted scikit-learn classifier over rows as the contract encodes them; its
            `decision_function` is the margin, the log odds of the event before calibration.
    """

    Parameters: ClassVar[type[Section]]
    estimator: Any

    def __init__(self, contract: Contract, parameters: Any, seed: int) -> None:
        """Take what the rows look like, the parameters, and the seed of everything random."""

    @staticmethod
    def draw(random: np.random.Generator) -> dict[str, Any]:
        """Parameters for one trial of a search; what is left out keeps its value."""

    def fit(self, part: Any) -> None:
        """Fit to a `Part`."""

    def complexity(self) -> float:
        """How complex the fitted model is: of two that are as good, the lower one is chosen."""

    def margin(self, builder: Any) -> str:
        """Add the fitted model to a `GraphBuilder`, and give the name of its margin, shape (rows, 1)."""

    def cuts(self) -> dict[int, NDArray[np.float64]]:
        """By the place of a feature the values at which the margin may jump: there the graph is checked."""

    def explain(self) -> dict[str, Any]:
        """Data for a built-in explainer, `additive` or `trees`, or `{"kind": "none"}`; see docs/bundle.md."""

    def facts(self) -> dict[str, Any]:
        """What a reader of the report may want to know, as JSON values."""


def known_models() -> tuple[str, ...]:
    """The names of all models, those of installed packages too."""
    return (*MODELS, *sorted(_installed()))


def find_model(name: str) -> type[Model]:
    """The class of a model.

    Raises:
        ConfigError: There is none of that name, or its package cannot be imported.
    """
    if name in MODELS:
        module, _, attribute = MODELS[name].partition(":")
        found: type[Model] = getattr(importlib.import_module(module), attribute)
        return found
    point = _installed().get(name)
    if point is None:
        raise ConfigError(f"there is no model {name!r}; there are {', '.join(known_models())}")
    where = f"the model {name!r} ({point.value})"
    try:
        loaded: type[Model] = point.load()
    except Exception as error:  # whatever a package of somebody else's does when it is imported
        raise ConfigError(f"{where} cannot be imported: {type(error).__name__}: {error}") from error
    lacking = [need for need in NEEDED if not hasattr(loaded, need)]
    if lacking:
        raise ConfigError(f"{where} is no model: it has no {', '.join(lacking)}; see docs/models.md")
    return loaded


def _installed() -> dict[str, metadata.EntryPoint]:
    points = metadata.entry_points(group=GROUP)
    return {point.name: point for point in points if point.name not in MODELS}
