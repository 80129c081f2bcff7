"""Rows that break the contract, through the V1 route: each is refused by row, column and rule."""

from typing import Any

import pytest

from tests.serving.live import V1, Live
from tests.serving.refused import refused
from tests.small import SmallBundle

HUGE = 10**400


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("income", "5", "type"),
        ("income", True, "type"),
        ("income", [1], "type"),
        ("income", {"a": 1}, "type"),
        ("income", None, "missing"),
        ("income", -0.5, "minimum"),
        ("income", 1_000_000.5, "maximum"),
        ("income", HUGE, "not_finite"),
        ("income", -HUGE, "not_finite"),
        ("utilization", HUGE, "not_finite"),
        ("utilization", "", "type"),
        ("utilization", "-1", "type"),
        ("months", 1.5, "type"),
        ("months", 0, "minimum"),
        ("months", 121, "maximum"),
        ("months", False, "type"),
        ("owner", 1, "type"),
        ("owner", "true", "type"),
        ("owner", None, "missing"),
        ("purpose", "boat", "category"),
        ("purpose", "Car", "category"),
        ("purpose", "", "category"),
        ("purpose", 1, "type"),
        ("purpose", None, "missing"),
        ("channel", 3, "type"),
        ("grade", 4, "category"),
        ("grade", "1", "type"),
        ("grade", True, "type"),
        ("since", "2020-02-30", "type"),
        ("since", "2020-1-1", "type"),
        ("since", "2020-01-01T00:00:00", "type"),
        ("since", 20200101, "type"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_by_row_and_column(
    server: Live, bundle: SmallBundle, column: str, value: Any, rule: str
) -> None:
    good = bundle.rows[0]
    body = refused(server, server.post(V1, {"instances": [good, good | {column: value}]}))
    (detail,) = body["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (1, column, rule)
    assert f"row 1, column {column}: {detail['message']}" in body["error"]


def test_a_number_too_large_for_a_float_is_refused(server: Live, bundle: SmallBundle) -> None:
    row = ["1e999" if name == "income" else "null" for name in bundle.contract.features]
    body = refused(server, server.post(V1, f'{{"instances":[[{",".join(row)}]]}}'.encode()))
    assert (body["details"][0]["column"], body["details"][0]["rule"]) == ("income", "not_finite")


def test_a_missing_column_is_refused_by_name(server: Live, bundle: SmallBundle) -> None:
    row = {name: value for name, value in bundle.rows[0].items() if name != "grade"}
    (detail,) = refused(server, server.post(V1, {"instances": [row]}))["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (0, "grade", "missing_column")


@pytest.mark.parametrize("column", ["colour", "default", "Income", "", "é" * 200])
def test_an_unknown_column_is_refused_by_name_even_when_it_is_the_target(
    server: Live, bundle: SmallBundle, column: str
) -> None:
    answer = server.post(V1, {"instances": [bundle.rows[0] | {column: 1}]})
    (detail,) = refused(server, answer)["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (0, column[:64], "unknown_column")


def test_half_a_surrogate_pair_comes_back_as_what_every_reader_takes(
    server: Live, bundle: SmallBundle
) -> None:
    (detail,) = refused(server, server.post(V1, {"instances": [bundle.rows[0] | {"\ud800": 1}]}))["details"]
    assert (detail["column"], detail["rule"]) == ("?", "unknown_column")


@pytest.mark.parametrize("length", [0, 7, 9])
def test_a_list_of_another_length_is_refused_with_the_order_of_features(
    server: Live, bundle: SmallBundle, length: int
) -> None:
    (detail,) = refused(server, server.post(V1, {"instances": [[1] * length]}))["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (0, None, "shape")
    assert ", ".join(bundle.contract.features) in detail["message"]


@pytest.mark.parametrize("row", [None, 1, "row", True])
def test_a_row_that_is_neither_object_nor_list_is_refused(server: Live, row: Any) -> None:
    (detail,) = refused(server, server.post(V1, {"instances": [row]}))["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (0, None, "type")


def test_every_problem_counts_but_only_the_first_hundred_are_told(server: Live, bundle: SmallBundle) -> None:
    wrong = bundle.rows[0] | {"income": "much", "months": 0, "grade": 9}
    body = refused(server, server.post(V1, {"instances": [wrong] * 50}))
    assert body["total"] == 150
    assert len(body["details"]) == 100
    assert {detail["column"] for detail in body["details"]} == {"income", "months", "grade"}


def test_a_long_value_is_cut(server: Live, bundle: SmallBundle) -> None:
    answer = server.post(V1, {"instances": [bundle.rows[0] | {"purpose": "x" * 100_000}]})
    (detail,) = refused(server, answer)["details"]
    assert len(detail["value"]) == 64
    assert len(answer.content) < 1000


def test_a_number_that_no_sum_could_take_is_the_rows_fault(server: Live, bundle: SmallBundle) -> None:
    good = bundle.rows[0]
    answer = server.post(V1, {"instances": [good, good | {"utilization": 1.7e308}]})
    (detail,) = refused(server, answer)["details"]
    assert (detail["row"], detail["rule"]) == (1, "not_finite")
    assert "beyond 1e100" in detail["message"]
