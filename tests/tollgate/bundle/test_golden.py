import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollgate.training.frames import Frame, frame, frames
from tollgate.bundle.golden import read_golden, write_golden
from tollgate.bundle.golden_requests import golden_requests, refuse_unshown
from tollgate.bundle.scorer import Scores
from tollgate.contract import Column, Contract, RowChecker
from tollgate.errors import BundleError

TARGET = Column.read({"role": "target", "positive": 1})
numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(-1000, 1000))


def contract_of(settings: dict[str, Any]) -> Contract:
    return Contract.of({"x": Column.read(settings), "outcome": TARGET})


def values_of(settings: dict[str, Any], typical: tuple[float, ...] = ()) -> list[Any]:
    return [row["x"] for row in golden_requests(contract_of(settings), {"x": typical})]


def written(problem: Frame) -> list[dict[str, Any]]:
    cases = json.loads(problem.train().files["golden.json"])["cases"]
    return [case["request"] for case in cases]


@pytest.mark.long
@settings(max_examples=25, deadline=None, database=None)
@given(frames())
def test_golden_requests_keep_the_contract_show_all_of_it_and_are_scored_alike(problem: Frame) -> None:
    cases = json.loads(problem.train().files["golden.json"])["cases"]
    assert len(cases) >= 16
    checker, requests = RowChecker(problem.contract), [case["request"] for case in cases]
    encoded, problems = checker.check(requests)
    assert problems == checker.warnings(requests, encoded) == []
    assert all(0 < case["graph"] < 1 for case in cases)
    assert max(abs(case["graph"] - case["pipeline"]) for case in cases) <= 1e-9
    check_shown(problem.contract, requests)


def check_shown(contract: Contract, requests: list[dict[str, Any]]) -> None:
    """Every category, both truths, and what may miss or be in no list."""
    for name in contract.features:
        column, shown = contract.columns[name], [row[name] for row in requests]
        assert set(column.values or ()) <= set(shown)
        assert (None in shown) == (column.missing == "allowed")
        if column.unknown == "other":
            assert set(shown) - {*(column.values or ()), None}, "one that is in no list"
        if column.type == "boolean":
            assert {True, False} <= set(shown)


def test_golden_requests_show_as_many_categories_as_a_column_may_have() -> None:
    values = [f"code {number}" for number in range(1000)]
    shown = values_of({"type": "category", "values": values})
    assert sorted(shown) == sorted(values)


def test_golden_requests_hold_no_row_of_the_data() -> None:
    problem = frame(["number", "date", "boolean", "open category", "number that may miss"], seed=41, rows=300)
    data = {tuple(row.values()) for rows in problem.raw.values() for row in rows}
    requests = {tuple(row.values()) for row in written(problem)}
    assert len(requests) >= 16
    assert not requests & data
    seen = {value for row in data for value in row if isinstance(value, float)}
    assert not seen & {value for row in requests for value in row if isinstance(value, float)}


def test_features_do_not_walk_in_step() -> None:
    problem = frame(["boolean", "boolean", "boolean"], seed=42)
    shown = {tuple(row.values()) for row in written(problem)}
    assert len(shown) == 8, "three truths have eight combinations, and there are sixteen requests"


@settings(max_examples=100, deadline=None, database=None)
@given(numbers, numbers, st.sampled_from(["number", "integer"]))
def test_without_typical_values_a_number_within_the_limits_is_found(
    one: float | None, other: float | None, kind: str
) -> None:
    low, high = (one, other) if one is None or other is None or one <= other else (other, one)
    if kind == "integer" and low is not None and high is not None and np.ceil(low) > np.floor(high):
        high = low + 1
    limits = {key: value for key, value in (("min", low), ("max", high)) if value is not None}
    contract = contract_of({"type": kind, **limits})
    _, problems = RowChecker(contract).check(golden_requests(contract, {}))
    assert problems == []


def test_an_unseen_category_is_in_no_list() -> None:
    assert set(values_of({"type": "category", "values": [3, 7], "unknown": "other"})) - {3, 7} == {8}
    shown = set(values_of({"type": "category", "values": ["a?", "a"], "unknown": "other"}))
    assert len(shown - {"a?", "a"}) == 1


def test_typical_days_are_written_as_days() -> None:
    assert set(values_of({"type": "date"}, (0.0, 19_000.0, -1.0))) == {
        "1970-01-01",
        "2022-01-08",
        "1969-12-31",
    }


def test_what_is_written_reads_back() -> None:
    requests: list[dict[str, Any]] = [{"x": 1.5}, {"x": None}]
    graph = Scores(np.array([0.1 + 1e-12, 0.2]), np.array([-2.5, 1e20]), np.array([True, False]))
    found = read_golden(write_golden(requests, np.array([0.1, 0.2]), graph, 0.15))
    assert found.requests == requests
    assert found.probability.tolist() == [0.1 + 1e-12, 0.2]
    assert found.margin.tolist() == [-2.5, 1e20]
    assert found.approved.tolist() == [1.0, 0.0]


def test_a_decision_that_another_machine_may_take_otherwise_is_not_written() -> None:
    graph = Scores(np.array([0.3, 0.3 + 1e-9, 0.3 + 1e-8]), np.zeros(3), np.array([False, False, False]))
    found = read_golden(write_golden([{"x": 1}] * 3, graph.probability, graph, 0.3))
    np.testing.assert_array_equal(found.approved, [np.nan, np.nan, 0.0])


def test_the_first_format_had_probabilities_only() -> None:
    found = read_golden(golden())
    assert found.probability.tolist() == [0.5]
    np.testing.assert_array_equal([*found.margin, *found.approved], [np.nan, np.nan])


@pytest.mark.parametrize(
    ("settings", "shown", "lacking"),
    [
        ({"type": "category", "values": ["a", "b"]}, ["a"], "'b'"),
        (
            {"type": "category", "values": ["a"], "unknown": "other"},
            ["a", None],
            "a category that is in no list",
        ),
        ({"type": "number", "missing": "allowed"}, [1.0, 2.0], "a missing value"),
        ({"type": "boolean"}, [True], "False"),
    ],
)
def test_a_contract_that_allows_more_than_the_golden_requests_show_is_refused(
    settings: dict[str, Any], shown: list[Any], lacking: str
) -> None:
    contract = contract_of(settings)
    refuse_unshown(contract, golden_requests(contract, {}))
    with pytest.raises(BundleError, match=f"no golden request shows {lacking} of x"):
        refuse_unshown(contract, [{"x": value} for value in shown])


def golden(**change: Any) -> bytes:
    content = {"version": 1, "cases": [{"request": {"x": 1}, "pipeline": 0.5, "graph": 0.5}]}
    return json.dumps(content | change).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"[]", "cannot be read"),
        (golden(cases=None), "cannot be read"),
        (golden(cases=["request"]), "cannot be read"),
        (golden(cases=[{"request": {}}]), "cannot be read"),
        (golden(cases=[{"request": {}, "graph": "high"}]), "cannot be read"),
        (golden(cases=[{"request": {}, "graph": None}]), "cannot be read"),
        (golden(cases=[{"request": {}, "graph": [0.5]}]), "cannot be read"),
        (golden(cases=[{"request": {}, "graph": 10**400}]), "cannot be read"),
        (golden(cases=[]), "no requests of format version 1"),
        (golden(version=2), "cannot be read"),
        (golden(version=3, cases=[]), "no requests of format version 1 or 2"),
        (golden(cases=[{"request": [1], "graph": 0.5}]), "cannot be read"),
    ],
)
def test_what_is_no_golden_json_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BundleError, match=f"golden.json .*{words}"):
        read_golden(content)
