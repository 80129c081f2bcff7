import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tollgate.evaluation.implied import implied_auc


def test_three_rows_by_hand() -> None:
    """0.5 * 0.8 + 0.8 * 0.8 + 0.8 * 0.5 of what is above; 0.2 * 0.5 + 0.2 * 0.2 + 0.5 * 0.2 of what is below."""
    rows = np.array([0.8, 0.2, 0.5])
    assert implied_auc(rows, rows) == pytest.approx(1.44 / (1.44 + 0.24))
    assert implied_auc(rows, -rows) == pytest.approx(0.24 / (1.44 + 0.24))


def test_it_is_the_sum_over_all_pairs_with_ties_as_half() -> None:
    draw = np.random.default_rng(3)
    probability, margin = draw.random(60), draw.integers(0, 12, 60).astype(np.float64)
    weight = np.outer(probability, 1 - probability)
    np.fill_diagonal(weight, 0)
    apart = margin[:, None] - margin[None, :]
    wanted = (weight * ((apart > 0) + (apart == 0) / 2)).sum() / weight.sum()
    assert implied_auc(probability, margin) == pytest.approx(wanted)


def test_with_outcomes_in_the_place_of_probabilities_it_is_the_auc() -> None:
    draw = np.random.default_rng(4)
    event, margin = draw.integers(0, 2, 200).astype(np.float64), draw.normal(size=200).round(1)
    assert implied_auc(event, margin) == pytest.approx(roc_auc_score(event, margin))


def test_it_is_the_mean_of_the_aucs_of_outcomes_that_are_drawn_from_the_probabilities() -> None:
    draw = np.random.default_rng(5)
    margin = draw.normal(-1, 1, 1000)
    probability = 1 / (1 + np.exp(-margin))
    drawn = [roc_auc_score(draw.random(1000) < probability, margin) for _ in range(300)]
    assert implied_auc(probability, margin) == pytest.approx(np.mean(drawn), abs=0.004)


@pytest.mark.parametrize("probability", [[0.0, 0.0], [1.0, 1.0], [0.3]])
def test_rows_of_which_no_two_could_differ_imply_nothing(probability: list[float]) -> None:
    rows = np.array(probability)
    assert implied_auc(rows, rows) == 0.5
