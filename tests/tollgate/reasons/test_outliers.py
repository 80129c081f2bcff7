"""What the outlier flag finds on the simulated loan book, what it leaves alone, and how it takes odd values."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.small import SmallBundle, small_contract, small_training
from tests.tollgate.reasons import planted
from tests.tollgate.training.scored import contract_of
from tollgate.bundle.bundle import Bundle
from tollgate.contract import Contract
from tollgate.reasons import outliers
from tollgate.reasons.outliers import OutlierDetector
from tollgate.reasons.reasoner import Reasoner
from tollgate.training.outliers import MOST_FEATURES, outlier_parameters

LOANS = planted.loan_contract()
NAN = float("nan")


@pytest.fixture(scope="module")
def detector() -> OutlierDetector:
    fitted, held_back = planted.applicants(LOANS, 12_000, 7), planted.applicants(LOANS, 4_000, 8)
    return detector_of(LOANS, fitted, held_back)


@pytest.fixture(scope="module")
def fresh() -> Any:
    return planted.applicants(LOANS, 12_000, 101)


def detector_of(contract: Contract, fitted: Any, held_back: Any) -> OutlierDetector:
    written = outlier_parameters(contract, fitted, held_back)
    assert written is not None
    return OutlierDetector(json.loads(json.dumps(written, allow_nan=False)), len(contract.features))


def test_at_most_one_in_a_hundred_fresh_applicants_is_flagged(detector: OutlierDetector, fresh: Any) -> None:
    assert 0 < detector.flags(fresh).mean() <= 0.01


def test_rows_whose_values_are_common_and_do_not_go_together_are_found(
    detector: OutlierDetector, fresh: Any
) -> None:
    rows = planted.unlikely_together(LOANS, fresh, 150_000, 3)
    assert len(rows) > 300
    assert detector.flags(rows).mean() >= 0.9


def test_loans_that_do_not_go_with_the_income_are_found(detector: OutlierDetector, fresh: Any) -> None:
    rows = planted.loans_against_incomes(LOANS, fresh, 4)
    assert len(rows) > 200
    assert detector.flags(rows).mean() >= 0.9


def test_a_value_far_beyond_all_others_is_found(detector: OutlierDetector, fresh: Any) -> None:
    rows = fresh[:200].copy()
    rows[:, LOANS.features.index("income")] *= 1000
    assert detector.flags(rows).mean() >= 0.99


def test_missing_values_alone_make_no_outlier(detector: OutlierDetector, fresh: Any) -> None:
    rows = fresh.copy()
    for name in ("debt_to_income", "employment_years", "utilization"):
        rows[::2, LOANS.features.index(name)] = NAN
    assert detector.flags(rows[::2]).mean() <= 0.01
    assert np.isfinite(detector.distances(np.full((2, len(LOANS.features)), NAN))).all()


def test_rows_together_are_as_far_out_as_each_alone(
    detector: OutlierDetector, fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = fresh[:300]
    together = detector.distances(rows)
    alone = [detector.distances(row[None])[0] for row in rows]
    np.testing.assert_allclose(together, alone, rtol=1e-9)
    monkeypatch.setattr(detector._lines, "chunk", 7)
    np.testing.assert_allclose(detector.distances(rows), together, rtol=1e-9)
    assert detector.flags(rows[:0]).shape == (0,)


def test_no_more_is_kept_of_patterns_of_missing_values_than_there_is_room_for(
    fresh: Any, detector: OutlierDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = detector.distances(fresh)
    monkeypatch.setattr(outliers, "KEPT", 2 * len(LOANS.features) ** 2)
    monkeypatch.setattr(detector, "_patterns", {})
    np.testing.assert_allclose(detector.distances(fresh), expected, rtol=1e-9)
    assert len(detector._patterns) == 2


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(st.floats(allow_infinity=False), min_size=12, max_size=12))
def test_any_finite_or_missing_values_have_a_distance(values: list[float]) -> None:
    rows = np.random.default_rng(0).lognormal(3, 1, (300, 12))
    rows[:, 3] = 7.0
    contract = contract_of(**{f"n{place}": {"type": "number", "missing": "allowed"} for place in range(12)})
    far = detector_of(contract, rows[:200], rows[200:]).distances(np.array([values]))
    assert np.isfinite(far).all()


def test_categories_that_do_not_go_together_are_found() -> None:
    draw = np.random.default_rng(1)
    kind = draw.integers(0, 4, 4000)
    rows = np.column_stack(
        [kind, np.where(draw.random(4000) < 0.005, 3 - kind, kind), draw.normal(size=4000)]
    )
    category = {"type": "category", "values": ["a", "b", "c", "d"]}
    contract = contract_of(one=category, other=category, number={"type": "number"})
    found = detector_of(contract, rows[:2000], rows[2000:])
    assert found.flags(rows[2000:]).mean() <= 0.01
    assert found.flags(np.array([[0.0, 3.0, 0.0], [3.0, 0.0, 0.0]])).all()


def test_no_parameter_is_a_value_that_only_one_row_has() -> None:
    draw = np.random.default_rng(2)
    rows = draw.lognormal(10, 1, (500, 3))
    contract = contract_of(a={"type": "number"}, b={"type": "number"}, c={"type": "number"})
    written = outlier_parameters(contract, rows[:400], rows[400:])
    assert written is not None
    shown = {value for curve in written["scores"] for value in curve["at"]}
    assert len(shown) > 20
    assert shown & set(rows.ravel().tolist()) == set()
    assert all(len(f"{value:e}".split("e")[0].rstrip("0")) <= 5 for value in shown)


@pytest.mark.parametrize("column", ["missing throughout", "the same throughout", "of tiny numbers"])
def test_a_feature_without_a_distribution_is_no_obstacle(column: str) -> None:
    rows = np.random.default_rng(3).normal(size=(100, 2))
    rows[:, 0] *= {"missing throughout": NAN, "the same throughout": 0.0, "of tiny numbers": 5e-324}[column]
    contract = contract_of(a={"type": "number", "missing": "allowed"}, b={"type": "number"})
    found = detector_of(contract, rows[:60], rows[60:])
    assert np.isfinite(found.distances(rows)).all()


def test_without_rows_held_back_and_with_hundreds_of_features_there_are_no_parameters() -> None:
    rows = np.random.default_rng(3).normal(size=(5, MOST_FEATURES + 1))
    contract = contract_of(**{f"n{place}": {"type": "number"} for place in range(MOST_FEATURES + 1)})
    assert outlier_parameters(contract, rows, rows) is None
    few = contract_of(n={"type": "number"})
    assert outlier_parameters(few, rows[:, :1], rows[:0, :1]) is None


@pytest.mark.parametrize("model", ["logistic", "scorecard", "gradient_boosting"])
def test_every_bundle_finds_outliers(model: str) -> None:
    content = small_training(model=model).files["explain.json"]
    explained = json.loads(content)
    assert explained["version"] == 2
    assert explained["outlier"].keys() == {"limit", "mean", "covariance", "scores"}
    assert Reasoner(content, small_contract()).finds_outliers
    without = {**explained, "outlier": None}
    assert not Reasoner(json.dumps(without).encode(), small_contract()).finds_outliers


def test_a_loaded_bundle_flags_rows(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder)
    rows, _ = loaded.check(bundle.rows)
    assert loaded.reasoner.outlier(rows).dtype == np.bool_
    far = rows.copy()
    far[:, 0] = 1e9
    assert loaded.reasoner.outlier(far).mean() > 0.9
