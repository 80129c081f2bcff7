"""A seeded random search for a model's parameters (Bergstra, Bengio 2012), inside the fit part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
from joblib.externals.loky import get_reusable_executor
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tollgate.contract import Contract
from tollgate.training.models import find_model
from tollgate.training.part import Part
from tollgate.training.section import TrainSection

Floats = NDArray[np.float64]
Heard = Callable[[int, int], None]
FEWEST_LATE = 2
RULE = (
    "the least complex trial whose log loss is within one standard error of the best one's, the error being that of "
    "the paired difference (one standard error rule, Breiman et al. 1984)"
)


@dataclass(frozen=True)
class Trial:
    """One set of parameters tried.

    Attributes:
        parameters: What was set, other than defaults.
        losses: The log loss of each row compared on, shape (rows,); None where it could not be fitted.
        complexity: How complex the fitted model is.
        failure: Why it could not be fitted.
    """

    parameters: Mapping[str, Any]
    losses: Floats | None = None
    complexity: float = 0.0
    failure: str = ""


def search(
    contract: Contract, section: TrainSection, part: Part, listen: Heard
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Try parameters on the earlier rows of the fit part, and compare them on its latest.

    Args:
        contract: What rows look like.
        section: The model, its parameters, and how many trials.
        part: The fit part.
        listen: Hears how many trials are done, and how many there are.

    Returns:
        The parameters chosen, and all trials as JSON values.

    Raises:
        ValueError: No trial could be fitted, or the part cannot be parted into earlier and latest rows.
    """
    assert section.search is not None  # noqa: S101 - asked for by the caller
    early, late = _parted(part, section.search.share)
    settings = _drawn(section)
    workers = min(len(settings), cores())
    jobs = [joblib.delayed(_tried)(contract, section, one, early, late) for one in settings]
    trials: list[Trial] = []
    try:
        with joblib.parallel_config("loky", n_jobs=workers, inner_max_num_threads=1):
            for trial in joblib.Parallel(return_as="generator")(jobs):
                trials.append(trial)
                listen(len(trials), len(jobs))
    finally:
        if workers > 1:
            get_reusable_executor().shutdown(wait=True, kill_workers=True)
    chosen = choose(trials)
    told = {
        "rule": RULE,
        "chosen": chosen,
        "rows": len(late.events),
        "trials": [_told(trial) for trial in trials],
    }
    return dict(trials[chosen].parameters), told


def choose(trials: list[Trial]) -> int:
    """The place of the trial that the one standard error rule picks.

    Raises:
        ValueError: No trial could be fitted.
    """
    fitted = {place: trial.losses for place, trial in enumerate(trials) if trial.losses is not None}
    if not fitted:
        raise ValueError(f"none of {len(trials)} trials could be fitted; the first says: {trials[0].failure}")
    best = min(fitted, key=lambda place: float(fitted[place].mean()))

    def as_good(place: int) -> bool:
        gap = fitted[place] - fitted[best]
        return bool(gap.mean() <= gap.std(ddof=1) / np.sqrt(len(gap)))

    alike = [place for place in fitted if place == best or as_good(place)]
    return min(alike, key=lambda place: (trials[place].complexity, float(fitted[place].mean()), place))


def cores() -> int:
    """The cores that this process may use."""
    return int(joblib.cpu_count())


def _parted(part: Part, share: float) -> tuple[Part, Part]:
    """The earlier rows and the latest share."""
    late = part.later(share)
    early, latest = part.only(~late), part.only(late)
    if len(latest.events) < FEWEST_LATE:
        raise ValueError("all rows of the fit part are of the same day or group: none are later than others")
    if len(np.unique(early.events)) < 2:
        raise ValueError("the earlier rows of the fit part have all the same outcome")
    return early, latest


def _drawn(section: TrainSection) -> list[dict[str, Any]]:
    """The parameters as they are set first, then drawn ones over them."""
    assert section.search is not None  # noqa: S101 - asked for by the caller
    random = np.random.default_rng(section.seed)
    drawn = (find_model(section.model).draw(random) for _ in range(section.search.trials - 1))
    return [dict(section.parameters), *({**section.parameters, **one} for one in drawn)]


def _tried(
    contract: Contract, section: TrainSection, settings: dict[str, Any], early: Part, late: Part
) -> Trial:
    try:
        with threadpool_limits(limits=1):
            model = find_model(section.model)(contract, section.read_parameters(settings), section.seed)
            model.fit(early)
            margins = np.asarray(model.estimator.decision_function(late.rows))
            complexity = model.complexity()
    except ValueError as error:
        return Trial(settings, failure=str(error))
    if not np.isfinite(margins).all():
        return Trial(settings, failure="the margin of some rows is not finite")
    losses = np.logaddexp(0, np.where(late.events == 1, -margins, margins))
    return Trial(settings, losses, complexity)


def _told(trial: Trial) -> dict[str, Any]:
    told: dict[str, Any] = {"parameters": dict(trial.parameters)}
    if trial.losses is None:
        return {**told, "failure": trial.failure}
    error = float(trial.losses.std(ddof=1) / np.sqrt(len(trial.losses)))
    return {
        **told,
        "log_loss": float(trial.losses.mean()),
        "standard_error": error,
        "complexity": trial.complexity,
    }
