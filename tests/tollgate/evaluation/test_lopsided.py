"""Groups of which one has most of the rows: no interval is narrower than without groups, and it holds the truth."""

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.exams import exam_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout, relatives_of, scored
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.calibration import measure_calibration
from tollgate.evaluation.evaluate import ALL, Blocks, evaluate
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.few_clusters import ONE_GROUP, widened_error
from tollgate.evaluation.figure import FEW, Figure, NotAssessed
from tollgate.evaluation.importance import importance
from tollgate.evaluation.leakage import measure_leakage
from tollgate.evaluation.leakage_facts import LeakageFacts
from tollgate.evaluation.robustness import measure_robustness
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.sampling_error import Codes, Floats, ratio, standard_error
from tollgate.evaluation.stability import measure_stability
from tollgate.evaluation.stability_section import Trends
from tollgate.evaluation.subset import area, observed_expected, rate
from tollgate.evaluation.written.importance import Importance

SECTION = Sampling(bootstraps=300, seed=3)
Z = 1.959964
ROWS = 2000


def households(share: float, others: int = 50, rows: int = ROWS) -> Codes:
    """One household with such a share of the rows, and others alike."""
    large = round(share * rows)
    return np.asarray(np.r_[np.zeros(large, dtype=np.intp), 1 + np.arange(rows - large) % others])


def margins(seed: int, rows: int = ROWS) -> Floats:
    return np.random.default_rng(seed).normal(-1.5, 1.2, rows)


def chance(margin: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-margin)))


def of_population(effect: float) -> float:
    """Observed to expected where each row is of a household of its own."""
    draw, margin = np.random.default_rng(3), margins(4, 400_000)
    return float(chance(margin + effect * draw.normal(size=len(margin))).mean() / chance(margin).mean())


def held(codes: Codes, effect: float, times: int = 300) -> tuple[float, float]:
    """How often the interval of observed to expected holds the truth, and how wide it is beside that of rows alone."""
    truth, found, widths = of_population(effect), 0, []
    for seed in range(times):
        draw, margin = np.random.default_rng(seed), margins(seed + 1000, len(codes))
        moved = margin + effect * draw.normal(size=codes.max() + 1)[codes]
        event = (draw.random(len(codes)) < chance(moved)).astype(np.float64)
        value, influence = ratio(event, chance(margin))
        error = widened_error(influence / value, codes, chance(margin))
        found += abs(np.log(value / truth)) <= Z * error
        widths.append(error / standard_error(influence / value))
    return found / times, float(np.median(widths))


@pytest.mark.parametrize("effect", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("share", [0.2, 0.45, 0.6, 0.9])
def test_with_one_large_group_the_interval_holds_the_truth(share: float, effect: float) -> None:
    covered, _ = held(households(share), effect)
    assert covered >= 0.93


@pytest.mark.parametrize("effect", [0.0, 0.3, 1.0])
def test_with_groups_alike_it_holds_it_as_often_as_it_says_and_is_no_wider_than_it_must_be(
    effect: float,
) -> None:
    covered, wider = held(np.arange(ROWS) % 50, effect)
    assert 0.92 <= covered <= 0.98
    if not effect:
        assert wider < 1.1


def test_a_group_with_a_fifth_of_the_rows_takes_little_of_what_is_known() -> None:
    assert held(households(0.2), 0.0, 100)[1] < 1.3


def test_a_group_that_has_most_of_the_events_is_a_large_one_whatever_rows_it_has() -> None:
    codes, few = households(0.1), np.random.default_rng(1).normal(size=ROWS)
    weights = np.where(codes == 0, 30.0, 1.0)
    assert widened_error(few, codes, weights) > 2 * widened_error(few, codes)
    assert widened_error(few, codes, np.ones(ROWS), weights) == widened_error(few, codes, weights)


def width(figure: Figure) -> float:
    assert figure.low is not None, figure.reason
    assert figure.high is not None
    return figure.high - figure.low


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("plain") / "bundle")


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    columns = {**COLUMNS, "household": {"role": "group"}}
    return bundle_of(tmp_path_factory.mktemp("grouped") / "bundle", columns)


def exam(bundle: Bundle, codes: Codes) -> Exam:
    """Rows whose households, in another order than the days, differ in nothing."""
    mixed = np.random.default_rng(6).permutation(codes)
    table = holdout(ROWS, household=pa.array([f"h{code}" for code in mixed]))
    return exam_of(bundle, table, relatives_of(seed=1))


