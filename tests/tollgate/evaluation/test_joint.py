import numpy as np
import pytest

from tollgate.evaluation.few_clusters import NO_GROUPS, NO_MONTHS, widened_error
from tollgate.evaluation.joint import Joint, joint
from tollgate.evaluation.sampling_error import Codes, Floats, ratio, standard_error

ROWS = 600
PLACE: Codes = np.arange(ROWS) % 3


def parts(seed: int = 1) -> tuple[list[float | None], list[Floats]]:
    """The rates of three groups of rows."""
    chance = np.array([0.2, 0.5, 0.7])[PLACE]
    yes = np.where(np.random.default_rng(seed).random(ROWS) < chance, 1.0, 0.0)
    inside = [np.where(PLACE - at == 0, 1.0, 0.0) for at in range(3)]
    measured = [ratio(yes * one, one) for one in inside]
    return [value for value, _ in measured], [influence for _, influence in measured]


def test_the_error_of_one_level_is_its_standard_error() -> None:
    values, influences = parts()
    found = joint(values, influences, None, None)
    assert found.error([0, 1, 0]) == pytest.approx(standard_error(influences[1]))


def test_the_error_of_a_difference_of_groups_is_that_of_two_binomials() -> None:
    values, influences = parts()
    found = joint(values, influences, None, None)
    by_hand = sum((rate or 0) * (1 - (rate or 0)) / (ROWS / 3) for rate in values[:2])
    assert found.error([1, -1, 0]) == pytest.approx(np.sqrt(by_hand), rel=0.003)


@pytest.mark.parametrize("clusters", [np.arange(ROWS) // 4, np.arange(ROWS) // 50])
def test_rows_that_belong_together_are_drawn_together(clusters: Codes) -> None:
    values, influences = parts()
    influences = [one + np.sin(clusters) - np.sin(clusters).mean() for one in influences]
    gradient = np.array([1.0, -2.0, 0.5])
    expected = widened_error(gradient @ np.vstack(influences), clusters)
    assert expected > standard_error(gradient @ np.vstack(influences))
    assert joint(values, influences, clusters, None).error(list(gradient)) == pytest.approx(expected)


def test_no_error_is_below_that_of_rows_alone() -> None:
    influence = np.tile([1.0, -1.0], ROWS // 2)
    found = joint([0.5], [influence], np.arange(ROWS) // 2, None)
    assert found.error([1]) == pytest.approx(standard_error(influence))


def test_a_level_of_rows_in_one_cluster_has_no_interval_and_others_have_theirs() -> None:
    clusters = np.arange(ROWS) // 20
    yes = np.where(np.random.default_rng(1).random(ROWS) < 0.6, 1.0, 0.0)
    among = [clusters == 0, (clusters > 0) & (clusters < 3), clusters >= 3]
    measured = [ratio(yes * rows, rows * 1.0) for rows in among]
    values, influences = [value for value, _ in measured], [influence for _, influence in measured]
    by_group = joint(values, influences, clusters, None, among)
    assert by_group.error([1, 0, -1]) == float("inf")
    assert by_group.figure(0.1, [1, 0, -1]).reason == NO_GROUPS
    assert by_group.figure(0.1, [0, 1, -1]).reason == ""
    of_two = [influences[1][clusters == at].sum() / ROWS for at in (1, 2)]
    wide = 12.7062 / 1.959964 * np.sqrt(2)
    assert by_group.error([0, 1, 0]) >= wide * np.hypot(*of_two) * (1 - 1e-5)
    assert by_group.error([0, 0, 1]) < by_group.error([0, 1, -1])
    by_month = joint(values, influences, None, clusters, among)
    assert by_month.figure(0.1, [1, 0, -1]).reason == NO_MONTHS
    assert Joint.read(by_group.as_json()) == by_group


def test_levels_as_they_were_written_before_are_read() -> None:
    before = Joint.read({"values": [0.5, 0.6], "covariances": {"rows": [[0.01, 0.0], [0.0, 0.01]]}})
    assert before.error([1, -1]) == pytest.approx(np.sqrt(0.02))


def test_the_larger_error_counts_of_rows_and_of_months() -> None:
    values, influences = parts()
    months = np.arange(ROWS) // 100
    found = joint(values, influences, None, months)
    errors = [standard_error(influences[0]), widened_error(influences[0], months)]
    assert set(found.covariances) == {"rows", "months"}
    assert found.error([1, 0, 0]) == pytest.approx(max(errors))
    one_month = joint(values, influences, None, np.zeros(ROWS, dtype=np.intp))
    assert set(one_month.covariances) == {"rows"}


def test_levels_are_written_and_read() -> None:
    found = joint([*parts()[0][:2], None], [*parts()[1][:2], np.zeros(ROWS)], None, None)
    assert Joint.read(found.as_json()) == found
    assert found.error([0, 0, 1]) == 0.0


def test_months_are_widened_before_the_larger_error_is_taken() -> None:
    """Of three months t with two degrees of freedom, 4.3027, stands for 1.95996."""
    months: Codes = np.arange(ROWS) // 200
    influence = np.tile([1.0, -1.0], ROWS // 2) + 0.05 * (months - 1)
    of_months = standard_error(influence, months)
    found = joint([0.5], [influence], None, months).error([1])
    assert of_months < standard_error(influence) < found
    assert found == pytest.approx(of_months * 4.3027 / 1.95996, rel=1e-4)


def test_rows_of_one_group_leave_levels_without_an_error() -> None:
    values, influences = parts()
    found = joint(values, influences, np.zeros(ROWS, dtype=np.intp), None)
    assert found.values == tuple(values)
    assert found.error([1, 0, 0]) == float("inf")
    assert found.figure(0.2, [1, 0, 0]).reason == "all rows belong together"
    assert Joint.read(found.as_json()) == found
