"""The search for parameters: what is tried, what is compared, what is chosen, what is told."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.tollgate.training.frames import Frame, frame
from tests.tollgate.training.raw import Raw
from tollgate.bundle.scorer import Floats
from tollgate.errors import ModelError
from tollgate.section import Section
from tollgate.training.models import MODELS
from tollgate.training.part import Part
from tollgate.training.search import search
from tollgate.training.section import TrainSection
from tollgate.training.train import train

pytestmark = pytest.mark.long

COLUMNS = ["number", "number that may miss", "text category"]


@pytest.fixture(scope="module")
def problem() -> Frame:
    return frame(COLUMNS, seed=61, rows=300)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One core: trials run in this process, where a test's own models are known."""
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")


def told(problem: Frame, model: str = "logistic", trials: int = 6, **settings: Any) -> dict[str, Any]:
    found: dict[str, Any] = problem.train(model=model, search={"trials": trials}, **settings).facts["search"]
    return found


@pytest.mark.usefixtures("alone")
def test_the_first_trial_is_what_is_set_and_the_others_are_drawn(problem: Frame) -> None:
    found = told(problem, parameters={"C": 0.123})
    tried = [trial["parameters"] for trial in found["trials"]]
    assert tried[0] == {"C": 0.123}
    assert len(tried) == 6
    assert len({one["C"] for one in tried}) == 6


@pytest.mark.usefixtures("alone")
def test_what_is_set_is_kept_where_nothing_is_drawn_for_it(problem: Frame) -> None:
    found = told(problem, "gradient_boosting", 3, parameters={"max_iter": 7, "learning_rate": 0.5})
    tried = [trial["parameters"] for trial in found["trials"]]
    assert tried[0] == {"max_iter": 7, "learning_rate": 0.5}
    assert [one["max_iter"] for one in tried] == [7, 7, 7]
    assert len({one["learning_rate"] for one in tried}) == 3


def test_one_worker_and_two_find_the_same(problem: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for cores in ("1", "2"):
        monkeypatch.setenv("LOKY_MAX_CPU_COUNT", cores)
        found.append(problem.train(search={"trials": 5}))
    assert found[0].facts == found[1].facts
    assert found[0].files == found[1].files


@pytest.mark.usefixtures("alone")
def test_another_seed_draws_other_parameters(problem: Frame) -> None:
    assert told(problem, seed=1)["trials"][0] == told(problem, seed=2)["trials"][0]
    assert told(problem, seed=1)["trials"][1] != told(problem, seed=2)["trials"][1]


@pytest.mark.usefixtures("alone")
def test_all_trials_are_told_and_the_chosen_one_is_fitted_to_all_rows(problem: Frame) -> None:
    trained = problem.train(search={"trials": 6})
    found = trained.facts["search"]
    chosen = found["trials"][found["chosen"]]["parameters"]
    assert trained.facts["parameters"] == chosen
    assert trained.files == problem.train(parameters=chosen).files
    assert "one standard error" in found["rule"]
    assert all(trial["log_loss"] > 0 and trial["standard_error"] > 0 for trial in found["trials"])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.usefixtures("alone")
def test_progress_is_told_trial_by_trial(problem: Frame) -> None:
    heard: list[tuple[int, int]] = []
    section = TrainSection.read(
        {"model": "logistic", "search": {"trials": 4}, "decision": {"threshold": 0.4}}
    )
    train(
        problem.contract, section, problem.parts, problem.holdout, lambda done, of: heard.append((done, of))
    )
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


class SignParameters(Section):
    sign: float = 1.0


class Sign(Raw):
    """A margin that is the first feature, or its negative: nothing is learned, so only the comparison decides."""

    Parameters = SignParameters  # type: ignore[assignment]  # other parameters than those of Raw

    def fit(self, part: Part) -> None:
        super().fit(part)
        sign = self.parameters.sign  # type: ignore[attr-defined]  # see above
        self.estimator.decision_function = lambda rows: sign * rows[:, 0]

    @staticmethod
    def draw(random: np.random.Generator) -> dict[str, Any]:
        return {"sign": -1.0}

    def complexity(self) -> float:
        return 1.0


def opposed(rows: int, late: int) -> Part:
    """Early rows whose events go with the first feature, and late ones whose events go against it; in any order."""
    draw = np.random.default_rng(5)
    order = draw.permutation(rows).astype(np.float64)
    values = draw.normal(size=(rows, 1))
    with_it = (values[:, 0] > 0).astype(np.float64)
    return Part(values, np.where(order >= rows - late, 1 - with_it, with_it), order)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("share", "sign"), [(0.25, -1.0), (0.45, 1.0)])
