"""Which reasons are given, in which order, and in which words."""

from typing import Any

import numpy as np
import pytest

from tests.tollgate.training.scored import contract_of
from tollgate.bundle.explain import write_explain
from tollgate.errors import BundleError
from tollgate.reasons.reasoner import Reasoner
from tollgate.reasons.wording import Reason

NAN = float("nan")
LINE = {"weight": 1.0, "centre": 0.0, "missing": 5.0}
STEP = {"edges": [0.0], "values": [0.0, 0.0], "missing": 0.0}
DEBT = {
    "type": "number",
    "missing": "allowed",
    "reason": {"high": "Too much debt", "low": "Too little debt", "missing": "Debt unknown"},
}
COLUMNS: dict[str, dict[str, Any]] = {
    "debt": DEBT,
    "income": {"type": "number"},
    "purpose": {"type": "category", "values": ["car", "home"], "reason": {"high": "The purpose"}},
    "owner": {"type": "boolean", "missing": "allowed"},
    "late_30": {"type": "integer", "reason_group": "payments", "reason": {"high": "Late by 30 days"}},
    "late_90": {"type": "integer", "reason_group": "payments", "reason": {"high": "Late by 90 days"}},
}
# the means are 10, 0, -, -, 1, 1
BACKGROUND = np.array([[9.0, 0, 0, 0, 0, 0], [10, 0, 1, 1, 1, 1], [11, 0, 1, 1, 2, 2]])


def reasoner(weights: dict[str, float], columns: dict[str, dict[str, Any]] = COLUMNS) -> Reasoner:
    contract = contract_of(**columns)
    terms = {
        name: {**LINE, "weight": weights[name]} if name in weights else STEP for name in contract.features
    }
    explained = {"kind": "additive", "base": 0.0, "features": terms}
    return Reasoner(write_explain(explained, contract.features, BACKGROUND), contract)


def said(row: list[float], **shares: float) -> list[Reason]:
    """The reasons for a row with contributions by name."""
    places = list(COLUMNS)
    contributions = [shares.get(name, 0.0) for name in places]
    return reasoner({}).reasons(np.array([row]), np.array([contributions]))[0]


TYPICAL = [10.0, 0.0, 1.0, 1.0, 1.0, 1.0]


def but(**values: float) -> list[float]:
    return [values.get(name, value) for name, value in zip(COLUMNS, TYPICAL, strict=True)]


@pytest.mark.parametrize(
    ("value", "text"),
    [(10.5, "Too much debt"), (10.0, "Too much debt"), (9.5, "Too little debt"), (NAN, "Debt unknown")],
)
def test_the_text_goes_by_the_side_of_the_mean_on_which_the_value_lies(value: float, text: str) -> None:
    assert said(but(debt=value), debt=0.5) == [Reason("debt", 0.5, text)]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("income", 1.0, "income: high"),
        ("income", -1.0, "income: low"),
        ("purpose", 0.0, "The purpose"),
        ("purpose", 1.0, "The purpose"),
        ("owner", 0.0, "owner"),
        ("owner", NAN, "owner: missing"),
    ],
)
def test_without_a_text_the_feature_and_its_direction_are_said(name: str, value: float, text: str) -> None:
    assert said(but(**{name: value}), **{name: 1.0}) == [Reason(name, 1.0, text)]


def test_the_mean_counts_and_not_the_median() -> None:
    """4 lies above the median of 3, and below the mean of 5."""
    contract = contract_of(income={"type": "number"})
    explained = {"kind": "additive", "base": 0.0, "features": {"income": STEP}}
    asked = Reasoner(write_explain(explained, ("income",), np.array([[3.0], [3.0], [9.0]])), contract)
    found = asked.reasons(np.array([[4.0]]), np.array([[1.0]]))
    assert found == [[Reason("income", 1.0, "income: low")]]


def test_of_a_straight_line_the_slope_counts_whatever_the_contract_wishes() -> None:
    contract = contract_of(income={"type": "number", "monotone": "increasing"})
    terms = {"income": {**LINE, "weight": -1.0}}
    explained = {"kind": "additive", "base": 0.0, "features": terms}
    asked = Reasoner(write_explain(explained, ("income",), np.array([[3.0], [3.0], [9.0]])), contract)
    rows = np.array([[4.0]])
    assert asked.reasons(rows, asked.contributions(rows)) == [[Reason("income", 1.0, "income: low")]]


