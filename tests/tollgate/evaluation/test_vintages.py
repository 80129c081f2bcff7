from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from tests.tollgate.evaluation.examined import examine
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import EVENT
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.vintages import vintages
from tollgate.evaluation.written.vintages import Vintages


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("vintages") / "bundle")


def found_on(bundle: Bundle, days: list[str], **change: pa.Array) -> Vintages:
    issued = pa.array(np.array(days, dtype="datetime64[D]"), pa.date32())
    found = vintages(examine(bundle, holdout(len(days), issued=issued, **change)))
    assert isinstance(found, Vintages)
    return found


def test_rows_are_told_by_month_also_over_the_turn_of_a_year(bundle: Bundle) -> None:
    found = found_on(bundle, ["2023-12-31"] * 20 + ["2024-02-01"] * 30 + ["2023-12-01"] * 5)
    assert found.step == "month"
    assert [(one.name, one.rows) for one in found.vintages] == [("2023-12", 25), ("2024-02", 30)]


@pytest.mark.parametrize(
    ("last", "step", "names"),
    [
        ("2022-12-01", "month", ("2021-01", "2022-12")),
        ("2023-01-01", "quarter", ("2021 Q1", "2023 Q1")),
        ("2026-12-01", "quarter", ("2021 Q1", "2026 Q4")),
        ("2027-01-01", "year", ("2021", "2027")),
        ("2099-01-01", "year", ("2021", "2099")),
    ],
)
def test_a_long_holdout_is_told_by_quarter_or_year(
    bundle: Bundle, last: str, step: str, names: tuple[str, str]
) -> None:
    found = found_on(bundle, ["2021-01-15"] * 20 + [last] * 20)
    assert (found.step, tuple(one.name for one in found.vintages)) == (step, names)


def check_spans(
    bundle: Bundle, days: list[str], event: Floats, spans: list[tuple[str, str, int, int]]
) -> None:
    """Rows that are sorted by day make these spans, and the area of the first is that of its rows."""
    found = found_on(bundle, days, **{EVENT: pa.array(event)})
    assert [(span.since, span.until, span.rows, span.events) for span in found.spans] == spans
    margin = examine(bundle, holdout(len(days), **{EVENT: pa.array(event)})).scored.scores.margin
    first = slice(spans[0][2])
    assert found.spans[0].roc_auc.value == pytest.approx(roc_auc_score(event[first], margin[first]))


def test_neighbours_are_put_together_until_each_class_has_a_hundred(bundle: Bundle) -> None:
    months = ["2024-01-05"] * 160 + ["2024-02-05"] * 80 + ["2024-03-05"] * 220 + ["2024-04-05"] * 50
    spans = [("2024-01", "2024-02", 240, 120), ("2024-03", "2024-04", 270, 135)]
    check_spans(bundle, months, np.tile([1.0, 0.0], 255), spans)


def test_where_that_makes_one_the_two_halves_are_told_over_which_stability_asks(bundle: Bundle) -> None:
    months = ["2024-01-05"] * 120 + ["2024-02-05"] * 40 + ["2024-03-05"] * 140
    spans = [("2024-01", "2024-02", 160, 80), ("2024-03", "2024-03", 140, 70)]
    check_spans(bundle, months, np.tile([1.0, 0.0], 150), spans)


def test_a_small_holdout_is_one_span_without_an_area(bundle: Bundle) -> None:
    (span,) = found_on(bundle, ["2024-01-05"] * 50 + ["2024-03-05"] * 50).spans
    assert (span.since, span.until, span.rows) == ("2024-01", "2024-03", 100)
    assert span.roc_auc.reason == "fewer than 100 of a class"


def test_without_a_day_for_every_row_there_are_none(bundle: Bundle, tmp_path: Path) -> None:
    undated = bundle_of(tmp_path / "bundle", {k: v for k, v in COLUMNS.items() if k != "issued"})
    holed = holdout(3, issued=pa.array([19_001, None, 19_002], pa.int32()).cast(pa.date32()))
    for exam in (examine(undated, holdout(9)), examine(bundle, holed)):
        found = vintages(exam)
        assert isinstance(found, NotAssessed)
        assert not found.broken
