"""Every metric against scikit-learn, on rows with ties and on resamples with repeats."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from tollgate.bundle.scorer import Floats, Scores
from tollgate.evaluation.metrics import DESCRIPTIVE, METRICS, Scored

ALL = METRICS | DESCRIPTIVE
Reference = Callable[[Floats, Floats, Floats, Floats], float]


def ks(event: Floats, margin: Floats) -> float:
    false_positive, true_positive, _ = sk.roc_curve(event, margin, drop_intermediate=False)
    return float(np.abs(true_positive - false_positive).max())


BY_SCIKIT_LEARN: dict[str, Reference] = {
    "roc_auc": lambda event, margin, probability, declined: sk.roc_auc_score(event, margin),
    "pr_auc": lambda event, margin, probability, declined: sk.average_precision_score(event, margin),
    "ks": lambda event, margin, probability, declined: ks(event, margin),
    "brier": lambda event, margin, probability, declined: sk.brier_score_loss(event, probability),
    "log_loss": lambda event, margin, probability, declined: sk.log_loss(event, probability, labels=[0, 1]),
    "precision": lambda event, margin, probability, declined: sk.precision_score(
        event, declined, zero_division=np.nan
    ),
    "recall": lambda event, margin, probability, declined: sk.recall_score(event, declined),
    "observed_to_expected": lambda event, margin, probability, declined: event.mean() / probability.mean(),
    "approve_rate": lambda event, margin, probability, declined: (1 - declined).mean(),
}


def scored(margin: Floats, event: Floats) -> Scored:
    probability = 1 / (1 + np.exp(-margin))
    return Scored(event, Scores(probability, margin, probability < 0.4))


@st.composite
def rows_and_repeats(draw: st.DrawFn) -> tuple[Scored, Floats]:
    """Rows whose margins often tie, and how often each row is taken, with both classes among them."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(2, 60))
    grain = draw(st.sampled_from([1, 4, 1000]))
    margin = np.round(generator.normal(0, 2, count) * grain) / grain
    event = generator.integers(0, 2, count).astype(np.float64)
    event[:2] = (0, 1)
    repeats = generator.integers(0, 4, count).astype(np.float64)
    repeats[:2] = np.maximum(repeats[:2], 1)
    return scored(margin, event), repeats


def test_every_metric_is_compared_with_scikit_learn() -> None:
    assert set(BY_SCIKIT_LEARN) == set(ALL)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=60, deadline=None, database=None)
@given(rows_and_repeats())
def test_a_metric_is_what_scikit_learn_says_of_the_repeated_rows(
    name: str, drawn: tuple[Scored, Floats]
) -> None:
    rows, repeats = drawn
    taken = np.repeat(np.arange(len(repeats)), repeats.astype(int))
    expected = BY_SCIKIT_LEARN[name](
        rows.event[taken], rows.scores.margin[taken], rows.scores.probability[taken], rows.declined[taken]
    )
    found = ALL[name].measure(rows, repeats[None])
    assert found.shape == (1,)
    assert found[0] == pytest.approx(expected, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", ALL)
def test_many_resamples_at_once_are_each_on_their_own(name: str) -> None:
    generator = np.random.default_rng(2)
    rows = scored(np.round(generator.normal(size=200), 1), generator.integers(0, 2, 200).astype(np.float64))
    weights = generator.integers(0, 3, (7, 200)).astype(np.float64)
    together = ALL[name].measure(rows, weights)
    alone = [ALL[name].measure(rows, line[None])[0] for line in weights]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


@pytest.mark.parametrize("name", ["roc_auc", "pr_auc", "ks"])
def test_ranking_metrics_look_at_the_margin_and_not_at_the_clipped_probability(name: str) -> None:
    margin, event = np.arange(6.0), np.array([0.0, 0, 1, 0, 1, 1])
    flat = Scored(event, Scores(np.full(6, 0.5), margin, np.ones(6, dtype=bool)))
    ones = np.ones((1, 6))
    assert ALL[name].measure(flat, ones) == ALL[name].measure(scored(margin, event), ones)


@pytest.mark.parametrize(
    ("name", "event", "approved"),
    [
        ("roc_auc", [1, 1, 1], [1, 0, 1]),
        ("roc_auc", [0, 0, 0], [1, 0, 1]),
        ("pr_auc", [0, 0, 0], [1, 0, 1]),
        ("ks", [1, 1, 1], [1, 0, 1]),
        ("ks", [0, 0, 0], [1, 0, 1]),
        ("precision", [1, 0, 1], [1, 1, 1]),
        ("recall", [0, 0, 0], [1, 0, 1]),
    ],
)
def test_a_metric_that_is_not_defined_is_not_a_number(
    name: str, event: list[int], approved: list[int]
) -> None:
    scores = Scores(np.array([0.2, 0.3, 0.4]), np.array([-2.0, -1, 0]), np.array(approved, dtype=bool))
    found = ALL[name].measure(Scored(np.array(event, dtype=float), scores), np.ones((2, 3)))
    assert np.isnan(found).all()


@pytest.mark.parametrize("weights", [[[1.0, 1.0]], [[1.0, 1.0], [0.0, 2.0], [2.0, 0.0]]])
def test_a_probability_of_0_for_an_event_is_no_finite_log_loss(weights: list[list[float]]) -> None:
    scores = Scores(np.array([0.0, 0.5]), np.array([-9.0, 0]), np.array([True, True]))
    found = METRICS["log_loss"].measure(Scored(np.array([1.0, 0.0]), scores), np.array(weights))
    assert not np.isfinite(found[0])


def test_a_worked_example() -> None:
    """Six rows by hand: 9 pairs, of which 7 are in order and one ties; declined are the last three."""
    event = np.array([0.0, 0, 1, 0, 1, 1])
    margin = np.array([-3.0, -2, -1, -1, 1, 2])
    probability = np.array([0.1, 0.2, 0.3, 0.5, 0.6, 0.8])
    rows = Scored(event, Scores(probability, margin, probability < 0.4))
    found = {name: metric.measure(rows, np.ones((1, 6)))[0] for name, metric in ALL.items()}
    assert found["roc_auc"] == pytest.approx(8.5 / 9)
    assert found["pr_auc"] == pytest.approx((1 + 1 + 3 / 4) / 3)
    assert found["ks"] == pytest.approx(2 / 3)
    assert found["brier"] == pytest.approx((0.01 + 0.04 + 0.49 + 0.25 + 0.16 + 0.04) / 6)
    assert found["precision"] == found["recall"] == pytest.approx(2 / 3)
    assert found["observed_to_expected"] == pytest.approx(3 / 2.5)
    assert found["approve_rate"] == pytest.approx(0.5)
