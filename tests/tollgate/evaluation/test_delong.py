import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tollgate.evaluation.delong import Floats, auc
from tollgate.evaluation.sampling_error import standard_error


def rows(count: int, seed: int, levels: int = 0) -> tuple[Floats, Floats, Floats]:
    draw = np.random.default_rng(seed)
    truth = draw.normal(size=count)
    event = (draw.random(count) < 1 / (1 + np.exp(-truth))).astype(np.float64)
    one, other = truth + draw.normal(size=count), truth + draw.normal(size=count)
    return (event, np.round(one * levels), np.round(other * levels)) if levels else (event, one, other)


def by_pairs(event: Floats, margin: Floats) -> tuple[float, Floats, Floats]:
    """The definition: each pair of an event and another is 1, 1/2 or 0; the means by event and by other."""
    above = margin[event == 1][:, None] - margin[event == 0][None, :]
    wins = (above > 0) + (above == 0) / 2
    return float(wins.mean()), wins.mean(axis=1), wins.mean(axis=0)


@pytest.mark.parametrize("levels", [0, 2])
def test_the_area_is_that_of_scikit_learn_with_ties_counted_half(levels: int) -> None:
    event, margin, _ = rows(500, 1, levels)
    assert auc(event, margin)[0] == pytest.approx(roc_auc_score(event, margin), abs=1e-12)


@pytest.mark.parametrize("levels", [0, 2])
def test_the_standard_error_is_that_of_the_definition_with_all_pairs(levels: int) -> None:
    """DeLong, DeLong, Clarke-Pearson (1988), (4) to (6): S10 / m + S01 / n from the means over all pairs."""
    event, margin, _ = rows(300, 2, levels)
    area, influence = auc(event, margin)
    value, of_events, of_others = by_pairs(event, margin)
    variance = of_events.var() / len(of_events) + of_others.var() / len(of_others)
    assert area == pytest.approx(value, abs=1e-12)
    assert standard_error(influence) ** 2 == pytest.approx(variance * 300 / 299, rel=1e-9)
    assert influence.sum() == pytest.approx(0, abs=1e-9)


def test_the_error_of_a_difference_of_two_models_takes_their_pairing_into_account() -> None:
    event, one, other = rows(400, 3)
    influences = [auc(event, margin)[1] for margin in (one, other)]
    components = [by_pairs(event, margin)[1:] for margin in (one, other)]
    variance = sum(np.var(first - second) / len(first) for first, second in zip(*components, strict=True))
    assert standard_error(influences[0] - influences[1]) ** 2 == pytest.approx(variance * 400 / 399, rel=1e-9)


def test_a_worked_example_by_hand() -> None:
    """Events at 3 and 1, others at 2 and 0: 3 of 4 pairs in order."""
    area, influence = auc(np.array([1.0, 1.0, 0.0, 0.0]), np.array([3.0, 1.0, 2.0, 0.0]))
    assert area == 0.75
    np.testing.assert_allclose(influence, [0.5, -0.5, -0.5, 0.5])
