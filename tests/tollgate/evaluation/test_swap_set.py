import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.examined import examine, scores_of
from tests.tollgate.evaluation.models import bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import EVENT
from tollgate.evaluation.cost import measure_errors
from tollgate.evaluation.exam import Exam, Rival
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.metrics import Floats, Scored
from tollgate.evaluation.rates import newcombe, wilson
from tollgate.evaluation.swap_set import swap_set
from tollgate.evaluation.written.swap_set import Swap, SwapSet


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("swap") / "bundle")


def against(
    bundle: Bundle, event: Floats, ours: Floats, theirs: Floats, on: np.ndarray | None = None
) -> Exam:
    compared = np.ones(len(event), dtype=bool) if on is None else on
    rival = Rival(bundle, Scored(event[compared], scores_of(theirs[compared])), compared)
    return examine(bundle, holdout(len(event), **{EVENT: pa.array(event)}), scores_of(ours), rival=rival)


def measured(exam: Exam) -> SwapSet:
    found = swap_set(exam)
    assert isinstance(found, SwapSet)
    return found


def counts(swap: Swap) -> dict[str, tuple[int, int | None]]:
    return {cell.name: (cell.rows, cell.events) for cell in swap.cells}


ROWS = (40, 10, 20, 30)
OURS = np.repeat([0.1, 0.2, 0.8, 0.9], ROWS)
THEIRS = np.repeat([0.1, 0.8, 0.2, 0.9], ROWS)
HAPPENED = np.concatenate(
    [np.arange(rows) < events for rows, events in zip(ROWS, (4, 2, 10, 20), strict=True)]
)


def test_rows_are_told_by_who_approves_them(bundle: Bundle) -> None:
    found = measured(against(bundle, HAPPENED.astype(float), OURS, THEIRS))
    assert found.rows == 100
    assert counts(found.own) == {
        "approved by both": (40, 4),
        "only by the challenger": (10, 2),
        "only by the champion": (20, 10),
        "by neither": (30, 20),
    }
    assert (found.own.challenger_approves, found.own.champion_approves) == (0.5, 0.6)


def test_the_swap_is_the_rate_of_those_let_in_less_that_of_those_turned_away(bundle: Bundle) -> None:
    swapped = measured(against(bundle, HAPPENED.astype(float), OURS, THEIRS)).own.swapped
    expected = newcombe(0.2, wilson(2, 10), 0.5, wilson(10, 20))
    assert (swapped.value, swapped.low, swapped.high) == pytest.approx((-0.3, *expected))


def test_at_equal_approval_the_challenger_approves_as_many_as_the_champion(bundle: Bundle) -> None:
    draw = np.random.default_rng(1)
    ours, theirs = draw.random(500), draw.random(500) * 0.7
    event = (draw.random(500) < ours).astype(float)
    found = measured(against(bundle, event, ours, theirs))
    assert found.own.challenger_approves != found.own.champion_approves
    assert found.equal.challenger_approves == found.equal.champion_approves == (theirs < 0.5).mean()
    lowest = np.argsort(ours)[: int((theirs < 0.5).sum())]
    both = counts(found.equal)["approved by both"]
    assert both == ((theirs[lowest] < 0.5).sum(), event[lowest][theirs[lowest] < 0.5].sum())


def test_of_rows_of_one_probability_the_same_share_of_each_kind_is_approved(bundle: Bundle) -> None:
    found = measured(against(bundle, HAPPENED.astype(float), OURS, THEIRS))
    assert found.equal.challenger_approves == found.equal.champion_approves == 0.6
    assert counts(found.equal) == {
        "approved by both": (50, 9),  # 10 of the 20 rows at 0.8, and 5 of their 10 events
        "only by the challenger": (10, 2),
        "only by the champion": (10, 5),
        "by neither": (30, 20),
    }


@pytest.mark.parametrize(("level", "share"), [(0.1, 1.0), (0.9, 0.0)])
def test_a_champion_that_approves_everybody_or_nobody_has_its_equal(
    bundle: Bundle, level: float, share: float
) -> None:
    found = measured(against(bundle, HAPPENED.astype(float), OURS, np.full(100, level)))
    assert found.equal.challenger_approves == found.equal.champion_approves == share


def test_however_scores_tie_as_many_err_as_the_gate_cost_counts(bundle: Bundle) -> None:
    draw = np.random.default_rng(2)
    risk = draw.random(3000)
    event = (draw.random(3000) < risk).astype(float)
    theirs = np.clip(risk + 0.2 * draw.standard_normal(3000), 0.01, 0.99)
    exam = against(bundle, event, np.round(risk, 1), theirs)
    swap, errors = measured(exam).equal, measure_errors(exam).paired
    assert errors is not None
    assert swap.challenger_approves == swap.champion_approves
    events = {name: found[1] or 0 for name, found in counts(swap).items()}
    let_in = events["approved by both"] + events["only by the challenger"]
    assert let_in == pytest.approx(3000 * (errors.equal.values[0] or 0), abs=1)


def test_only_rows_that_both_are_compared_on_count(bundle: Bundle) -> None:
    on = np.arange(100) % 2 == 0
    found = measured(against(bundle, HAPPENED.astype(float), OURS, THEIRS, on))
    assert found.rows == 50
    assert counts(found.own)["approved by both"] == (20, 2)
    assert sum(cell.rows for cell in found.own.cells) == 50


def test_two_models_that_agree_swap_nobody(bundle: Bundle) -> None:
    found = measured(against(bundle, HAPPENED.astype(float), OURS, OURS))
    assert set(counts(found.own)) == {"approved by both", "by neither"}
    assert found.own.swapped.reason == "nobody is swapped"


def test_without_a_champion_there_is_no_swap_set(bundle: Bundle) -> None:
    found = swap_set(examine(bundle, holdout(50)))
    assert isinstance(found, NotAssessed)
    assert not found.broken
