from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from tests.tollgate.evaluation.examined import GROUPED, examine, scores_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import EVENT
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.rates import wilson
from tollgate.evaluation.subset import (
    FEWEST_ROWS,
    area,
    cell,
    cells,
    finite,
    observed_expected,
    positive,
    rate,
)

PLAIN = {name: COLUMNS[name] for name in ("income", "grade", "outcome")}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("plain") / "bundle", PLAIN)


def made(bundle: Bundle, event: list[float], probability: list[float], **columns: pa.Array) -> Exam:
    table = holdout(len(event), **{EVENT: pa.array(event)}, **columns)
    return examine(bundle, table, scores_of(np.array(probability)))


def test_a_cell_says_what_happened_and_what_was_predicted(plain: Bundle) -> None:
    exam = made(plain, [1.0] * 6 + [0.0] * 14, [0.2] * 20)
    found = cell(exam, "some", np.arange(20))
    assert (found.name, found.rows, found.events) == ("some", 20, 6)
    assert found.predicted == pytest.approx(0.2)
    assert (found.rate.value, found.rate.low, found.rate.high) == pytest.approx((0.3, *wilson(6, 20)))
    assert found.observed_expected.value == pytest.approx(6 / 4)


def test_so_few_rows_that_they_could_be_a_persons_are_counted_and_no_more(plain: Bundle) -> None:
    exam = made(plain, [1.0] * 20, [0.2] * 20)
    found = cell(exam, "few", np.arange(FEWEST_ROWS - 1))
    assert (found.rows, found.events, found.predicted) == (9, None, None)
    assert found.rate.reason == found.observed_expected.reason == "fewer than 10 rows"
    assert cell(exam, "enough", np.arange(FEWEST_ROWS)).events == 10


def test_cells_part_the_rows_and_leave_out_names_that_none_has(plain: Bundle) -> None:
    exam = made(plain, [1.0] * 10 + [0.0] * 20, [0.2] * 30)
    found = cells(exam, np.array([2] * 10 + [0] * 20), ["zero", "one", "two"])
    assert [(one.name, one.rows, one.events) for one in found] == [("zero", 20, 0), ("two", 10, 10)]


def test_observed_to_expected_has_the_interval_of_its_logarithm(plain: Bundle) -> None:
    """Debray et al. 2017 (BMJ 356:i6460): the standard error of log O:E is the square root of (1 - O/N) / O, where
    the predictions are all the same."""
    exam = made(plain, [1.0] * 30 + [0.0] * 70, [0.25] * 100)
    found = observed_expected(exam, np.arange(100))
    reach = 1.959964 * np.sqrt(0.7 / 30) * np.sqrt(100 / 99)
    assert (found.value, found.low, found.high) == pytest.approx(
        (1.2, 1.2 * np.exp(-reach), 1.2 * np.exp(reach))
    )
    few = observed_expected(exam, np.arange(26, 100))
    assert (few.value, few.reason) == (None, "fewer than 5 events")


def test_rows_of_a_group_are_less_sure_than_rows_alone(tmp_path: Path, plain: Bundle) -> None:
    grouped = bundle_of(tmp_path / "bundle", GROUPED)
    event = ([1.0] * 4 + [0.0] * 4 + [0.0] * 4) * 30
    homes = pa.array([str(at // 4) for at in range(360)])
    days = pa.array([19_000] * 360, pa.int32()).cast(pa.date32())
    together = made(grouped, event, [0.3] * 360, household=homes, issued=days)
    alone = made(plain, event, [0.3] * 360)
    every = np.arange(360)
    for measure in (rate, observed_expected):
        one, many = measure(together, every), measure(alone, every)
        assert one.value == pytest.approx(many.value)
        assert None not in (one.low, one.high, many.low, many.high)
        assert one.high - one.low > 1.5 * (many.high - many.low)  # type: ignore[operator]
    assert rate(together, every).low == pytest.approx(wilson(30, 90)[0], abs=0.002), "four are one"


def test_a_level_is_no_surer_than_its_months(tmp_path: Path, plain: Bundle) -> None:
    dated = bundle_of(tmp_path / "bundle")
    event = [1.0] * 60 + [0.0] * 40 + [1.0] * 20 + [0.0] * 80
    days = pa.array([19_000] * 100 + [19_060] * 100, pa.int32()).cast(pa.date32())
    by_month = observed_expected(made(dated, event, [0.4] * 200, issued=days), np.arange(200))
    alone = observed_expected(made(plain, event, [0.4] * 200), np.arange(200))
    assert None not in (by_month.high, alone.high)
    assert by_month.high > 1.2 * alone.high  # type: ignore[operator]


def test_an_area_is_scikit_learns_and_needs_a_hundred_of_each_class(plain: Bundle) -> None:
    exam = examine(plain, holdout(400))
    found = area(exam, np.arange(50, 350))
    margin = exam.scored.scores.margin[50:350]
    assert found.value == pytest.approx(roc_auc_score(exam.event[50:350], margin))
    assert found.low < found.value < found.high  # type: ignore[operator]
    assert area(exam, np.arange(150)).reason == "fewer than 100 of a class"
    assert area(exam, np.arange(400), exam.event).high == 1.0


def test_without_two_clusters_there_is_a_figure_and_no_interval() -> None:
    for found in (finite(0.3, float("inf")), positive(0.3, float("inf"))):
        assert (found.value, found.low, found.high) == (0.3, None, None)
        assert (
            found.reason
            == "there are too few rows, or nearly all of them belong together: there is no interval"
        )
    assert positive(0.0, 0.0).value == 0.0