def test_the_latest_share_alone_compares(monkeypatch: pytest.MonkeyPatch, share: float, sign: float) -> None:
    monkeypatch.setitem(MODELS, "sign", f"{__name__}:Sign")
    problem = frame(["number"], seed=1)
    section = TrainSection.read(
        {"model": "sign", "search": {"trials": 2, "share": share}, "decision": {"threshold": 0.4}}
    )
    parameters, found = search(problem.contract, section, opposed(1000, 200), lambda done, of: None)
    assert parameters.get("sign", 1.0) == sign
    assert found["rows"] == 1000 * share


class Moody(Raw):
    """Cannot be fitted where the complexity drawn is even, or is refused as a parameter, or gives no number."""

    @staticmethod
    def draw(random: np.random.Generator) -> dict[str, Any]:
        moods: list[dict[str, Any]] = [{"colour": "red"}, *({"complexity": size} for size in (2.0, 3.0, 5.0))]
        return moods[random.integers(4)]

    def fit(self, part: Part) -> None:
        super().fit(part)
        if self.parameters.complexity == 2:
            raise ValueError("it is not in the mood")
        if self.parameters.complexity == 3:
            self.estimator.decision_function = lambda rows: np.full(len(rows), np.nan)


@pytest.mark.usefixtures("alone")
def test_a_trial_that_fails_is_told_and_the_others_go_on(
    problem: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "moody", f"{__name__}:Moody")
    found = told(problem, "moody", 20)
    failures = {trial["failure"] for trial in found["trials"] if "failure" in trial}
    assert len(failures) == 3
    assert "it is not in the mood" in failures
    assert "the margin of some rows is not finite" in failures
    assert any("`parameters.colour` of moody" in failure for failure in failures)
    assert found["chosen"] == 0
    assert json.loads(json.dumps(found, allow_nan=False)) == found


class Hopeless(Raw):
    def fit(self, part: Part) -> None:
        raise ValueError("it cannot be done")


@pytest.mark.usefixtures("alone")
def test_where_all_trials_fail_training_is_refused_with_the_first_reason(
    problem: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "hopeless", f"{__name__}:Hopeless")
    with pytest.raises(ModelError, match=r"search.*none of 3 trials could be fitted; .*it cannot be done"):
        told(problem, "hopeless", 3)


def with_fit(problem: Frame, **changes: Floats) -> Frame:
    return replace(problem, parts={**problem.parts, "fit": replace(problem.parts["fit"], **changes)})


def test_a_search_without_later_rows_is_refused_with_the_reason(problem: Frame) -> None:
    with pytest.raises(ModelError, match="all rows of the fit part are of the same day or group"):
        told(with_fit(problem, order=np.zeros(300)))


def test_a_search_whose_earlier_rows_have_one_outcome_is_refused_with_the_reason(problem: Frame) -> None:
    with pytest.raises(ModelError, match="the earlier rows of the fit part have all the same outcome"):
        told(with_fit(problem, events=(np.arange(300) >= 250).astype(np.float64)))


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("part", ["calibration", "threshold"])
def test_nothing_but_the_fit_part_is_searched_on(problem: Frame, part: str) -> None:
    whole = problem.parts[part]
    other = replace(problem, parts={**problem.parts, part: replace(whole, events=1 - whole.events)})
    assert told(other) == told(problem)
    assert told(replace(problem, holdout=problem.fresh)) == told(problem)
