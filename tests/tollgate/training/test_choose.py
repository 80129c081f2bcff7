"""The one standard error rule, by hand."""

import numpy as np
import pytest

from tollgate.training.search import Trial, choose


def test_a_worked_example_of_the_one_standard_error_rule() -> None:
    best = np.array([0.2, 0.4, 0.2, 0.4])
    # Paired with the best: 0.01 with an error of 0.0115, and 0.02 with one of 0.0058.
    near = best + np.array([0.03, -0.01, 0.03, -0.01])
    far = best + np.array([0.03, 0.01, 0.03, 0.01])
    trials = [
        Trial({"C": 1}, far, complexity=1.0),
        Trial({"C": 2}, best, complexity=10.0),
        Trial({"C": 3}, near, complexity=5.0),
        Trial({"C": 4}, near, complexity=6.0),
    ]
    assert choose(trials) == 2, (
        "not the far one, though its mean lies within the error of the losses themselves"
    )


@pytest.mark.parametrize(
    ("trials", "chosen"),
    [
        ([Trial({}, np.array([0.3, 0.5]), 2.0), Trial({}, np.array([0.3, 0.5]), 2.0)], 0),
        ([Trial({}, failure="no"), Trial({}, np.array([0.3, 0.5]), 9.0)], 1),
        ([Trial({}, np.array([0.3, 0.3]), 2.0), Trial({}, np.array([0.2, 0.2]), 9.0)], 1),
        ([Trial({}, np.array([0.4, 0.6]), 5.0), Trial({}, np.array([0.3, 0.7]), 5.0)], 0),
    ],
    ids=[
        "of equals the first",
        "never one that failed",
        "surely better, so chosen",
        "equal means, the first",
    ],
)
def test_ties_failures_and_sure_differences(trials: list[Trial], chosen: int) -> None:
    assert choose(trials) == chosen


def test_where_nothing_could_be_fitted_nothing_is_chosen() -> None:
    with pytest.raises(ValueError, match="none of 2 trials could be fitted; the first says: too few rows"):
        choose([Trial({}, failure="too few rows"), Trial({}, failure="other")])
