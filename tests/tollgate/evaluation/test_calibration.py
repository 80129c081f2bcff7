from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.made import days, exam_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.calibration import measure_calibration
from tollgate.evaluation.calibration_section import Calibration
from tollgate.evaluation.evaluate import Blocks, evaluate
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.sampling_error import Floats

ROWS = 6000
PLAIN = {name: COLUMNS[name] for name in ("income", "outcome")}


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle", PLAIN)


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("timed") / "bundle")


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("grouped") / "bundle", {**PLAIN, "household": {"role": "group"}})


def said(seed: int = 1, rows: int = ROWS) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.random.default_rng(seed).normal(-2, 1, rows))))


def happened(probability: Floats, seed: int = 2) -> Floats:
    return (np.random.default_rng(seed).random(len(probability)) < probability).astype(np.float64)


def measured(challenger: Bundle, event: Floats, probability: Floats, **columns: Any) -> Calibration:
    return measure_calibration(exam_of(challenger, event, probability, **columns))


def test_a_calibrated_model_is_found_so_by_all_four(challenger: Bundle) -> None:
    found = measured(challenger, happened(said()), said())
    for figure, right in ((found.observed_to_expected, 1.0), (found.slope, 1.0), (found.intercept, 0.0)):
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low < right < figure.high
    assert found.by_bins.log_odds_error.low == 0.0
    assert found.by_bins.p_value > 0.01
    error = found.expected_error
    assert error.error.value is not None
    assert error.error.value < error.seldom
    assert error.error.low == 0.0


def test_observed_over_expected_is_of_sums_and_its_error_that_of_the_logarithm(challenger: Bundle) -> None:
    event, probability = happened(said()), said()
    found = measured(challenger, event, probability).observed_to_expected
    value = event.sum() / probability.sum()
    off = event / event.mean() - probability / probability.mean()
    error = np.sqrt(np.square(off - off.mean()).sum() / (ROWS - 1) / ROWS)
    assert found.value == pytest.approx(value)
    assert found.low == pytest.approx(value * np.exp(-1.959964 * error))
    assert found.high == pytest.approx(value * np.exp(1.959964 * error))


def test_months_that_differ_widen_it(timed: Bundle) -> None:
    month = np.arange(ROWS) % 6
    shift = np.array([-0.5, 0.5, -0.4, 0.4, -0.3, 0.3])[month]
    base = np.log(said() / (1 - said()))
    event = happened(np.asarray(1 / (1 + np.exp(-(base + shift)))))
    found = measured(timed, event, said(), issued=days(month))
    assert found.log_errors["months"] > 2 * found.log_errors["rows"]
    low, high = found.observed_to_expected.low, found.observed_to_expected.high
    assert low is not None
    assert high is not None
    assert np.log(high / low) == pytest.approx(2 * 1.959964 * found.log_errors["months"])


@pytest.mark.parametrize("months", [3, 6])
def test_its_interval_is_that_of_the_headline_figure(timed: Bundle, months: int) -> None:
    """The one is drawn by months and the other of an error by months: both are widened alike."""
    month = np.arange(ROWS) * months // ROWS
    shift = np.linspace(-0.5, 0.5, months)[month]
    event = happened(np.asarray(1 / (1 + np.exp(-(np.log(said() / (1 - said())) + shift)))))
    exam = exam_of(timed, event, said(), issued=days(month))
    section = Sampling(bootstraps=1000, seed=3)
    headline = evaluate(exam.scored, None, section, blocks=Blocks(months=exam.months))["metrics"]
    widths = [
        (found.high or 0) - (found.low or 0)
        for found in (headline["observed_to_expected"], measure_calibration(exam).observed_to_expected)
    ]
    assert headline["observed_to_expected"].drawn == "months"
    assert widths[0] == pytest.approx(widths[1], rel=0.35 if months == 3 else 0.15)


def test_one_month_says_nothing_of_how_months_differ(timed: Bundle) -> None:
    found = measured(timed, happened(said()), said(), issued=days(np.zeros(ROWS)))
    assert set(found.log_errors) == {"rows"}


def test_rows_that_come_in_fours_are_a_quarter_as_many(grouped: Bundle, challenger: Bundle) -> None:
    probability = np.repeat(said(rows=ROWS // 4), 4)
    event = np.repeat(happened(said(rows=ROWS // 4)), 4)
    alone = measured(challenger, event, probability)
    household = pa.array(np.repeat(np.arange(ROWS // 4), 4).astype(str))
    together = measured(grouped, event, probability, household=household)
    assert together.log_errors["rows"] == pytest.approx(2 * alone.log_errors["rows"], rel=0.01)
    assert together.by_bins.design_effect is not None
    assert together.by_bins.design_effect == pytest.approx(4, rel=0.01)
    assert together.by_bins.statistic == pytest.approx(
        alone.by_bins.statistic / together.by_bins.design_effect
    )
    assert together.expected_error.seldom == pytest.approx(2 * alone.expected_error.seldom, rel=0.15)
    spans = [found.slope.high - found.slope.low for found in (alone, together)]  # type: ignore[operator]
    assert spans[1] == pytest.approx(2 * spans[0], rel=0.01)


def test_the_slope_of_a_useless_model_is_surely_near_none_whatever_its_sign(challenger: Bundle) -> None:
    """On the scale of the logarithm it would reach from 0 to 7 wherever noise leaves it just above 0."""
    rates = []
    for seed in range(8):
        found = measured(challenger, happened(np.full(ROWS, 0.15), seed), said()).slope
        assert found.value is not None
        assert found.high is not None
        assert found.low is not None
        assert found.high < 0.25
        assert found.high - found.value == pytest.approx(found.value - found.low)
        rates.append(found.value)
    assert min(rates) < 0 < max(rates)


@pytest.mark.parametrize("shift", [0.3, 0.6])
def test_the_error_by_bins_is_a_distance_in_log_odds(challenger: Bundle, shift: float) -> None:
    probability = said(rows=200_000)
    log_odds = np.log(probability / (1 - probability))
    event = happened(np.asarray(1 / (1 + np.exp(-(log_odds + shift)))))
    found = measured(challenger, event, probability).by_bins
    assert found.log_odds_error.value == pytest.approx(shift, rel=0.15)
    assert found.p_value < 1e-6
    assert len(found.bins) == 10
    assert all(one.expected < (one.observed.low or 0) for one in found.bins)


def test_without_an_event_there_is_a_reason_in_place_of_each_figure(challenger: Bundle) -> None:
    found = measured(challenger, np.zeros(100), np.full(100, 0.01))
    assert found.observed_to_expected.value is None
    assert found.observed_to_expected.reason == "no event happened, or none was expected"
    assert found.slope.value is None
    assert "no line" in found.slope.reason
    assert Calibration.read(found.as_json()) == found