@pytest.mark.parametrize(
    ("monotone", "values", "text"),
    [("decreasing", [3, 2, -9], "n: low"), ("increasing", [-9, 2, 3], "n: high")],
)
def test_where_the_risk_moves_one_way_the_text_goes_that_way(
    monotone: str, values: list[float], text: str
) -> None:
    """The value 2 is on the other side of the background's mean, and counts against all the same."""
    contract = contract_of(n={"type": "number", "monotone": monotone})
    terms = {"n": {"edges": [1.5, 2.5], "values": values, "missing": 0.0}}
    explained = {"kind": "additive", "base": 0.0, "features": terms}
    others = np.array([[1.6], [3.0]]) if monotone == "decreasing" else np.array([[1.0], [2.4]])
    asked = Reasoner(write_explain(explained, ("n",), others), contract)
    rows = np.array([[2.4 if monotone == "decreasing" else 1.6]])
    shares = asked.contributions(rows)
    assert shares > 0
    assert [reason.text for reason in asked.reasons(rows, shares)[0]] == [text]


def test_only_what_counts_against_the_applicant_is_a_reason_and_the_largest_comes_first() -> None:
    found = said(TYPICAL, debt=0.1, income=-9.0, purpose=0.3, owner=0.2)
    assert [reason.name for reason in found] == ["purpose", "owner", "debt"]
    assert said(TYPICAL, debt=-1.0, income=0.0, purpose=1e-15) == []


def test_there_are_four_at_most() -> None:
    shares = {"debt": 1.0, "income": 2.0, "purpose": 3.0, "owner": 4.0, "late_30": 5.0}
    names = [reason.name for reason in said(TYPICAL, **shares)]
    assert names == ["payments", "owner", "purpose", "income"]


def test_a_group_is_one_reason_in_the_words_of_the_member_that_counts_most() -> None:
    assert said(but(late_90=3), late_30=0.25, late_90=0.5) == [Reason("payments", 0.75, "Late by 90 days")]
    assert said(but(late_90=0), late_90=0.5) == [Reason("payments", 0.5, "late_90: low")]


def test_a_member_that_counts_for_the_applicant_is_taken_off_its_group() -> None:
    assert said(TYPICAL, late_30=0.5, late_90=-0.25) == [Reason("payments", 0.25, "Late by 30 days")]
    assert said(TYPICAL, late_30=0.5, late_90=-0.75) == []


def test_each_row_has_reasons_of_its_own() -> None:
    asked = reasoner({"debt": 1.0, "income": -1.0})
    rows = np.array([but(debt=12.0), but(income=-3.0), but(debt=NAN), but(debt=10.0)])
    shares = asked.contributions(rows)
    assert asked.base == 10.0
    assert shares[:, 0].tolist() == [2.0, 0.0, -5.0, 0.0]
    assert asked.reasons(rows, shares) == [
        [Reason("debt", 2.0, "Too much debt")],
        [Reason("income", 3.0, "income: low")],
        [],
        [],
    ]


@pytest.mark.parametrize("background", [[NAN, NAN, NAN, NAN], [NAN, NAN, NAN, 30.0]])
@pytest.mark.parametrize("value", [5.0, 35.0, 79.0])
def test_a_straight_line_that_falls_counts_against_what_is_low_beside_missing_values_too(
    background: list[float], value: float
) -> None:
    """Months since the last arrears: missing is the best there is, so that every number of them counts against."""
    texts = {"high": "Long ago", "low": "Recent", "missing": "Never"}
    contract = contract_of(since={"type": "number", "missing": "allowed", "reason": texts})
    explained = {
        "kind": "additive",
        "base": 0.0,
        "features": {"since": {"weight": -0.01, "centre": 0.0, "missing": -2.0}},
    }
    asked = Reasoner(write_explain(explained, ("since",), np.array(background)[:, None]), contract)
    rows = np.array([[value]])
    (reasons,) = asked.reasons(rows, asked.contributions(rows))
    assert [reason.text for reason in reasons] == ["Recent"]


def test_a_feature_that_is_missing_in_all_of_the_background_is_high_when_it_is_there() -> None:
    contract = contract_of(debt=DEBT)
    explained = {"kind": "additive", "base": 0.0, "features": {"debt": STEP}}
    asked = Reasoner(write_explain(explained, ("debt",), np.full((2, 1), NAN)), contract)
    (reasons,) = asked.reasons(np.array([[-7.0]]), np.array([[1.0]]))
    assert reasons == [Reason("debt", 1.0, "Too much debt")]


def test_a_model_that_explains_nothing_says_so() -> None:
    contract = contract_of(**COLUMNS)
    asked = Reasoner(write_explain({"kind": "none"}, contract.features, BACKGROUND), contract)
    assert (asked.explains, asked.finds_outliers, asked.base) == (False, False, 0.0)
    with pytest.raises(BundleError, match="explains nothing"):
        asked.contributions(BACKGROUND)
    with pytest.raises(BundleError, match="no outlier parameters"):
        asked.outlier(BACKGROUND)


def test_an_explanation_without_a_background_is_refused() -> None:
    contract = contract_of(debt=DEBT)
    explained = {"kind": "additive", "base": 0.0, "features": {"debt": LINE}}
    with pytest.raises(BundleError, match="no background rows"):
        Reasoner(write_explain(explained, ("debt",), np.empty((0, 1))), contract)
