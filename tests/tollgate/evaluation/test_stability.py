import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.made import days, exam_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.days import overlap
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.sampling_error import Floats
from tollgate.evaluation.stability import measure_stability
from tollgate.evaluation.stability_section import Stability, Trends
from tollgate.evaluation.sway import sway
from tollgate.evaluation.vintages import vintages
from tollgate.evaluation.written.vintages import Vintages

ROWS = 4000


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle")


def income(top: float = 100) -> Floats:
    return np.random.default_rng(5).uniform(1, top, ROWS)


def exam(
    challenger: Bundle,
    top: float = 100,
    decline: float = 0.0,
    rise: float = 0.0,
    scatter: float = 0.0,
    level: float = 0.0,
    **change: Any,
) -> Exam:
    """Rows over eight months; over them the model's order gets worse, or events more frequent."""
    draw = np.random.default_rng(3)
    month = np.arange(ROWS) // (ROWS // 8)
    part = month / 7 - 0.5
    log_odds = draw.normal(-0.5, 1, ROWS) + level
    truth = (1 - decline * (part + 0.5)) * log_odds + rise * part + scatter * (-1.0) ** month
    event = (draw.random(ROWS) < 1 / (1 + np.exp(-truth))).astype(np.float64)
    columns = {
        "income": pa.array(income(top)),
        "grade": pa.array(draw.choice(["a", "b"], ROWS)),
        "issued": days(month),
        **change,
    }
    return exam_of(challenger, event, 1 / (1 + np.exp(-log_odds)), **columns)


def trends(found: Stability) -> Trends:
    assert isinstance(found.trends, Trends)
    return found.trends


def test_rows_like_those_of_the_training_have_not_moved(challenger: Bundle) -> None:
    found = measure_stability(exam(challenger))
    assert list(found.features) == ["income", "grade"]
    assert all(shift.q_value > 0.01 for shift in found.features.values())
    assert found.weighted.low is not None
    assert found.weighted.low < 0.01
    assert (found.method, found.timed) == ("time", True)
    assert Stability.read(found.as_json()) == found


@pytest.mark.parametrize(
    ("until", "share"),
    [
        ({"fit": "2023-12-31", "calibration": "2023-12-31"}, 0.0),
        ({"fit": "2024-01-01", "calibration": "2023-12-31"}, 1 / 8),
        ({"fit": "2023-12-31", "calibration": "2024-02-15"}, 2 / 8),
        ({"fit": "2024-08-01", "calibration": "2023-12-31"}, 1.0),
        ({"fit": "2024-01-01", "calibration": None}, None),
        ({}, None),
    ],
)
def test_how_much_of_the_holdout_is_of_days_that_the_model_learned_from(
    challenger: Bundle, until: dict[str, str | None], share: float | None
) -> None:
    parts = {name: {"rows": 1} | ({"until": day} if day else {}) for name, day in until.items()}
    population = {"parts": {**parts, "holdout": {"rows": ROWS, "until": "2024-08-01"}}}
    made = exam(challenger)
    made = dataclasses.replace(made, facts={"validation": {"method": "order"}, "population": population})
    found = measure_stability(made)
    assert (found.method, found.overlap) == ("order", share)


