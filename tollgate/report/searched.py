"""The trials of a search for parameters, as a reader sees them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import model_validator

from tollgate.report.words import number, plain
from tollgate.section import Section

MOST_SHOWN = 30
BAR = 200


class Trial(Section):
    """A trial as the evidence holds it; without a log loss it could not be fitted."""

    parameters: Mapping[str, Any]
    log_loss: float | None = None
    standard_error: float = 0.0
    complexity: float = 0.0
    failure: str = ""


class Search(Section):
    """A search as the evidence holds it.

    Attributes:
        rule: By which rule one was chosen.
        chosen: The place of the chosen one.
        rows: The rows that they were compared on.
        trials: All of them, in the order in which they were drawn.
    """

    rule: str
    chosen: int
    rows: int
    trials: tuple[Trial, ...]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if not 0 <= self.chosen < len(self.trials) or self.trials[self.chosen].log_loss is None:
            raise ValueError("the chosen trial is none of those that were fitted")
        return self


@dataclass(frozen=True)
class TrialRow:
    """A row of the table of trials.

    Attributes:
        number: The trial's number, from 1.
        chosen: Whether this one was chosen.
        values: What was set of each parameter in the table.
        loss: Its log loss with the standard error.
        complexity: How complex the fitted model is.
        left: Where, in pixels of a bar, the log loss less its standard error lies; lower is better, and to the left.
        width: How wide the two standard errors are.
    """

    number: int
    chosen: bool
    values: list[str]
    loss: str
    complexity: str
    left: float
    width: float


@dataclass(frozen=True)
class Trials:
    """The table of trials.

    Attributes:
        search: What was searched.
        parameters: The parameters that differ between the trials.
        rows: The best trials, the best first; the chosen one is always there.
        failures: Why trials could not be fitted, and how many of each.
    """

    search: Search
    parameters: list[str]
    rows: list[TrialRow]
    failures: list[tuple[str, int]]


def trials_of(search: Search) -> Trials:
    """The table of a search's trials: at most 30."""
    losses = {at: trial.log_loss for at, trial in enumerate(search.trials) if trial.log_loss is not None}
    best = sorted(losses, key=lambda at: (losses[at], at))
    shown = best[:MOST_SHOWN]
    if search.chosen not in shown:
        shown[-1] = search.chosen
    names = list(dict.fromkeys(name for at in shown for name in search.trials[at].parameters))
    names = [name for name in names if len({_set(search.trials[at], name) for at in shown}) > 1]
    lowest = min(losses[at] - search.trials[at].standard_error for at in shown)
    highest = max(losses[at] + search.trials[at].standard_error for at in shown)
    pixels = BAR / max(highest - lowest, 1e-12)

    def row(at: int) -> TrialRow:
        trial, error = search.trials[at], search.trials[at].standard_error
        return TrialRow(
            number=at + 1,
            chosen=at == search.chosen,
            values=[_set(trial, name) for name in names],
            loss=f"{losses[at]:.4f} ± {error:.4f}",
            complexity=number(trial.complexity),
            left=round((losses[at] - error - lowest) * pixels, 1),
            width=round(max(2 * error * pixels, 2.0), 1),
        )

    failures = Counter(trial.failure for trial in search.trials if trial.log_loss is None)
    return Trials(search, names, [row(at) for at in shown], failures.most_common())


def _set(trial: Trial, name: str) -> str:
    return plain(trial.parameters[name]) if name in trial.parameters else "default"
