from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from fairlearn.metrics import MetricFrame, demographic_parity_ratio, selection_rate, true_negative_rate

from tests.tollgate.evaluation.made import exam_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.fairness import measure_fairness
from tollgate.evaluation.fairness_section import Fairness
from tollgate.evaluation.few_clusters import NO_GROUPS
from tollgate.evaluation.proxies import sample, told

ROWS = 3000
WITH_AGE: dict[str, dict[str, Any]] = {
    "income": COLUMNS["income"],
    "outcome": COLUMNS["outcome"],
    "age": {"type": "integer", "role": "protected", "bands": [30.0, 50.0]},
}


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle", WITH_AGE)


@pytest.fixture(scope="module")
def exam(challenger: Bundle) -> Exam:
    draw = np.random.default_rng(1)
    age = draw.integers(18, 80, ROWS)
    log_odds = draw.normal(-1, 1, ROWS) - (age - 45) / 30
    event = (draw.random(ROWS) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    income = draw.normal(50 + age / 2, 5)
    probability = 1 / (1 + np.exp(-log_odds))
    return exam_of(challenger, event, probability, 0.35, age=pa.array(age), income=pa.array(income))


def groups(exam: Exam) -> Any:
    return np.array(["up to 30", "30 to 50", "over 50"])[
        np.searchsorted([30, 50], exam.table.column("age").to_numpy(), side="left")
    ]


def test_rates_by_group_are_those_of_fairlearn(exam: Exam) -> None:
    """Approval is a selection where the label 1 is `no event`, and its rate among those is recall of that label."""
    found = measure_fairness(exam).columns["age"]
    good, approved = 1 - exam.event, exam.scored.scores.approved.astype(int)
    frame = MetricFrame(
        metrics={"approval": selection_rate, "opportunity": lambda y, p: true_negative_rate(1 - y, 1 - p)},
        y_true=good,
        y_pred=approved,
        sensitive_features=groups(exam),
    )
    for at, group in enumerate(found.groups):
        assert found.approval.values[at] == pytest.approx(frame.by_group.loc[group.name, "approval"])
        assert found.opportunity.values[at] == pytest.approx(frame.by_group.loc[group.name, "opportunity"])
    rates = [rate or 0 for rate in found.approval.values]
    ratio = demographic_parity_ratio(good, approved, sensitive_features=groups(exam))
    assert min(rates) / max(rates) == pytest.approx(ratio)


def test_groups_have_their_rows_events_and_level(exam: Exam) -> None:
    found = measure_fairness(exam)
    assert list(found.columns) == ["age"]
    for group in found.columns["age"].groups:
        inside = groups(exam) == group.name
        assert (group.rows, group.events) == (inside.sum(), exam.event[inside].sum())
        level = exam.event[inside].sum() / exam.scored.scores.probability[inside].sum()
        assert group.level.value == pytest.approx(level)
        assert (group.level.low or 9) < 1 < (group.level.high or 0)
    assert Fairness.read(found.as_json()) == found


def test_a_feature_that_stands_for_the_group_tells_it(exam: Exam, challenger: Bundle) -> None:
    strong = [group.told.value or 0 for group in measure_fairness(exam).columns["age"].groups]
    assert max(strong) > 0.9
    columns = {name: exam.table.column(name) for name in ("age",)}
    income = pa.array(np.random.default_rng(2).normal(50, 5, ROWS))
    blind = exam_of(challenger, exam.event, exam.scored.scores.probability, income=income, **columns)
    for group in measure_fairness(blind).columns["age"].groups:
        assert group.told.low is not None
        assert group.told.high is not None
        assert group.told.low < 0.53
        assert group.told.high > 0.47


def test_a_group_of_a_few_rows_has_a_reason_in_place_of_how_well_it_is_told() -> None:
    encoded = np.random.default_rng(1).normal(size=(300, 2))
    place = np.r_[np.zeros(150), np.ones(110), np.full(40, 2)].astype(np.intp)
    found = told(encoded, place, 3, seed=1)
    assert [one.value is None for one in found] == [False, False, True]
    assert all(one.value is None for one in told(encoded, np.zeros(300, dtype=np.intp), 1, seed=1))


def test_a_feature_that_is_missing_in_all_rows_or_nearly_all_tells_nothing_and_breaks_nothing() -> None:
    encoded = np.random.default_rng(1).normal(size=(300, 2))
    place = (encoded[:, 0] > 0).astype(np.intp)
    gone, rare = np.full((300, 1), np.nan), np.full((300, 1), np.nan)
    rare[:3] = 1.0
    assert told(np.hstack([encoded, gone, rare]), place, 2, seed=1) == told(encoded, place, 2, seed=1)
    (none, _) = told(np.hstack([gone, rare]), place, 2, seed=1)
    assert (none.value, none.reason) == (None, "no feature is there in 50 of the rows that were drawn")


def test_fairness_is_measured_with_a_feature_that_is_missing_in_all_rows(tmp_path: Path) -> None:
    columns = {**WITH_AGE, "income": {"type": "number", "missing": "allowed"}}
    age = np.random.default_rng(2).integers(18, 80, 400)
    gone = pa.nulls(400, pa.float64())
    made = exam_of(
        bundle_of(tmp_path / "bundle", columns),
        (age % 2).astype(np.float64),
        np.full(400, 0.4),
        age=pa.array(age),
        income=gone,
    )
    found = measure_fairness(made).columns["age"]
    assert {group.told.reason for group in found.groups} == {
        "no feature is there in 50 of the rows that were drawn"
    }
    assert found.groups[0].level.value is not None


def test_of_many_rows_a_seeded_sample_is_asked() -> None:
    rows = sample(20_000, seed=1)
    assert len(np.unique(rows)) == 5000
    np.testing.assert_array_equal(rows, sample(20_000, seed=1))
    np.testing.assert_array_equal(sample(100, seed=1), np.arange(100))


def test_nobody_of_a_group_without_the_event_leaves_its_rate_open(challenger: Bundle) -> None:
    age = np.r_[np.full(60, 20), np.full(60, 60)]
    event = np.r_[np.ones(60), np.zeros(60)]
    made = exam_of(challenger, event, np.full(120, 0.2), age=pa.array(age), income=pa.array(np.ones(120)))
    found = measure_fairness(made).columns["age"]
    assert found.opportunity.values == (None, 1.0)
    assert found.groups[1].level.reason == "no event happened in the group"


def test_a_group_that_lies_in_one_cluster_has_no_interval_and_one_in_two_a_wide_one(tmp_path: Path) -> None:
    """Ages 20, 40 and 60 are branches: 1, 2 and 27 of 30."""
    bundle = bundle_of(tmp_path / "bundle", WITH_AGE | {"branch": {"role": "group"}})
    branch = np.arange(ROWS) // 100
    draw = np.random.default_rng(1)
    probability = draw.uniform(0.05, 0.6, ROWS)
    event = (draw.random(ROWS) < probability).astype(np.float64)
    columns = {
        "age": pa.array(np.select([branch < 1, branch < 3], [20, 40], 60)),
        "income": pa.array(draw.normal(50, 5, ROWS)),
        "branch": pa.array(branch.astype(str)),
    }
    found = measure_fairness(exam_of(bundle, event, probability, 0.35, **columns)).columns["age"]
    for rates in (found.approval, found.opportunity):
        one, two = (rates.figure(0.0, gradient) for gradient in ([1, 0, -1], [0, 1, -1]))
        assert (one.high, one.reason) == (None, NO_GROUPS)
        rate = rates.values[1] or 0.0
        assert (two.high or 0.0) >= 1.96 * np.sqrt(rate * (1 - rate) / 200)
    assert found.groups[0].level.reason == NO_GROUPS
    assert all(group.level.high is not None for group in found.groups[1:])


def test_without_a_protected_column_there_are_no_groups(tmp_path_factory: pytest.TempPathFactory) -> None:
    plain = {name: WITH_AGE[name] for name in ("income", "outcome")}
    bundle = bundle_of(tmp_path_factory.mktemp("plain") / "bundle", plain)
    made = exam_of(bundle, np.array([0.0, 1.0]), np.array([0.2, 0.3]), income=pa.array([1.0, 2.0]))
    assert measure_fairness(made).columns == {}
