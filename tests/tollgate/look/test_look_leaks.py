import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tollgate.look.leaks import area, stands_out


@pytest.mark.parametrize("different", [2, 7, 10_000])
def test_the_area_is_that_of_scikit_learn(different: int) -> None:
    draw = np.random.default_rng(different)
    scores = draw.integers(0, different, 500).astype(float)
    events = (draw.random(500) < scores / different * 0.5 + 0.2).astype(float)
    wanted = roc_auc_score(events, scores)
    assert area(scores, events) == pytest.approx(max(wanted, 1 - wanted), abs=1e-12)
    assert area(-scores, events) == pytest.approx(max(wanted, 1 - wanted), abs=1e-12)


def test_too_few_of_an_outcome_say_nothing() -> None:
    events = np.zeros(500)
    events[:19] = 1
    assert area(events, events) is None


def test_only_a_strong_column_far_ahead_stands_out() -> None:
    assert stands_out({"a": 0.85, "b": 0.7}) == ("a", 0.85, 0.7)
    assert stands_out({"a": 0.85, "b": 0.8}) is None
    assert stands_out({"a": 0.79, "b": 0.5}) is None
    assert stands_out({"a": 0.99, "b": 0.5}) is None, "which is told as one that decides the target"
    assert stands_out({"a": 0.85}) is None
