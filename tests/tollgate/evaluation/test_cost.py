from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.made import days, exam_of, scores_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.cost import measure_errors
from tollgate.evaluation.cost_section import Errors, Paired
from tollgate.evaluation.exam import Exam, Rival
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling_error import Floats

ROWS = 2000


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    plain = {name: COLUMNS[name] for name in ("income", "outcome")}
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle", plain)


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("timed") / "bundle")


def book(seed: int = 1, rows: int = ROWS) -> tuple[Floats, Floats, Floats]:
    """Outcomes, what a model says of them, and what a worse one says."""
    draw = np.random.default_rng(seed)
    log_odds = draw.normal(-1, 1, rows)
    event = (draw.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    return event, 1 / (1 + np.exp(-log_odds)), 1 / (1 + np.exp(-log_odds - draw.normal(0, 0.8, rows)))


def exam(
    challenger: Bundle,
    event: Floats,
    ours: Floats,
    theirs: Floats | None = None,
    on: Any = None,
    **columns: Any,
) -> Exam:
    on = np.ones(len(event), dtype=bool) if on is None else on
    rival = None
    if theirs is not None:
        rival = Rival(challenger, Scored(event[on], scores_of(theirs[on], 0.4)), on)
    return exam_of(challenger, event, ours, 0.3, rival, **columns)


def paired(found: Errors) -> Paired:
    assert found.paired is not None
    return found.paired


def test_the_errors_are_shares_of_all_rows_by_hand(challenger: Bundle) -> None:
    event = np.array([1.0, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    ours = np.array([0.1, 0.5, 0.6, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    theirs = np.array([0.1, 0.1, 0.6, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
    found = measure_errors(exam(challenger, event, ours, theirs))
    assert found.alone.values == pytest.approx((0.1, 0.1, 0.3))
    assert paired(found).own.values == pytest.approx((0.1, 0.1, 0.2, 0.2))
    assert paired(found).approved == pytest.approx((0.7, 0.7))
    assert (paired(found).rows, paired(found).events) == (10, 3)
    assert Errors.read(found.as_json()) == found


def test_at_equal_approval_as_many_are_approved_those_of_the_lowest_probability(challenger: Bundle) -> None:
    event, ours, theirs = book()
    found = paired(measure_errors(exam(challenger, event, ours, theirs)))
    wanted = int((theirs < 0.4).sum())
    lowest = np.argsort(ours)[:wanted]
    assert found.equal.values[0] == pytest.approx(event[lowest].sum() / ROWS)
    assert found.equal.values[1] == pytest.approx((1 - event).sum() / ROWS - (1 - event)[lowest].sum() / ROWS)
    assert found.equal.values[2:] == found.own.values[2:]


def test_rows_of_equal_probability_at_the_threshold_are_approved_in_part(challenger: Bundle) -> None:
    event = np.array([0.0, 1, 0, 1])
    found = paired(measure_errors(exam(challenger, event, np.full(4, 0.2), np.array([0.1, 0.9, 0.9, 0.9]))))
    assert found.equal.values[0] == pytest.approx(0.25 * 2 / 4)


@pytest.mark.parametrize("kind", ["own", "equal"])
def test_the_error_is_how_much_the_difference_varies_from_sample_to_sample(
    challenger: Bundle, kind: str
) -> None:
    costs = np.array([5.0, 1.0, -5.0, -1.0])
    differences, errors = [], []
    for seed in range(200):
        joint = getattr(paired(measure_errors(exam(challenger, *book(seed)))), kind)
        differences.append(costs @ np.array(joint.values))
        errors.append(joint.error(list(costs)))
    assert np.std(differences) == pytest.approx(np.mean(errors), rel=0.12)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_champion_that_approves_nobody_or_everybody_has_its_equal(challenger: Bundle, level: float) -> None:
    event, ours, _ = book(rows=200)
    theirs = np.full(200, 0.99 if level == 0 else 0.01)
    found = paired(measure_errors(exam(challenger, event, ours, theirs)))
    assert found.approved[1] == level
    assert found.equal.values[:2] == pytest.approx(found.own.values[2:])


def test_only_rows_that_both_are_compared_on_count_in_pairs(timed: Bundle) -> None:
    event, ours, theirs = book()
    on = np.arange(ROWS) < 1500
    columns = {
        "issued": days(np.arange(ROWS) % 4),
        "income": pa.array(np.ones(ROWS)),
        "grade": pa.array(["a"] * ROWS),
    }
    found = measure_errors(exam(timed, event, ours, theirs, on, **columns))
    assert paired(found).rows == 1500
    assert paired(found).own.values[0] == pytest.approx((event * (ours < 0.3))[:1500].mean())
    assert found.alone.values[0] == pytest.approx((event * (ours < 0.3)).mean())
    assert set(paired(found).own.covariances) == {"rows", "months"}


def test_without_a_champion_there_is_no_pair(challenger: Bundle) -> None:
    event, ours, _ = book()
    assert measure_errors(exam(challenger, event, ours)).paired is None
