from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import t
from sklearn.metrics import roc_auc_score

from tests.tollgate.evaluation.made import days, exam_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation import slices as measured
from tollgate.evaluation.delong import auc
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import NO_GROUPS, NO_MONTHS
from tollgate.evaluation.implied import implied_auc
from tollgate.evaluation.sampling_error import standard_error
from tollgate.evaluation.slices import measure_slices
from tollgate.evaluation.slices_section import Slice, Slices

ROWS = 3000
SMALL: dict[str, dict[str, Any]] = {
    "region": {"role": "ignore"},
    "household": {"role": "group"},
    **COLUMNS,
}


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle", SMALL)


def exam(
    challenger: Bundle, blind: float = 0.0, off: float = 0.0, times: int = 1, season: float = 0.0
) -> Exam:
    """Rows of two grades; of grade b the model sees less, or its events are more frequent than it says, or by month."""
    draw = np.random.default_rng(1)
    month = np.random.default_rng(2).integers(0, 6, ROWS)
    grade = draw.choice(["a", "b"], ROWS)
    log_odds = draw.normal(-1, 1.2, ROWS)
    truth = np.where(grade == "b", (1 - blind) * log_odds + off + season * (month % 2), log_odds)
    event = (draw.random(ROWS) < 1 / (1 + np.exp(-truth))).astype(np.float64)
    columns = {
        "grade": pa.array(np.repeat(grade, times)),
        "income": pa.array(np.repeat(draw.uniform(1, 100, ROWS), times)),
        "region": pa.array(np.repeat(draw.choice(["n", "s", "w"], ROWS, p=[0.9, 0.05, 0.05]), times)),
        "household": pa.array(np.repeat(np.arange(ROWS), times).astype(str)),
        "issued": days(np.repeat(month, times)),
    }
    return exam_of(
        challenger, np.repeat(event, times), np.repeat(1 / (1 + np.exp(-log_odds)), times), **columns
    )


def grades(found: Slices) -> dict[str, Slice]:
    return {one.name: one for one in found.columns["grade"].slices}


def test_each_column_with_groups_is_there_with_all_its_groups(challenger: Bundle) -> None:
    found = measure_slices(exam(challenger))
    assert {name: column.kind for name, column in found.columns.items()} == {
        "region": "segment",
        "income": "band",
        "grade": "segment",
    }
    assert [len(column.slices) for column in found.columns.values()] == [3, 5, 2]
    assert all(sum(one.rows for one in column.slices) == ROWS for column in found.columns.values())
    assert found.rows == ROWS
    assert Slices.read(found.as_json()) == found


def test_the_gap_of_the_auc_is_what_it_lacks_of_the_implied_one_and_its_error_that_of_both_sides(
    challenger: Bundle,
) -> None:
    made = exam(challenger, blind=0.5)
    found = grades(measure_slices(made))["b"]
    inside = np.asarray(made.table.column("grade")) == "b"
    scores = made.scored.scores
    sides = [roc_auc_score(made.event[side], scores.margin[side]) for side in (inside, ~inside)]
    implied = [implied_auc(scores.probability[side], scores.margin[side]) for side in (inside, ~inside)]
    assert found.auc.figure.value == pytest.approx((implied[0] - sides[0]) - (implied[1] - sides[1]))
    errors = [standard_error(auc(made.event[side], scores.margin[side])[1]) for side in (inside, ~inside)]
    assert found.auc.error == pytest.approx(np.hypot(errors[0], errors[1]), rel=0.002)
    assert found.auc.figure.low is not None
    assert found.auc.figure.low > 0.05
    assert found.areas is not None
    assert [found.areas.auc, found.areas.implied] == pytest.approx([sides[0], implied[0]])


def test_the_gap_of_the_level_is_that_of_two_ratios(challenger: Bundle) -> None:
    made = exam(challenger, off=0.8)
    gap = grades(measure_slices(made))["b"].level
    inside = np.asarray(made.table.column("grade")) == "b"
    said = made.scored.scores.probability
    ratios = [made.event[side].sum() / said[side].sum() for side in (inside, ~inside)]
    assert gap.figure.value == pytest.approx(np.log(ratios[0] / ratios[1]))
    assert gap.figure.low is not None
    assert gap.figure.low > 0.2
    other = grades(measure_slices(made))["a"].level.figure.value
    assert other == pytest.approx(-np.log(ratios[0] / ratios[1]))


