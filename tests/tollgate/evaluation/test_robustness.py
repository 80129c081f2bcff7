"""The part `robustness`: moves that are as large as they are said to be, and what they do."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.exams import exam_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Floats, Scores
from tollgate.contract import Column
from tollgate.evaluation.robustness import NOISE, _nudged, _spread, _swapped, measure_robustness

DRAW = np.random.default_rng(8)
VALUES = np.r_[DRAW.uniform(0, 100, 5000), np.nan]


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle")


def column(**settings: Any) -> Column:
    return Column.read({"type": "number", "missing": "allowed", **settings})


def test_the_spread_is_that_of_a_normal_distribution_with_these_deciles() -> None:
    deciles = np.quantile(np.random.default_rng(1).normal(5, 3, 200_000), np.linspace(0.1, 0.9, 9))
    assert _spread({"edges": deciles.tolist()}) == pytest.approx(3, rel=0.01)
    assert _spread({"edges": [4.0]}) == _spread({"edges": []}) == 0


def test_a_number_moves_by_the_noise_up_or_down_and_inside_of_its_bounds() -> None:
    moved = _nudged(VALUES, column(), 2.0, DRAW)
    assert np.isnan(moved[-1])
    np.testing.assert_allclose(np.abs(moved - VALUES)[:-1], 2.0)
    assert abs(float((moved > VALUES).mean()) - 0.5) < 0.03
    clipped = _nudged(VALUES, column(min=0, max=100), 2.0, DRAW)
    assert np.nanmin(clipped) == 0
    assert np.nanmax(clipped) == 100


def test_whole_numbers_stay_whole_and_move_as_far_on_average() -> None:
    values = np.floor(VALUES)
    moved = _nudged(values, column(type="integer"), 0.1, DRAW)
    change = (moved - values)[:-1]
    assert set(np.unique(change)) == {-1.0, 0.0, 1.0}
    assert float(np.abs(change).mean()) == pytest.approx(0.1, abs=0.02)


def test_a_category_becomes_another_listed_one_each_as_likely_and_a_missing_one_stays() -> None:
    codes = np.r_[np.tile([0.0, 1.0, 2.0, 3.0], 3000), np.nan]
    grade = Column.read(
        {"type": "category", "values": ["a", "b", "c"], "unknown": "other", "missing": "allowed"}
    )
    swapped = _swapped(codes, grade, DRAW)
    assert np.isnan(swapped[-1])
    assert np.all(swapped[:-1] != codes[:-1])
    assert set(np.unique(swapped[:-1])) == {0.0, 1.0, 2.0}
    for code in (0.0, 1.0, 2.0, 3.0):
        rates = np.bincount(swapped[codes == code].astype(int), minlength=3) / 3000
        assert np.allclose(rates[rates > 0], 1 / (2 if code < 3 else 3), atol=0.04)


def test_of_two_values_it_is_the_other_one_and_of_one_none() -> None:
    np.testing.assert_array_equal(
        _swapped(np.array([0.0, 1.0]), Column.read({"type": "boolean"}), DRAW), [1, 0]
    )
    alone = Column.read({"type": "category", "values": ["a"]})
    np.testing.assert_array_equal(_swapped(np.array([0.0, 0.0]), alone, DRAW), [0, 0])


class Steep:
    """Scores by income alone: the probability is a hundredth of it, and 50 is the threshold."""

    features = 2

    def score(self, rows: Floats) -> Scores:
        return Scores(rows[:, 0] / 100, rows[:, 0], rows[:, 0] < 50)


def test_moves_are_measured_on_the_probability_and_the_decision(challenger: Bundle) -> None:
    steep = replace(challenger, scorer=Steep())  # type: ignore[arg-type]  # the one thing asked of it
    table = holdout(rows=3000, income=pa.array(np.linspace(20, 80, 3000)))
    found = measure_robustness(exam_of(steep, table))
    edges = json.loads(steep.files["reference.json"])["features"]["income"]["edges"]
    by = NOISE * (edges[-1] - edges[0]) / 2.563103 / 100
    income, grade = found.numbers["income"], found.categories["grade"]
    assert income.mean.value == pytest.approx(by)
    assert income.tail.value == pytest.approx(by)
    assert income.flips.value == pytest.approx(by * 100 / 60, rel=0.3)
    assert found.together == income
    assert (grade.mean.value, grade.tail.value, grade.flips.value) == (0, 0, 0)
    assert (found.rows, found.noise, found.unmoved) == (3000, NOISE, ())


def test_the_same_holdout_moves_the_same_each_time_and_of_many_rows_some_are_taken(
    challenger: Bundle,
) -> None:
    large = exam_of(challenger, holdout(rows=7000))
    found = measure_robustness(large)
    assert found.rows == 5000
    assert found == measure_robustness(large)


def test_a_number_of_one_value_alone_is_told_as_not_moved(challenger: Bundle) -> None:
    reference = json.loads(challenger.files["reference.json"])
    reference["features"]["income"]["edges"] = [50.0]
    flat = replace(challenger, files={**challenger.files, "reference.json": json.dumps(reference).encode()})
    found = measure_robustness(exam_of(flat, holdout()))
    assert (found.unmoved, found.together, dict(found.numbers)) == (("income",), None, {})


def test_rows_of_one_group_move_together(tmp_path: Path) -> None:
    grouped = bundle_of(tmp_path / "bundle", {**COLUMNS, "household": {"role": "group"}})
    alike = pa.array([f"H{row // 40}" for row in range(400)])
    apart = pa.array([f"H{row}" for row in range(400)])
    few, many = (measure_robustness(exam_of(grouped, holdout(household=one))) for one in (alike, apart))
    assert few.numbers["income"].mean.value == many.numbers["income"].mean.value
    assert few.numbers["income"].flips.high != many.numbers["income"].flips.high
