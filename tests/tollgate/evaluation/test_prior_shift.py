import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.examined import examine, scores_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import EVENT
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.prior_shift import prior_shift
from tollgate.evaluation.written.prior_shift import PriorShift, Shift

UNDATED = {name: item for name, item in COLUMNS.items() if name != "issued"}
FIGURES = ("observed_expected", "brier", "approve_rate", "approved_event_rate")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("shift") / "bundle", UNDATED)


def rows(bundle: Bundle, event: Floats, probability: Floats) -> Exam:
    return examine(bundle, holdout(len(event), **{EVENT: pa.array(event)}), scores_of(probability))


def shifts(exam: Exam) -> dict[float, Shift]:
    found = prior_shift(exam)
    assert isinstance(found, PriorShift)
    return {shift.factor: shift for shift in found.shifts}


def values(shift: Shift) -> list[float | None]:
    found: list[Figure] = [getattr(shift, name) for name in FIGURES]
    return [figure.value for figure in found]


def test_the_event_twice_as_often_is_as_if_each_event_stood_there_three_times(bundle: Bundle) -> None:
    """At a rate of 1/4, twice the rate is 1/2: odds of 1 instead of 1/3."""
    draw = np.random.default_rng(1)
    event, probability = np.repeat([1.0, 0.0], (100, 300)), draw.random(400)
    doubled = shifts(rows(bundle, event, probability))[2.0]
    assert doubled.event_rate == 0.5
    many = np.r_[np.arange(400), np.tile(np.arange(100), 2)]
    as_they_are = shifts(rows(bundle, event[many], probability[many]))[1.0]
    assert values(doubled) == pytest.approx(values(as_they_are))
    assert doubled.brier.value == pytest.approx(np.mean((probability - event)[many] ** 2))
    assert doubled.approved_event_rate.value == pytest.approx(event[many][probability[many] < 0.5].mean())


def test_a_model_that_is_right_now_is_wrong_by_the_factor_where_it_says_the_same_to_all(
    bundle: Bundle,
) -> None:
    found = shifts(rows(bundle, np.repeat([1.0, 0.0], (50, 150)), np.full(200, 0.25)))
    assert list(found) == [1.0, 0.5, 1.5, 2.0]
    for factor, shift in found.items():
        assert shift.observed_expected.value == pytest.approx(factor)
        assert shift.observed_expected.low < factor < shift.observed_expected.high  # type: ignore[operator]


def test_a_factor_that_leaves_nobody_without_the_event_is_left_out(bundle: Bundle) -> None:
    assert list(shifts(rows(bundle, np.repeat([1.0, 0.0], (120, 80)), np.full(200, 0.6)))) == [1.0, 0.5, 1.5]


def test_where_nobody_is_approved_there_is_no_rate_among_them(bundle: Bundle) -> None:
    found = shifts(rows(bundle, np.repeat([1.0, 0.0], (50, 50)), np.full(100, 0.9)))[1.0]
    assert found.approved_event_rate.reason == "no row is approved"
    assert found.approve_rate.value == 0


def test_one_outcome_cannot_be_shifted(bundle: Bundle) -> None:
    found = prior_shift(rows(bundle, np.zeros(20), np.full(20, 0.3)))
    assert isinstance(found, NotAssessed)