def test_the_degrees_of_freedom_are_those_of_the_groups_or_months_that_the_interval_is_of(
    challenger: Bundle,
) -> None:
    found = grades(measure_slices(exam(challenger, season=1.5)))["b"]
    in_b = found.rows
    assert found.auc.degrees == min(in_b, ROWS - in_b) - 1
    assert found.level.degrees in (4, 5)  # six months of nearly the same size
    for gap in (found.auc, found.level):
        assert gap.figure.high is not None
        assert gap.figure.value is not None
        assert gap.error is not None
        reach = (gap.figure.high - gap.figure.value) / gap.error
        assert gap.degrees is not None
        assert t.ppf(0.975, gap.degrees + 0.5) <= reach <= t.ppf(0.975, gap.degrees - 0.5)


def test_rows_that_come_in_fours_are_a_quarter_as_many(challenger: Bundle) -> None:
    once, four = (grades(measure_slices(exam(challenger, times=times)))["a"] for times in (1, 4))
    assert four.rows == 4 * once.rows
    assert four.auc.error == pytest.approx(once.auc.error, rel=1e-6)


def branches(challenger: Bundle, inside: int) -> Slice:
    """The region s, which is all rows of so many of 30 groups of 100 rows."""
    made = exam(challenger)
    branch = np.arange(ROWS) // 100
    columns = {name: made.table.column(name) for name in made.table.column_names if name in SMALL}
    columns["household"] = pa.array(branch.astype(str))
    columns["region"] = pa.array(np.where(branch < inside, "s", "n"))
    found = measure_slices(exam_of(challenger, made.event, made.scored.scores.probability, **columns))
    return {one.name: one for one in found.columns["region"].slices}["s"]


def test_a_group_of_rows_that_is_one_cluster_has_figures_and_no_interval(challenger: Bundle) -> None:
    found = branches(challenger, 1)
    for gap in (found.auc, found.level):
        assert gap.figure.value is not None
        assert (gap.figure.low, gap.figure.high, gap.error, gap.degrees) == (None, None, None, None)
        assert gap.figure.reason == NO_GROUPS


@pytest.mark.parametrize("inside", [2, 3, 28])
def test_a_group_of_rows_in_few_clusters_has_their_degrees_of_freedom(
    challenger: Bundle, inside: int
) -> None:
    found = branches(challenger, inside)
    gaps = [gap for gap in (found.auc, found.level) if gap.degrees is not None]
    assert gaps, "rows alone are no wider for both"
    assert {gap.degrees for gap in gaps} <= {min(inside, 30 - inside) - 1, 5, 4}
    assert found.auc.figure.high is not None


def test_a_group_of_rows_of_one_month_has_no_interval_of_its_level(challenger: Bundle) -> None:
    made = exam(challenger)
    columns = {name: made.table.column(name) for name in made.table.column_names if name in SMALL}
    columns["issued"] = days(np.where(np.asarray(made.table.column("region")) == "s", 3, np.arange(ROWS) % 3))
    found = measure_slices(exam_of(challenger, made.event, made.scored.scores.probability, **columns))
    (of_s,) = [one for one in found.columns["region"].slices if one.name == "s"]
    assert of_s.level.figure.reason == NO_MONTHS
    assert of_s.auc.figure.reason == ""
    columns["issued"] = days(np.full(ROWS, 3))
    alike = measure_slices(exam_of(challenger, made.event, made.scored.scores.probability, **columns))
    assert {one.level.figure.reason for one in alike.columns["region"].slices} == {""}


def test_groups_with_too_few_events_are_also_measured_as_one(challenger: Bundle) -> None:
    region = measure_slices(exam(challenger)).columns["region"]
    assert region.small is not None
    assert region.small.name == "s, w"
    assert region.small.rows == sum(one.rows for one in region.slices if one.name in ("s", "w"))
    assert measure_slices(exam(challenger)).columns["grade"].small is None


def test_a_group_with_one_outcome_has_a_reason_in_place_of_figures(challenger: Bundle) -> None:
    made = exam(challenger)
    event = np.where(np.asarray(made.table.column("grade")) == "b", 0.0, made.event)
    columns = {name: made.table.column(name) for name in SMALL if name in made.table.column_names}
    found = grades(measure_slices(exam_of(challenger, event, made.scored.scores.probability, **columns)))
    assert found["b"].auc.figure.reason == "the group has no two outcomes"
    assert found["b"].level.figure.reason == "the group has no event"
    assert found["a"].auc.figure.reason == "the rest has no two outcomes"
    assert found["a"].level.error is None


def test_of_very_many_rows_a_seeded_sample_is_measured(
    challenger: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "MOST_ROWS", 1000)
    found = measure_slices(exam(challenger))
    assert found.rows == 1000
    assert sum(one.rows for one in found.columns["grade"].slices) == 1000
    assert measure_slices(exam(challenger)) == found