def figures(made: Exam) -> dict[str, Figure]:
    """What gates judge that has errors by groups."""
    level, moved, leaks = measure_calibration(made), measure_stability(made), measure_leakage(made)
    counted, shaken = importance(made), measure_robustness(made)
    assert isinstance(moved.trends, Trends)
    assert isinstance(leaks, LeakageFacts)
    assert isinstance(counted, Importance)
    assert not isinstance(leaks.loss, NotAssessed)
    some = np.arange(0, ROWS, 2)
    return {
        "observed_to_expected": level.observed_to_expected,
        "slope": level.slope,
        "intercept": level.intercept,
        "bins": level.by_bins.log_odds_error,
        "expected_error": level.expected_error.error,
        "score": moved.score.beyond,
        "features": moved.weighted,
        "auc_over_time": moved.trends.roc_auc,
        "level_over_time": moved.trends.log_observed_to_expected,
        "of a period": moved.trends.periods[1].roc_auc,
        "alone": leaks.alone["income"].auc,
        "loss": leaks.loss["income"],
        "importance": counted.features[0].auc_loss,
        "noise": shaken.numbers["income"].mean,
        "flips": shaken.numbers["income"].flips,
        "area": area(made, some),
        "rate": rate(made, some),
        "level of some": observed_expected(made, some),
    }


@pytest.mark.parametrize("share", [0.45, 0.6, 0.85])
def test_no_figure_is_surer_with_one_large_group_than_without_groups(
    plain: Bundle, grouped: Bundle, share: float
) -> None:
    alone, together = figures(exam(plain, households(share))), figures(exam(grouped, households(share)))
    for name in alone:
        assert width(together[name]) >= 0.999 * width(alone[name]), name
    assert width(together["observed_to_expected"]) > 1.5 * width(alone["observed_to_expected"])


@pytest.mark.parametrize("share", [0.97, 1.0])
def test_where_nearly_all_rows_are_of_one_group_nothing_has_an_interval(
    grouped: Bundle, share: float
) -> None:
    for name, figure in figures(exam(grouped, households(share))).items():
        if name not in ("auc_over_time", "level_over_time"):
            assert figure.value is not None
        if name not in ("rate", "flips"):
            assert figure.low is None, name
            assert figure.reason
    level = measure_calibration(exam(grouped, households(share)))
    assert (level.observed_to_expected.reason, level.by_bins.log_odds_error.reason) == (FEW, ONE_GROUP)
    assert level.by_bins.design_effect is None
    assert "rows" not in level.log_errors


@pytest.mark.parametrize("share", [0.97, 1.0])
def test_a_rate_of_rows_of_one_group_says_next_to_nothing(grouped: Bundle, share: float) -> None:
    found = figures(exam(grouped, households(share)))
    assert min(width(found[name]) for name in ("rate", "flips")) > 0.7


def test_months_of_which_one_has_nearly_all_rows_are_left_out(plain: Bundle) -> None:
    day = np.where(np.arange(ROWS) < 0.97 * ROWS, 19_000, 19_000 + 31 * (np.arange(ROWS) % 5))
    made = exam_of(plain, holdout(ROWS, issued=pa.array(day, pa.int32()).cast(pa.date32())))
    assert set(measure_calibration(made).log_errors) == {"rows"}
    metrics = evaluate(made.scored, None, SECTION, blocks=Blocks(months=made.months))["metrics"]
    assert {figure.drawn for figure in metrics.values()} == {"rows"}


@pytest.mark.parametrize("share", [0.0, 0.6])
def test_the_drawn_metrics_are_no_surer_with_groups_than_with_rows(share: float) -> None:
    """Of 20 groups alike that differ in nothing some make a figure surer by chance; then draws of rows judge."""
    by_rows = 0
    for seed in range(6):
        rows, codes = scored(seed, rows=1000), households(share, 20, 1000)
        alone = evaluate(rows, None, SECTION)["metrics"]
        found = evaluate(rows, None, SECTION, blocks=Blocks(codes))["metrics"]
        assert all(width(found[name]) >= width(alone[name]) for name in ALL)
        by_rows += sum(figure.drawn == "rows" for figure in found.values())
    assert (by_rows > 5) == (share == 0)


def test_draws_of_one_large_group_reach_as_far_as_it_is_worth() -> None:
    rows, codes = scored(1, rows=1000), households(0.6, 20, 1000)
    alone = evaluate(rows, None, SECTION)["metrics"]["roc_auc"]
    found = evaluate(rows, None, SECTION, blocks=Blocks(codes))["metrics"]["roc_auc"]
    assert found.drawn == "groups"
    assert width(found) > 2 * width(alone)
    none = evaluate(rows, None, SECTION, blocks=Blocks(households(0.97, 20, 1000)))["metrics"]["roc_auc"]
    assert (none.low, none.high) == (None, None)
    assert none.reason == "all rows, or nearly all, are of the same of the groups that were to be drawn"
