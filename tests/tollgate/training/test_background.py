"""Background rows: who was just approved, and nobody in particular."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.small import small_contract, small_training
from tests.tollgate.training.frames import Frame, frame, frames
from tests.tollgate.training.twofold import MODELS
from tollgate.bundle.explain import read_explain
from tollgate.bundle.scorer import Floats, Scorer, Scores
from tollgate.contract import RowChecker

pytestmark = pytest.mark.long

COLUMNS = ["number that may miss", "number", "text category", "date", "integer", "boolean that may miss"]
Row = tuple[str, ...]


def background(problem: Frame, **settings: Any) -> tuple[Floats, Scores]:
    """The background of a bundle, and what its graph says of it."""
    files = problem.train(**settings).files
    rows = read_explain(files["explain.json"]).background
    return rows, Scorer(files["model.onnx"]).score(rows)


def texts(rows: Floats) -> list[Row]:
    return [tuple(map(str, row)) for row in (rows + 0.0).tolist()]


@pytest.fixture(scope="module")
def problem() -> Frame:
    return frame(COLUMNS, seed=101, rows=300)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_the_rows_are_approved_and_the_nearest_to_the_threshold_come_first(
    problem: Frame, model: str
) -> None:
    rows, scores = background(problem, model=model, parameters=MODELS[model])
    assert 32 <= len(rows) <= 64
    assert scores.approved.all()
    assert (np.diff(scores.probability) <= 0).all()
    assert (np.diff(scores.margin) <= 0).all()


@pytest.mark.parametrize("threshold", [0.001, 0.999])
def test_where_few_are_approved_the_nearest_of_the_others_fill_up(problem: Frame, threshold: float) -> None:
    rows, scores = background(problem, decision={"threshold": threshold})
    assert len(rows) >= 32
    if threshold > 0.5:
        assert scores.approved.all()
        return
    assert len(rows) == 32
    assert not scores.approved.any()
    assert (np.diff(scores.margin) >= 0).all(), "the least risky of them first"


def test_they_lie_nearer_to_the_threshold_than_people_do(problem: Frame) -> None:
    files = problem.train(decision={"approve_rate": 0.6}).files
    rows = read_explain(files["explain.json"]).background
    scorer = Scorer(files["model.onnx"])
    people = scorer.score(problem.fresh)
    lowest = people.margin[people.approved].min()
    assert np.median(scorer.score(rows).margin) > np.median(people.margin[people.approved])
    assert scorer.score(rows).margin.min() > lowest


@settings(max_examples=25, deadline=None, database=None)
@given(frames())
def test_no_row_is_that_of_anybody_in_the_data_unless_nobody_else_can_be_made(problem: Frame) -> None:
    rows, _ = background(problem)
    people = {row for part in problem.parts.values() for row in texts(part.rows)}
    strangers = [row not in people for row in texts(rows)]
    assert len(rows) > 0
    assert all(strangers) or not any(strangers)
    assert len(set(texts(rows))) == len(rows), "each row once"


def test_where_every_possible_row_is_somebodys_those_are_taken() -> None:
    rows, _ = background(frame(["boolean", "text category"], seed=3, rows=200))
    assert sorted(texts(rows)) == sorted((str(a), str(b)) for a in (0.0, 1.0) for b in (0.0, 1.0, 2.0))


def test_they_keep_the_contract() -> None:
    written = json.loads(small_training(model="scorecard").files["explain.json"])
    contract = small_contract()
    for row in written["background"]:
        values = dict(zip(written["order"], row, strict=True))
        readable = {
            name: _readable(contract.columns[name].type, name, value) for name, value in values.items()
        }
        _, problems = RowChecker(contract).check([readable])
        assert not problems


def _readable(kind: str | None, name: str, value: float | None) -> Any:
    """An encoded value as a request would have it."""
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "date":
        return str(np.datetime64(int(value), "D"))
    if kind == "category":
        values = small_contract().columns[name].values or ()
        return values[int(value)] if value < len(values) else "another"
    return value


def test_the_same_seed_draws_the_same_rows_and_another_others(problem: Frame) -> None:
    first, again, other = (background(problem, seed=seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert texts(first) != texts(other)


def test_values_out_of_bounds_that_are_scored_all_the_same_make_no_background() -> None:
    rows, _ = background(frame(["watched number", "clipped number", "number"], seed=5, rows=300))
    assert len(rows) >= 32
    assert rows[:, :2].min() >= 20
    assert rows[:, :2].max() <= 60
    assert rows[:, 2].max() > 60 or rows[:, 2].min() < 20, "as the third, which has no bounds"