def test_a_row_without_a_day_is_not_known_to_be_later(challenger: Bundle) -> None:
    parts = {"fit": {"until": "2023-12-31"}}
    made = exam(
        challenger, issued=pa.array([None] * (ROWS // 4) + days(np.full(3 * ROWS // 4, 5)).to_pylist())
    )
    assert overlap(dataclasses.replace(made, facts={"population": {"parts": parts}})) == 1 / 4


def test_a_feature_that_moved_is_found_and_counts_by_how_much_it_sways_the_score(challenger: Bundle) -> None:
    found = measure_stability(exam(challenger, top=60))
    moved, still = found.features["income"], found.features["grade"]
    assert moved.q_value < 1e-6
    assert moved.beyond.low is not None
    assert moved.beyond.low > 0.1
    assert still.q_value > 0.01
    assert moved.weight is not None
    assert still.weight is not None
    assert moved.weight > 0.8
    assert moved.weight + still.weight == pytest.approx(1)
    assert found.weighted.value == pytest.approx(
        moved.weight * (moved.beyond.value or 0) + still.weight * (still.beyond.value or 0)
    )


def test_the_score_is_held_against_the_profile_of_the_calibration_part(challenger: Bundle) -> None:
    made = exam(challenger)
    real = Exam(
        made.table,
        challenger,
        type(made.scored)(made.event, challenger.score(made.encoded)),
        made.section,
        facts=made.facts,
    )
    assert (measure_stability(real).score.beyond.low or 0) < 0.02
    assert (measure_stability(made).score.beyond.low or 0) > 0.1  # scores of another model


def test_periods_have_their_months_rows_and_figures(challenger: Bundle) -> None:
    found = trends(measure_stability(exam(challenger)))
    assert [(one.since, one.until, one.rows) for one in found.periods] == [
        (f"2024-0{month}", f"2024-0{month}", 500) for month in range(1, 9)
    ]
    assert found.years == pytest.approx(7 / 12)
    assert sum(one.events for one in found.periods) == int(exam(challenger).event.sum())
    for change in (found.roc_auc, found.log_observed_to_expected):
        assert change.low is not None
        assert change.high is not None
        assert change.low < 0 < change.high


@pytest.mark.parametrize(("rare", "count"), [(0.0, 8), (-2.2, 3), (-3.4, 2), (-6, 0)])
def test_the_periods_that_are_told_are_those_that_the_change_is_of(
    challenger: Bundle, rare: float, count: int
) -> None:
    made = exam(challenger, level=rare)
    vintage, found = vintages(made), measure_stability(made).trends
    assert isinstance(vintage, Vintages)
    if count == 0:
        assert isinstance(found, NotAssessed)
        assert len(vintage.spans) == 1
        return
    assert isinstance(found, Trends)
    assert len(found.periods) == count
    assert [
        (one.since, one.until, one.rows, one.events, one.observed_to_expected) for one in found.periods
    ] == [(one.since, one.until, one.rows, one.events, one.observed_expected) for one in vintage.spans]
    assert [one.roc_auc.value for one in vintage.spans] == [one.roc_auc.value for one in found.periods]


def test_an_order_that_gets_worse_shows_as_a_fall_of_the_auc(challenger: Bundle) -> None:
    found = trends(measure_stability(exam(challenger, decline=1.0)))
    assert found.roc_auc.high is not None
    assert found.roc_auc.high < -0.1
    first, last = found.periods[0].roc_auc.value, found.periods[-1].roc_auc.value
    assert first is not None
    assert last is not None
    assert last - first == pytest.approx(found.roc_auc.value, abs=0.08)


def test_events_that_get_more_frequent_show_as_a_rise_of_the_level(challenger: Bundle) -> None:
    found = trends(measure_stability(exam(challenger, rise=1.2))).log_observed_to_expected
    assert found.low is not None
    assert found.low > 0.4
    assert found.value == pytest.approx(0.65, abs=0.2)


def test_months_that_scatter_widen_the_change_of_the_level_and_a_straight_rise_does_not(
    challenger: Bundle,
) -> None:
    def width(**of: Any) -> float:
        figure = trends(measure_stability(exam(challenger, **of))).log_observed_to_expected
        assert figure.high is not None
        assert figure.low is not None
        return figure.high - figure.low

    assert width(rise=1.2) < 1.3 * width()
    assert width(scatter=0.5) > 1.8 * width()


def test_without_time_or_events_there_are_no_trends_and_it_says_why(
    challenger: Bundle, tmp_path: Path
) -> None:
    plain = bundle_of(tmp_path / "bundle", {name: COLUMNS[name] for name in ("income", "outcome")})
    untimed = measure_stability(exam(plain))
    assert not untimed.timed
    assert isinstance(untimed.trends, NotAssessed)
    assert "no column with the role time" in untimed.trends.not_assessed
    made = exam(challenger, issued=days(np.zeros(ROWS)))
    assert isinstance(measure_stability(made).trends, NotAssessed)


@pytest.mark.parametrize(("apart", "auc"), [(3.0, 1.0), (0.0, 0.5)])
def test_figures_without_an_error_give_no_change_and_the_reason(
    challenger: Bundle, apart: float, auc: float
) -> None:
    made = exam(challenger)
    log_odds = apart * (made.event - 0.5)
    exact = exam_of(
        challenger,
        made.event,
        1 / (1 + np.exp(-log_odds)),
        **{name: made.table.column(name) for name in ("income", "grade", "issued")},
    )
    found = trends(measure_stability(exact))
    assert {one.roc_auc.value for one in found.periods} == {auc}
    assert (found.roc_auc.value, found.roc_auc.low, found.roc_auc.high) == (None, None, None)
    assert found.roc_auc.reason.startswith(
        "the figure of a period has no sampling error, such as an AUC of 1"
    )
    assert found.log_observed_to_expected.low is not None


def test_periods_of_one_group_each_give_no_change_and_the_reason(challenger: Bundle, tmp_path: Path) -> None:
    grouped = bundle_of(tmp_path / "bundle", {**COLUMNS, "household": {"role": "group"}})
    households = pa.array([f"of month {row // (ROWS // 8)}" for row in range(ROWS)])
    found = trends(measure_stability(exam(grouped, household=households)))
    assert (found.roc_auc.value, found.log_observed_to_expected.value) == (None, None)
    assert "no two periods have rows of several groups" in found.roc_auc.reason


def test_what_sways_a_score_is_measured_on_a_seeded_sample(challenger: Bundle) -> None:
    encoded = np.column_stack([np.tile(income(), 4), np.tile(np.arange(ROWS) % 2, 4)])
    weights, rows = sway(challenger.scorer, encoded, seed=1)
    assert rows == 10_000
    np.testing.assert_array_equal(sway(challenger.scorer, encoded, seed=1)[0], weights)
    assert not np.array_equal(sway(challenger.scorer, encoded, seed=2)[0], weights)
    constant = np.tile([50.0, 1.0], (100, 1))
    np.testing.assert_array_equal(sway(challenger.scorer, constant, seed=1)[0], [0.5, 0.5])
