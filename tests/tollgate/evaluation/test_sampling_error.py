import numpy as np
import pytest

from tollgate.evaluation.few_clusters import widened_error
from tollgate.evaluation.sampling_error import of_few, ratio, standard_error

VALUES = np.random.default_rng(1).normal(5, 2, 400)
INFLUENCE = VALUES - VALUES.mean()


def test_of_a_mean_it_is_the_usual_one() -> None:
    assert standard_error(INFLUENCE) == pytest.approx(VALUES.std(ddof=1) / 20)


def test_each_row_its_own_cluster_is_no_cluster() -> None:
    assert standard_error(INFLUENCE, np.arange(400)) == pytest.approx(standard_error(INFLUENCE))


def test_rows_that_stand_there_twice_count_once() -> None:
    twice, clusters = np.repeat(INFLUENCE, 2), np.repeat(np.arange(400), 2)
    assert standard_error(twice, clusters) == pytest.approx(standard_error(INFLUENCE))
    assert standard_error(twice) < 0.72 * standard_error(twice, clusters)


def test_codes_that_no_row_has_are_no_clusters() -> None:
    clusters = np.arange(400) // 40
    assert standard_error(INFLUENCE, 7 * clusters + 3) == pytest.approx(standard_error(INFLUENCE, clusters))


def test_of_one_cluster_nothing_is_known() -> None:
    assert standard_error(INFLUENCE, np.zeros(400, dtype=np.intp)) == float("inf")
    assert standard_error(np.zeros(1)) == float("inf")


def test_the_error_of_a_ratio_is_that_of_many_samples() -> None:
    """The delta method against the spread over 2,000 samples of 500 rows."""
    draw = np.random.default_rng(2)
    bottom = draw.gamma(4, size=(2000, 500))
    top = bottom * 0.3 + draw.normal(0, 0.5, size=(2000, 500))
    values = top.mean(axis=1) / bottom.mean(axis=1)
    value, influence = ratio(top[0], bottom[0])
    assert value == pytest.approx(values[0])
    assert influence.sum() == pytest.approx(0, abs=1e-9)
    assert standard_error(influence) == pytest.approx(values.std(), rel=0.1)


@pytest.mark.parametrize(("clusters", "quantile"), [(3, 4.302653), (6, 2.570582), (121, 1.979930)])
def test_of_few_clusters_an_interval_reaches_as_far_as_the_t_quantile(clusters: int, quantile: float) -> None:
    """Cameron, Miller (2015, section VI.D): t with one degree of freedom less than there are clusters; by its table."""
    codes = np.repeat(np.arange(clusters), 400)
    influence = INFLUENCE.repeat(clusters) * 0.1 + np.cos(codes * 2 * np.pi / clusters)
    reach = 1.959964 * widened_error(influence, codes)
    assert reach == pytest.approx(quantile * standard_error(influence, codes), rel=1e-5)
    assert of_few(clusters) == pytest.approx(quantile / 1.959964, rel=1e-5)


def test_rows_alone_are_not_widened_and_one_cluster_says_nothing() -> None:
    assert widened_error(INFLUENCE) == standard_error(INFLUENCE)
    assert widened_error(INFLUENCE, np.zeros(400, dtype=np.intp)) == float("inf")


def test_intervals_of_six_months_hold_the_truth_as_often_as_they_say() -> None:
    """By the normal quantile of the plain error 89 % of them do."""
    draw = np.random.default_rng(5)
    months, held = np.arange(600) % 6, 0
    for _ in range(1000):
        values = draw.normal(size=6)[months] + draw.normal(size=600)
        held += abs(values.mean()) <= 1.959964 * widened_error(values - values.mean(), months)
    assert 0.93 <= held / 1000 <= 0.97
