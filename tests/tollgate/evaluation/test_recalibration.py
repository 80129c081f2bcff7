import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tollgate.evaluation.recalibration import recalibrate
from tollgate.evaluation.sampling_error import Floats, standard_error


def rows(slope: float = 1.0, count: int = 4000, seed: int = 1) -> tuple[Floats, Floats]:
    """Events that follow 0.3 + slope x log odds of what the model says."""
    draw = np.random.default_rng(seed)
    log_odds = draw.normal(-1, 1.2, count)
    truth = 1 / (1 + np.exp(-(0.3 + slope * log_odds)))
    return (draw.random(count) < truth).astype(np.float64), 1 / (1 + np.exp(-log_odds))


@pytest.mark.parametrize("slope", [0.5, 1.0, 1.8])
def test_the_line_is_that_of_an_unpenalised_logistic_regression(slope: float) -> None:
    event, probability = rows(slope)
    log_odds = np.log(probability / (1 - probability))
    by_sklearn = LogisticRegression(C=np.inf, tol=1e-10).fit(log_odds[:, None], event)
    found = recalibrate(event, probability)
    assert found is not None
    np.testing.assert_allclose(
        found[0], [by_sklearn.intercept_[0], by_sklearn.coef_[0, 0]], rtol=1e-4, atol=1e-5
    )


def test_the_error_is_the_sandwich_written_out() -> None:
    event, probability = rows()
    found = recalibrate(event, probability)
    assert found is not None
    line, influence = found
    design = np.column_stack([np.ones(len(event)), np.log(probability / (1 - probability))])
    said = 1 / (1 + np.exp(-design @ line))
    bread = np.linalg.inv(design.T @ np.diag(said * (1 - said)) @ design)
    meat = design.T @ np.diag((event - said) ** 2) @ design
    count = len(event)
    expected = np.sqrt(np.diag(bread @ meat @ bread) * count / (count - 1))
    np.testing.assert_allclose([standard_error(influence[:, at]) for at in (0, 1)], expected)


def test_the_error_is_how_much_the_slope_varies_from_sample_to_sample() -> None:
    slopes, errors = [], []
    for seed in range(200):
        found = recalibrate(*rows(1.0, 1000, seed))
        assert found is not None
        slopes.append(found[0][1])
        errors.append(standard_error(found[1][:, 1]))
    assert np.std(slopes) == pytest.approx(np.mean(errors), rel=0.15)
    assert np.mean(slopes) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    ("event", "probability"),
    [
        ([0.0, 0.0, 0.0, 0.0], [0.1, 0.2, 0.3, 0.4]),
        ([0.0, 1.0, 0.0, 1.0], [0.3, 0.3, 0.3, 0.3]),
        ([0.0, 0.0, 1.0, 1.0], [0.1, 0.2, 0.3, 0.4]),
    ],
    ids=["one outcome", "one probability", "parted without error"],
)
def test_where_no_line_is_right_there_is_none(event: list[float], probability: list[float]) -> None:
    assert recalibrate(np.array(event), np.array(probability)) is None
