"""Draws of whole groups, and of whole calendar months."""

import numpy as np
import pytest

from tests.tollgate.evaluation.models import scored
from tollgate.bundle.scorer import Scores
from tollgate.evaluation.bootstrap import Estimate, estimate, resample, resample_months, wider
from tollgate.evaluation.evaluate import ALL, Blocks, evaluate
from tollgate.evaluation.few_clusters import worth
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling import Sampling

SECTION = Sampling(bootstraps=400, seed=3)
LEVEL = {"brier", "log_loss", "observed_to_expected", "approve_rate"}


def width(figure: Figure) -> float:
    assert figure.low is not None
    assert figure.high is not None
    return figure.high - figure.low


def repeated(rows: Scored, times: int) -> Scored:
    """Each row so many times."""
    return rows.on(np.repeat(np.arange(len(rows.event)), times))


def by_months(months: int, rows: int, spread: float, seed: int = 1) -> tuple[Scored, np.ndarray]:
    """Rows whose rate of events differs from month to month, which the model does not know."""
    draw = np.random.default_rng(seed)
    month = np.repeat(np.arange(months), rows)
    margin = draw.normal(-1, 1, len(month))
    truth = 1 / (1 + np.exp(-margin - spread * draw.normal(size=months)[month]))
    event = (draw.random(len(month)) < truth).astype(np.float64)
    probability = 1 / (1 + np.exp(-margin))
    return Scored(event, Scores(probability, margin, probability < 0.4)), month


def test_rows_that_stand_there_four_times_as_a_group_are_as_sure_as_they_are_once() -> None:
    once = scored(1, rows=400)
    groups = np.repeat(np.arange(400), 4)
    plain = evaluate(once, None, SECTION)["metrics"]
    grouped = evaluate(repeated(once, 4), None, SECTION, blocks=Blocks(groups))["metrics"]
    naive = evaluate(repeated(once, 4), None, SECTION)["metrics"]
    for name in ALL:
        assert width(grouped[name]) == pytest.approx(width(plain[name]), rel=0.2)
        assert width(naive[name]) < 0.65 * width(grouped[name])
    assert {figure.drawn for figure in grouped.values()} == {"groups"}
    assert {figure.drawn for figure in plain.values()} == {"rows"}


def test_rows_of_a_group_are_drawn_together_and_as_often() -> None:
    approved = np.r_[np.ones(3), np.zeros(6)]
    rows = Scored(np.zeros(9), Scores(approved, approved, approved == 1))
    rate = {"approve_rate": ALL["approve_rate"]}
    drawn = resample([rows], rate, 300, 0, groups=np.array([7, 7, 7, 2, 2, 2, 5, 5, 5]))[0]["approve_rate"]
    assert set(np.round(drawn * 3).astype(int)) == {0, 1, 2, 3}
    np.testing.assert_allclose(drawn * 3, np.round(drawn * 3))


def test_all_rows_in_one_group_prove_nothing() -> None:
    figure = evaluate(scored(1), None, SECTION, blocks=Blocks(np.zeros(300, dtype=np.intp)))["metrics"][
        "roc_auc"
    ]
    assert (figure.low, figure.high) == (None, None)
    assert figure.reason == "all rows, or nearly all, are of the same of the groups that were to be drawn"


def test_the_interval_of_a_level_is_that_of_months_where_months_differ() -> None:
    rows, months = by_months(12, 400, spread=0.5)
    plain = evaluate(rows, None, SECTION)["metrics"]
    found = evaluate(rows, None, SECTION, blocks=Blocks(months=months))["metrics"]
    assert {name for name, figure in found.items() if figure.drawn == "months"} >= LEVEL - {"approve_rate"}
    assert {name for name, figure in found.items() if figure.drawn == "months"} <= LEVEL
    assert width(found["observed_to_expected"]) > 2.5 * width(plain["observed_to_expected"])
    for name in set(ALL) - LEVEL:
        assert found[name] == plain[name]


def test_the_wider_of_both_intervals_judges_so_that_months_never_make_a_figure_surer() -> None:
    for seed in range(4):
        rows, months = by_months(6, 300, spread=0, seed=seed)
        plain = evaluate(rows, None, SECTION)["metrics"]
        found = evaluate(rows, None, SECTION, blocks=Blocks(months=months))["metrics"]
        for name in LEVEL:
            assert width(found[name]) >= width(plain[name])
            assert (found[name] == plain[name]) == (found[name].drawn == "rows")


def test_rows_of_one_month_are_drawn_alone() -> None:
    rows, months = by_months(1, 400, spread=0)
    assert evaluate(rows, None, SECTION, blocks=Blocks(months=months)) == evaluate(rows, None, SECTION)


def test_models_are_compared_on_the_same_months() -> None:
    """A level that moves with the months moves both models, and not their difference."""
    rows, months = by_months(12, 400, spread=0.5)
    other = Scored(
        rows.event, Scores(rows.scores.probability * 0.99, rows.scores.margin, rows.scores.approved)
    )
    found = evaluate(rows, other, SECTION, blocks=Blocks(months=months))
    assert width(found["differences"]["brier"]) < 0.1 * width(found["metrics"]["brier"])
    assert found["differences"]["log_loss"].drawn == "months"


def test_draws_of_months_are_of_level_metrics_alone() -> None:
    rows, months = by_months(6, 300, spread=0.3)
    (found,) = resample_months([rows], ALL, 50, 0, months)
    assert set(found) == LEVEL


def test_draws_of_few_blocks_are_widened_by_the_t_distribution() -> None:
    """Cameron, Miller (2015): for six blocks t with 5 degrees of freedom, 2.5706, and 6 / 5 on the variance."""
    drawn = np.linspace(-1, 1, 1001)
    known = worth(np.arange(6))
    assert known is not None
    plain, few = estimate(0.0, drawn), estimate(0.0, drawn, "months", known.wider)
    assert plain.high is not None
    assert few.low is not None
    assert few.high == pytest.approx(plain.high * 2.5706 / 1.9600 * np.sqrt(6 / 5), rel=1e-4)
    assert -few.low == pytest.approx(few.high)
    assert few.drawn == "months"


def test_a_value_outside_of_its_draws_never_narrows_an_interval() -> None:
    found = estimate(0.0, np.linspace(1, 2, 1001), "months", 2.0)
    assert found.low == pytest.approx(1.025)
    assert found.high is not None
    assert found.high > 1.975


def test_of_two_estimates_the_one_without_an_interval_is_the_less_sure() -> None:
    narrow, wide, none = Estimate(0.5, 0.4, 0.6), Estimate(0.5, 0.3, 0.7), Estimate(0.5, None, None, "why")
    assert wider(narrow, wide) == wider(wide, narrow) == wide
    assert wider(none, wide) == wider(wide, none) == none
