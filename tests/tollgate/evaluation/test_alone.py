"""What one feature says by itself."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from tollgate.bundle.scorer import Floats
from tollgate.evaluation.alone import PURE_TAIL, alone
from tollgate.evaluation.leakage_facts import Alone

ROWS = 4000
DRAW = np.random.default_rng(1)
EVENT: Floats = (DRAW.random(ROWS) < 0.3).astype(np.float64)
NOISE: Floats = DRAW.normal(size=ROWS)
HALVES = DRAW.random(ROWS) < 0.5
EACH = np.arange(ROWS)


def found(values: Floats, coded: bool = False, event: Floats = EVENT) -> Alone:
    return alone(values, coded, event, HALVES[: len(event)], EACH[: len(event)])


def low(values: Floats, coded: bool = False) -> float:
    bound = found(values, coded).auc.low
    assert bound is not None
    return bound


def test_noise_says_nothing() -> None:
    nothing = found(NOISE)
    assert nothing.auc.low is not None
    assert nothing.auc.low < 0.5 < 0.53 > (nothing.auc.value or 1)
    assert (nothing.missing, nothing.pure) == (None, None)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_says_as_much_in_either_direction(sign: int) -> None:
    values = NOISE + EVENT
    one = found(sign * values)
    assert one.auc.value == pytest.approx(roc_auc_score(EVENT, values))


def test_a_number_that_says_it_by_its_distance_from_the_middle_is_seen_in_bands() -> None:
    values = np.where(EVENT == 1, 3.0, 0.0) * np.sign(NOISE) + 0.1 * NOISE
    assert abs(roc_auc_score(EVENT, values) - 0.5) < 0.05
    assert low(values) > 0.95


def test_categories_say_it_whatever_their_codes() -> None:
    codes = np.where(EVENT == 1, DRAW.choice([0, 3, 7], ROWS), DRAW.choice([1, 2, 9], ROWS)).astype(float)
    assert low(codes, coded=True) > 0.99


def test_hundreds_of_categories_of_noise_say_nothing_although_their_rates_differ() -> None:
    codes = DRAW.integers(0, 800, ROWS).astype(float)
    bands = np.array([EVENT[codes == code].mean() for code in codes])
    assert roc_auc_score(EVENT, bands) > 0.7, "on its own rows such a rate would look like a leak"
    assert low(codes, coded=True) < 0.51


def test_a_common_value_among_many_is_a_band_of_its_own() -> None:
    values = np.where((EVENT == 1) & (DRAW.random(ROWS) < 0.9), 0.123, NOISE)
    one = found(values)
    assert one.pure is not None
    assert one.pure.events
    assert one.pure.rows == int((values == 0.123).sum())


def test_whether_a_value_is_missing_is_a_question_of_its_own() -> None:
    """The area under a curve of one corner is (1 + its height - its width) / 2 (Hanley, McNeil 1982)."""
    absent = np.where(EVENT == 1, DRAW.random(ROWS) < 0.5, DRAW.random(ROWS) < 0.1)
    one = found(np.where(absent, np.nan, NOISE))
    assert one.missing is not None
    expected = (1 + absent[EVENT == 1].mean() - absent[EVENT == 0].mean()) / 2
    assert one.missing.value == pytest.approx(expected)
    present = found(np.where(absent, NOISE, np.nan))
    assert present.missing is not None
    assert present.missing.value == pytest.approx(expected)


def test_the_odds_of_a_pure_band_have_the_exact_bound_of_clopper_and_pearson() -> None:
    event = np.r_[np.ones(80), np.tile([1.0, 0.0, 0.0, 0.0], 400)]
    values = np.r_[np.zeros(80), np.ones(1600)]
    one = found(values, True, event)
    assert one.pure is not None
    bound = binomtest(80, 80).proportion_ci(1 - 2 * PURE_TAIL, method="exact").low
    rate = event.mean()
    assert one.pure.odds == pytest.approx(bound / (1 - bound) * (1 - rate) / rate)
    turned = found(values, True, 1 - event)
    assert turned.pure is not None
    assert not turned.pure.events
    assert turned.pure.odds == pytest.approx(one.pure.odds)


def test_a_few_rows_of_one_outcome_are_chance() -> None:
    values = np.r_[np.zeros(8), np.ones(1000)]
    event = np.r_[np.ones(8), np.tile([1.0, 0.0], 500)]
    assert found(values, True, event).pure is None


def test_a_feature_that_is_missing_throughout_says_nothing() -> None:
    one = found(np.full(ROWS, np.nan))
    assert one.auc.value == pytest.approx(0.5, abs=0.02)
    assert one.missing is None


MANY = 30_000
UNIFORM: Floats = np.random.default_rng(4).random(MANY)


def of_many(values: Floats, event: Floats) -> Alone:
    return alone(values, False, event, np.random.default_rng(5).random(MANY) < 0.5, np.arange(MANY))


@pytest.mark.parametrize("share", [0.003, 0.01, 0.02, 0.03, 0.1, 0.97])
@pytest.mark.parametrize("shape", ["both ends", "window", "spike"])
def test_a_part_of_a_feature_that_is_exactly_the_rarer_outcome_is_seen_as_exact(
    shape: str, share: float
) -> None:
    """In bands of a twentieth of the rows its AUC alone was 0.975 to 0.989."""
    rarer = min(share, 1 - share)
    far = np.abs(UNIFORM - (0.5 if shape == "both ends" else 0.43))
    inside = far > 0.5 - rarer / 2 if shape == "both ends" else far < rarer / 2
    values = np.where(inside, 0.43, UNIFORM) if shape == "spike" else UNIFORM
    one = of_many(values, (inside if share < 0.5 else ~inside).astype(np.float64))
    assert one.auc.low is not None
    assert one.auc.low >= 0.99


@pytest.mark.parametrize("share", [0.003, 0.01, 0.05])
def test_noise_beside_a_rare_outcome_raises_no_alarm_in_fine_bands(share: float) -> None:
    draw = np.random.default_rng(6)
    event = (draw.random(MANY) < share).astype(np.float64)
    noises: list[Floats] = [
        draw.normal(size=MANY),
        draw.integers(0, 300, MANY).astype(np.float64),
        draw.exponential(size=MANY).round(2).astype(np.float64),
    ]
    for values in noises:
        one = of_many(values, event)
        assert one.pure is None
        assert one.auc.high is not None
        assert one.auc.high < 0.65


def test_a_window_of_some_events_among_many_is_the_purest_band() -> None:
    """Half of the events, 150 of 30,000 rows, have values that nobody else has: the AUC alone hardly shows it."""
    event = (np.arange(MANY) % 100 == 0).astype(np.float64)
    inside = (event == 1) & (np.arange(MANY) % 200 == 0)
    gap = np.where(UNIFORM < 0.43, UNIFORM, UNIFORM + 0.02)
    one = of_many(np.where(inside, 0.44 + UNIFORM / 1000, gap), event)
    assert (one.auc.high or 1) < 0.9
    assert one.pure is not None
    assert one.pure.events
    assert one.pure.odds > 20
